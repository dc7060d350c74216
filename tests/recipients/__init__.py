"""Offices and representatives."""
