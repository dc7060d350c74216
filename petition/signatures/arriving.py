"""What forms about signatures bring in, on its way to the worker."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from petition.arrivals.actions import append
from petition.arrivals.budgets import as_text, from_text
from petition.holds.models import HoldCause
from petition.signatures.actions import tag_for
from petition.signatures.signers import Signing

SIGNATURE = "signature"
LINK_REQUEST = "link_request"


@dataclass(frozen=True, slots=True)
class ArrivedSignature:
    """What a supporter sent from the petition's page."""

    given: Signing
    network: bytes | None
    """The code by which the network is counted that it came from, where that can be told."""
    hold: HoldCause | None = None
    """What the form itself tells of a program."""
    source: str | None = None
    """What the address named by which they came."""

    def append(self, petition_id: int, *, alone: bool = False) -> None:
        """Keep it for the worker."""
        fields = [self.given.as_fields(), as_text(self.network), self.hold]
        if self.source:  # or an older program could not read it
            fields.append(self.source)
        content = json.dumps(fields, ensure_ascii=False)
        tag = tag_for(petition_id, self.given.signer.email)
        append(SIGNATURE, content.encode(), self.given.at, about=tag, alone=alone)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `append` has kept."""
        given, network, hold, *source = json.loads(data)  # where the address named one
        cause = HoldCause(hold) if hold else None
        return cls(Signing.from_fields(given), from_text(network), cause, *source)


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """Somebody asks for a new link to manage the signature of a mailbox."""

    text_id: int
    """A text of the petition, in the language of the page."""
    language: str
    email: str
    network: bytes | None

    def append(self, at: datetime, *, alone: bool = False) -> None:
        """Keep it for the worker."""
        content = json.dumps([self.text_id, self.language, self.email, as_text(self.network)])
        append(LINK_REQUEST, content.encode(), at, alone=alone)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `append` has kept."""
        text_id, language, email, network = json.loads(data)
        return cls(text_id, language, email, from_text(network))
