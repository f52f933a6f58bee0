"""A small HTTP API: the alerts that stand, and a way to answer them, for pages and programs."""
