"""Mailboxes that took part: known by keyed tags, never by the plain address."""
