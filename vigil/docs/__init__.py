"""What the documentation takes from the code: written by `python -m vigil.docs`, compared by a test."""
