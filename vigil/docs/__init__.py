"""What the documentation takes from the code: written by `python -m vigil.docs`, compared by a test."""

from vigil.docs.pages import PAGES, write

__all__ = ["PAGES", "write"]
