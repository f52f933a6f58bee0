"""The demo: a simulated ward or recorded stays through a real Kafka and workers, shown as they come out."""
