"""Petitions and their signatures: reading, deciding, exporting."""
