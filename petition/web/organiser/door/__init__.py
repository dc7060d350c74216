"""The ground of this door: who is here, what they may open, what is noted of it."""
