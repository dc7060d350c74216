"""What any door needs that takes a form."""
