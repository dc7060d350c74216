"""Letters: prefilled, made the supporter's own, and sent to the office that can act."""
