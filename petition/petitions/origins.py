"""Origins: whose pages may show a petition's form in a frame."""

import re

from petition.core.errors import DomainError

_host = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_origin = re.compile(rf"(https://{_host}|http://(localhost|127\.0\.0\.1))(:[0-9]{{1,5}})?")


class OriginRefused(DomainError):
    """A text is not one origin, or not one that keeps a signer's answers from others' eyes."""


def read_origin(text: str) -> str:
    """Return the origin as browsers write it. Raises OriginRefused.

    Only HTTPS will do, this machine itself apart, which tries things out. What passes can stand in
    a header as it is.
    """
    origin = text.strip().lower()
    if not _origin.fullmatch(origin):
        raise OriginRefused(f"“{text}” is not an origin like https://partner.example.org.")
    return origin
