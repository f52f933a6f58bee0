"""What can be wrong with a patient or a device, one detector a file; each looks and says, and changes no alert."""
