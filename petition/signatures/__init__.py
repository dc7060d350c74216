"""Signatures: signing, confirming, managing, counting."""
