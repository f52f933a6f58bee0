"""Whatever follows the topics of outputs for people: views and deliveries."""
