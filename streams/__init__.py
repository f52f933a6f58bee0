"""The engine: Faust on Kafka, each partition a fold whose outputs, checkpoint and offset are one transaction."""
