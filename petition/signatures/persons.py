"""What is sealed of a signer."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from petition.core.sealing import SealBroken, Sealed, seal, unseal


@dataclass(frozen=True, slots=True)
class Person:
    """What is sealed of a signer."""

    name: str
    email: str
    postcode: str | None = None
    reason: str | None = None

    def seal(self, supporter_tag: bytes) -> Sealed:
        """Encrypt, bound to the signature with this tag."""
        data = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return seal(data.encode(), person_context(supporter_tag))

    @classmethod
    def unseal(cls, sealed: Sealed, supporter_tag: bytes) -> Self:
        """Decrypt what `seal` made. Raises SealBroken."""
        opened = unseal(sealed, person_context(supporter_tag))
        try:
            return cls(**json.loads(opened))
        except (ValueError, TypeError):
            raise SealBroken("what is sealed is no person") from None


def first_name(name: str) -> str:
    """Return the first of several names; nothing of a name in one piece or in a list's order.

    The one may be a whole name, which many languages write without a space; the other begins with
    the family's, as in "Sample, Nadia".
    """
    first, *rest = name.split()
    return first if rest and not first.endswith(",") else ""


def person_context(supporter_tag: bytes) -> str:
    """Return the context to which a signer's data is bound."""
    return f"signature:{supporter_tag.hex()}"
