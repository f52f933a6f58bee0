"""Recordings played as if they happened now: one reader a data set."""
