"""Petitions, their texts and how they are loaded."""
