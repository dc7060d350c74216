"""What keeps personal data shut: keys, sealing, and the journal of erasures."""
