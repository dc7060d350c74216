"""Backups, restores, and what is left of erased people."""
