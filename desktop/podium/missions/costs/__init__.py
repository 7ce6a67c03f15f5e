"""What a mission costs and may cost."""
