"""Answering alerts: which of them stand, what people answer, and what becomes of it; for a command and a page alike."""
