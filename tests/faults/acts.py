"""What people do at the pages, each as a case that may fail: what they are told, what is so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.actions import tag_for as letter_tag
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, LetterDraft, LetterState
from petition.letters.letter.written import Draft, Sentence, Writer
from petition.links.models import MailedLink
from petition.outbox.models import OutboxMail
from petition.outbox.origins import LETTER, SIGNATURE, origin_of
from petition.petitions.asks import Ask
from petition.signatures.actions import tag_for
from petition.signatures.models import Removal, Signature, SignatureState
from petition.web.forms import form_token
from tests import factories
from tests.faults.looking import arrivals_waiting
from tests.grounds.arriving import take_in_arrivals
from tests.grounds.client import ORIGIN
from tests.letters import posting
from tests.web.public.people import given, links_to, page_of

MOST_MAILS = 2
USED = "has done its work"
DENIED = "Nothing was saved"


@dataclass(frozen=True, slots=True)
class Told:
    """What came back to whoever asked; nothing where the process had gone."""

    status: int = 0
    words: str = ""

    @property
    def says_yes(self) -> bool:
        """Whether it says that it was done, now or before."""
        return 200 <= self.status < 300 or (self.status == 410 and USED in self.words)

    @property
    def says_no(self) -> bool:
        """Whether it says that nothing was done."""
        return DENIED in self.words


class Case(Protocol):
    """Somebody who is about to do something."""

    def attempt(self) -> Told:
        """Do it, and hear what came of it. It may be done again."""

    def is_done(self) -> bool:
        """Whether the database has it."""

    def problems(self) -> Iterator[str]:
        """Yield what is lost, doubled or untrue once it was done to the end."""


@dataclass
class Door:
    """The pages of an install, and the petition that people come for."""

    app: Flask
    ask: Ask

    def post(self, path: str, **form: str) -> Told:
        """Press a button, and go where that leads."""
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        answer = client.post(path, data=form, headers=headers, follow_redirects=True)
        return Told(answer.status_code, answer.text)

    def let_take_in(self) -> None:
        """Let a worker take in what has arrived."""
        take_in_arrivals(self.app.config["PETITION"])

    def opens(self, path: str) -> bool:
        """Whether a link opens its page."""
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        return client.get(path).status_code == 200


class OfASignature:
    """Somebody who signs, and the row of their signature."""

    def __init__(self, door: Door) -> None:
        self.door, self.email = door, factories.address()
        self.tag = tag_for(door.ask.petition_id, self.email)

    def row(self) -> Signature | None:
        """Return the signature as it is now; no more than one can be there."""
        session.remove()
        found = session.scalar(select(Signature).where(Signature.supporter_tag == self.tag))
        session.commit()
        return found

    def state(self) -> SignatureState | None:
        """Return where the signature stands."""
        found = self.row()
        return found.state if found is not None else None

    def removals(self, number: int) -> int:
        """Return how often it was noted that the signature left."""
        noted = select(func.count()).where(Removal.signature_id == number)
        return session.scalar(noted) or 0

    def number(self) -> int:
        """Return the number of the signature, while there is one."""
        found = self.row()
        assert found is not None
        return found.id


class Sign(OfASignature):
    def __init__(self, door: Door) -> None:
        super().__init__(door)
        with time_machine.travel(now() - timedelta(seconds=30)):
            self.token = form_token.issue(door.ask.petition_id, door.ask.text_id)

    def attempt(self) -> Told:
        typed = given(email=self.email, token=self.token)
        return self.door.post(page_of(self.door.ask.slug), **typed)

    def is_done(self) -> bool:
        return self.row() is not None or arrivals_waiting() > 0

    def problems(self) -> Iterator[str]:
        self.door.let_take_in()
        links = links_to(self.email)
        if self.state() != SignatureState.PENDING:
            yield "lost: it says that somebody signed, and there is no signature"
        if not links or not self.door.opens(links[-1]):
            yield "lost: no mail with a link that opens"
        if len(links) > MOST_MAILS:
            yield "doubled: more mails than two"


class Confirm(OfASignature):
    def __init__(self, door: Door) -> None:
        super().__init__(door)
        letters = factories.sign(door.ask, factories.signer(self.email))
        self.path = f"/en/confirm/{letters.confirm_tokens[-1]}"

    def attempt(self) -> Told:
        return self.door.post(self.path)

    def is_done(self) -> bool:
        return self.state() == SignatureState.CONFIRMED

    def problems(self) -> Iterator[str]:
        if not self.is_done():
            yield "lost: a signature that was confirmed"


class OfAConfirmed(OfASignature):
    """Somebody who has signed, with the link to their signature."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        letters = factories.sign(door.ask, factories.signer(self.email, reason="For my sister."))
        self.path = f"/en/manage/{factories.confirm(letters)}"
        self.signature = self.number()


class Withdraw(OfAConfirmed):
    def attempt(self) -> Told:
        return self.door.post(f"{self.path}/withdraw")

    def is_done(self) -> bool:
        return self.state() == SignatureState.WITHDRAWN

    def problems(self) -> Iterator[str]:
        if not self.is_done():
            yield "lost: a signature that was withdrawn still stands"
        if self.removals(self.signature) != 1:
            yield "doubled: it left the count more than once, or never"


class Erase(OfAConfirmed):
    def attempt(self) -> Told:
        told = self.door.post(f"{self.path}/erase", sure="y")
        is_gone = told.status == 404 and "withdrawn or erased" in told.words
        return Told(200) if is_gone else told

    def is_done(self) -> bool:
        return self.row() is None

    def problems(self) -> Iterator[str]:
        links = select(func.count()).where(MailedLink.signature_id == self.signature)
        if not self.is_done() or session.scalar(links):
            yield "lost: what was erased is still there"
        if _mails(origin_of(SIGNATURE, self.signature)):
            yield "lost: the mails of what was erased are still there"
        if self.removals(self.signature) != 1:
            yield "doubled: it left the count more than once, or never"


class OfALetter:
    """Somebody who writes to an office, and the rows of their letters."""

    def __init__(self, door: Door) -> None:
        self.door, self.email = door, factories.address()
        campaign = posting.letter_campaign()
        self.tag = letter_tag(campaign.id, self.email)
        session.commit()

    def letters(self) -> list[Letter]:
        """Return this writer's letters as they are now."""
        session.remove()
        return posting.all_letters(Letter.supporter_tag == self.tag)


class HandIn(OfALetter):
    def __init__(self, door: Door) -> None:
        super().__init__(door)
        text, office = posting.text_of(), posting.office()
        writer = Writer("Nadia Sample", self.email, "GB")
        draft = Draft(writer, recipient_id=office.id, sentences=(Sentence(0, "I met one."),))
        with transaction():
            token = drafts.begin(text.id, draft, now())
        self.path = f"/en/letters/draft/{token}/send"

    def attempt(self) -> Told:
        return self.door.post(self.path)

    def is_done(self) -> bool:
        return self.letters() != [] or arrivals_waiting() > 0

    def problems(self) -> Iterator[str]:
        self.door.let_take_in()
        letters = self.letters()
        if not letters or {one.state for one in letters} != {LetterState.AWAITING}:
            yield "lost: a letter that was handed in"
        if len(letters) > MOST_MAILS:
            yield "doubled: more letters than two wait for one confirmation"
        if any(_mails(origin_of(LETTER, one.id)) != 1 for one in letters):
            yield "lost: a letter whose writer is not asked to confirm it"


class ConfirmLetter(OfALetter):
    def __init__(self, door: Door) -> None:
        super().__init__(door)
        token = posting.hand_in(posting.finished(self.email, own="I met one."), now())
        self.path = f"/en/letters/confirm/{token}"

    def attempt(self) -> Told:
        return self.door.post(self.path)

    def is_done(self) -> bool:
        return [one.state for one in self.letters()] == [LetterState.QUEUED]

    def problems(self) -> Iterator[str]:
        if not self.is_done():
            yield "lost: a letter that was confirmed"
        kept = [one.draft_hash for one in self.letters() if one.draft_hash]
        if kept and session.scalar(select(func.count()).where(LetterDraft.token_hash.in_(kept))):
            yield "lost: the draft of a confirmed letter is still there"


def _mails(origin: str) -> int:
    found = session.scalar(select(func.count()).where(OutboxMail.origin == origin)) or 0
    session.commit()
    return found


BY_PEOPLE = (Sign, Confirm, Withdraw, Erase, HandIn, ConfirmLetter)
