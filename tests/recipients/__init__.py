"""Offices that can act."""
