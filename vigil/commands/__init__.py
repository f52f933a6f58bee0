"""One file a command: each defines `command`, and `vigil --help` shows the first line of its docstring."""
