"""The full job, with every guarantee on: how fast it is, how late an alert comes, what a patient costs."""
