"""How an export leaves: each format, and the encryption of any."""
