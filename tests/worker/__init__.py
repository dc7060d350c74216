"""The door at which nobody stands."""
