"""What any door needs that takes a form: fields, and what keeps programs out."""
