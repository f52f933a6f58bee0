"""The command line, the embedded broker, and the composition of all rooms."""
