"""The demo: the shipped stays played through a real Kafka and workers, and shown as they come out."""
