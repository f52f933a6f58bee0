"""The ward page: a server that follows Vigil's topics and shows them live, and the page that a browser loads from it.

It assists clinicians and never replaces them.
"""
