"""What is selected, and its text."""
