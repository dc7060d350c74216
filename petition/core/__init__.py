"""What every part stands on: database, clock, keys, sealing, tokens, languages."""
