"""What a supporter gives in the form, and the form in which a link carries it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from petition.core.clock import hour_of
from petition.signatures.models import Visibility
from petition.signatures.persons import Person


@dataclass(frozen=True, slots=True)
class Signer:
    """What a supporter gave in the form."""

    name: str
    email: str
    country: str
    language: str
    visibility: Visibility
    mail_allowed: bool
    postcode: str | None = None
    reason: str | None = None

    def as_row(
        self, tag: bytes, text_id: int, at: datetime, *, confirmed_at: datetime | None = None
    ) -> dict[str, Any]:
        """Return the columns of a signature that say what its owner said, the person sealed.

        Outside the seal they say in which hour; the moment stands inside.
        """
        who = (self.name, self.email, self.postcode, self.reason)
        sealed = Person(*who, at, confirmed_at, mail_answered_at=at).seal(tag)
        return {
            "text_id": text_id,
            "person": sealed.box,
            "person_key": sealed.key_id,
            "country": self.country,
            "language": self.language,
            "visibility": self.visibility,
            "mail_allowed": self.mail_allowed,
            "mail_answered_at": hour_of(at),
            "signed_at": hour_of(at),
            "has_reason": self.reason is not None,
            "reason_shown": False,  # nobody has read these words yet
        }


@dataclass(frozen=True, slots=True)
class Signing:
    """One act of signing: what a signer said, under which text and when, until its confirmation."""

    signer: Signer
    text_id: int
    at: datetime

    def to_bytes(self) -> bytes:
        """Return it in the form in which a link carries it."""
        return json.dumps(self.as_fields(), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` made."""
        return cls.from_fields(json.loads(data))

    def as_fields(self) -> list[Any]:
        """Return it in values that JSON knows."""
        signer = {name: getattr(self.signer, name) for name in Signer.__slots__}
        return [signer, self.text_id, self.at.isoformat()]

    @classmethod
    def from_fields(cls, values: list[Any]) -> Self:
        """Read what `as_fields` made."""
        fields, text_id, at = values
        fields["visibility"] = Visibility(fields["visibility"])
        return cls(Signer(**fields), text_id, datetime.fromisoformat(at))

    def as_row(self, tag: bytes, *, confirmed_at: datetime | None = None) -> dict[str, Any]:
        """Return the columns of a signature that say the same."""
        return self.signer.as_row(tag, self.text_id, self.at, confirmed_at=confirmed_at)
