"""From what detectors see to alerts that people can live with: lifecycle and episodes."""
