"""What sanctions have left undone."""
