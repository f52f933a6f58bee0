"""What the commands about alerts share: reading what stands, showing it, and giving one answer."""
