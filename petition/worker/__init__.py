"""The door at which nobody stands: mail, letters, bounces, counts and chores, in loops."""
