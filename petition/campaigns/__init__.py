"""Campaigns: an effort with a beginning and an end."""
