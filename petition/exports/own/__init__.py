"""Presets that organisers have made for their team: what is kept of them."""
