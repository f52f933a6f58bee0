"""What each detector adds, and what it costs."""
