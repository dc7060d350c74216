"""Keys, sealing, tokens, the log."""
