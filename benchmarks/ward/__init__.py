"""The ward page in a real browser: how late it shows a reading, how soon it is of use, what it takes to keep open."""
