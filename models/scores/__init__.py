"""Early-warning scores as intervals, one file each."""
