"""The door for those who develop or try the software."""
