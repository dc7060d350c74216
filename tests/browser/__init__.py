"""A few journeys in a real Chromium, one for each kind of person."""
