"""What policies would have done: a recorded log folded once for each, side by side, and the report of it."""
