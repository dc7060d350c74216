"""Petitions and their text versions."""
