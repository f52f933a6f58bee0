"""What the evaluations of `vigil evaluate` share: labelled records through the fold, and the report as a page."""
