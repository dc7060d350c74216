"""How the outbox names a signature as the cause of a mail."""

_ORIGIN = "signature:"


def origin_of(signature_id: int) -> str:
    """Return how the outbox names a signature as the cause of a mail."""
    return f"{_ORIGIN}{signature_id}"


def signature_id_of(origin: str | None) -> int | None:
    """Return the number of the signature that caused a mail; None where something else did."""
    if origin is None or not origin.startswith(_ORIGIN):
        return None
    return int(origin.removeprefix(_ORIGIN))
