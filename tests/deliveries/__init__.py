"""Packs, and how others check them."""
