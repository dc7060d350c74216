"""Striking: what an office is asked to take out of what was handed over to it."""
