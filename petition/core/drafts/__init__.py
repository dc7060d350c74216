"""Drafts: what an organiser writes before it is published, and what is wrong with it."""
