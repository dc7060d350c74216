"""Who did or looked at what, and when; never whom they looked for. Kept for the install's life."""
