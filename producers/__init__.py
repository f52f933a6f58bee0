"""What writes to the log `patient-events`: recordings, gateways, simulators and the one feed that they share."""
