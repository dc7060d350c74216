"""Signing, confirming, counting, leaving."""
