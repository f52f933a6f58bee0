"""The ward as the page is told it: who is watched, what is open, who was called."""

from consumers.ward.book.book import Book

__all__ = ["Book"]
