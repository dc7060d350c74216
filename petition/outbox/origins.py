"""How the outbox names what caused a mail, such as "signature:12"."""

SIGNATURE = "signature"
LETTER = "letter"
KINDS = (SIGNATURE, LETTER)


def origin_of(kind: str, number: int) -> str:
    """Return how the outbox names a thing of this kind as the cause of a mail."""
    return f"{kind}:{number}"


def number_in(origin: str | None, kind: str) -> int | None:
    """Return the number of the thing that caused a mail; None where it is of another kind."""
    named, _, number = (origin or "").partition(":")
    return int(number) if named == kind else None
