"""The domain of Vigil, pure: what enters, what leaves, and the fold between them."""
