"""The door for organisers."""
