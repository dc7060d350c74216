"""Tests of letters: how they are loaded, put together, sent, and what becomes of them."""
