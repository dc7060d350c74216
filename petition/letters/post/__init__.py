"""Letters on their way to the mail server: claimed, sent, and what became of them."""
