"""A letter on paper, to be signed in ink."""
