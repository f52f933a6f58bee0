"""A simulated ward: people with plausible vital signs, their devices, and scenarios with a known ending."""
