"""Deliveries: signatures handed to a recipient, from the plan to the answer."""
