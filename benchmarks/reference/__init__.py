"""One small job that every engine can run, and Vigil's engine running it."""
