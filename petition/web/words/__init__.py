"""The names of things, in the language of whoever reads."""
