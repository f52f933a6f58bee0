"""What `vigil simulate` does: a simulated ward to Kafka, to a file, or through the fold in memory."""
