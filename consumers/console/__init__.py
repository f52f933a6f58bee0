"""How the board looks in a terminal: everything is said in words and shapes, nothing in colour alone."""
