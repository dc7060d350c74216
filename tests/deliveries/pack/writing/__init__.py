"""Signatures handed over, in packs that others can check."""
