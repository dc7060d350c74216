"""The door for everyone."""
