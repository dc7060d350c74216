"""What is sealed of a signer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

import orjson

from petition.core.keyring.sealing import SealBroken, Sealed, seal, unseal, unseal_each

MOMENTS = {"signed_at", "confirmed_at", "mail_answered_at"}


@dataclass(frozen=True, slots=True)
class Person:
    """What is sealed of a signer."""

    name: str
    email: str
    postcode: str | None = None
    reason: str | None = None
    signed_at: datetime | None = None
    """When exactly: the row outside the seal says the hour. None where that says it still."""
    confirmed_at: datetime | None = None
    mail_answered_at: datetime | None = None

    def seal(self, supporter_tag: bytes) -> Sealed:
        """Encrypt, bound to the signature with this tag."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        given = {name: value for name, value in fields.items() if value is not None}
        given |= {name: given[name].astimezone(UTC) for name in MOMENTS & given.keys()}
        return seal(orjson.dumps(given), person_context(supporter_tag))

    @classmethod
    def unseal(cls, sealed: Sealed, supporter_tag: bytes) -> Self:
        """Decrypt what `seal` made. Raises SealBroken."""
        try:
            return cls(**_with_moments(_fields(unseal(sealed, person_context(supporter_tag)))))
        except (ValueError, TypeError):
            raise SealBroken("what is sealed is no person") from None


def opened_each(boxes: Iterable[tuple[str, bytes, bytes]]) -> Iterator[dict[str, Any]]:
    """Decrypt what `Person.seal` made: of each signature the key's id, the box and its tag.

    Yields the fields that were given, moments in ISO 8601; none at all for what does not open.
    """
    for opened in unseal_each((key, box, person_context(tag)) for key, box, tag in boxes):
        try:
            yield _fields(opened or b"")
        except ValueError:
            yield {}


def _fields(opened: bytes) -> dict[str, Any]:
    fields = orjson.loads(opened)
    if not isinstance(fields, dict) or "name" not in fields or "email" not in fields:
        raise ValueError("what is sealed is no person")
    return fields


def _with_moments(fields: dict[str, Any]) -> dict[str, Any]:
    for name in MOMENTS & fields.keys():
        fields[name] = fields[name] and datetime.fromisoformat(fields[name])
    return fields


def sealed_anew(box: Sealed, supporter_tag: bytes, **moments: Any) -> Sealed:
    """Return the box with these moments in it too; as it is where it does not open."""
    try:
        person = Person.unseal(box, supporter_tag)
    except SealBroken:
        return box
    return replace(person, **moments).seal(supporter_tag)


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
