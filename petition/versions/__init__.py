"""What people take part in by a version of it: a petition, a letter."""
