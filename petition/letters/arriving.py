"""A letter that its writer has handed in, on its way to the worker."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from petition.arrivals.actions import append
from petition.arrivals.budgets import as_text, from_text
from petition.core.storage.database import session
from petition.letters.actions import FinishedLetter
from petition.letters.campaigns.queries import text_with_its_campaign
from petition.letters.drafting.composing import template_for
from petition.letters.letter.written import Written
from petition.recipients.models import Recipient

LETTER = "letter"


@dataclass(frozen=True, slots=True)
class ArrivedLetter:
    """A finished letter, by the numbers of what it was made from."""

    text_id: int
    recipient_id: int
    written: Written
    language: str
    """The language of the pages, in which its writer is written to."""
    is_suspect: bool
    """Whether it looks like a program's."""
    network: bytes | None
    """The code by which the network is counted that it came from, where that can be told."""

    def append(self, at: datetime, *, draft_hash: bytes) -> None:
        """Keep it for the worker; it belongs to the draft whose link has this digest."""
        made_from = [self.text_id, self.recipient_id, self.language, self.is_suspect]
        fields = [*made_from, as_text(self.network), self.written.to_bytes().decode()]
        content = json.dumps(fields, ensure_ascii=False)
        append(LETTER, content.encode(), at, about=draft_hash, aim=self.recipient_id)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `append` has kept."""
        text_id, recipient_id, language, is_suspect, network, written = json.loads(data)
        letter = Written.from_bytes(written.encode())
        return cls(text_id, recipient_id, letter, language, is_suspect, from_text(network))

    def finished(self, draft_hash: bytes | None) -> FinishedLetter:
        """Return the letter with what it was made from."""
        text = text_with_its_campaign(self.text_id)
        recipient = session.get_one(Recipient, self.recipient_id)
        assert recipient.mailroom is not None  # an office keeps what people have written to
        return FinishedLetter(
            letter_campaign_id=text.letter_campaign_id,
            text_id=text.id,
            recipient=recipient,
            template=template_for(text, recipient.mailroom),
            written=self.written,
            language=self.language,
            draft_hash=draft_hash,
        )
