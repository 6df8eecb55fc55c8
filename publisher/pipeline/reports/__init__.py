"""What is wrong, where things stand, and what became of editions and readers."""
