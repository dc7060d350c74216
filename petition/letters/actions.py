"""Verbs of letters. None of them commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from petition.arrivals import actions as arrivals
from petition.core.clock import hour_of
from petition.core.errors import LinkUsed
from petition.core.keyring.journal import Wish, note
from petition.core.keyring.sealing import seal
from petition.core.storage.database import insert_into, rows_of, session
from petition.core.storage.together import write
from petition.holds import actions as holds
from petition.holds.models import OF_A_PROGRAM, HoldCause
from petition.letters.bursts import is_one_of_a_burst
from petition.letters.campaigns.queries import office_named
from petition.letters.drafting import drafts
from petition.letters.drafting.composing import Template, given_words
from petition.letters.drafting.own_words import likeness_marks, own_share, own_shingles
from petition.letters.letter.links import LETTER_LINKS
from petition.letters.letter.mailing import mail_confirmation, mail_written
from petition.letters.letter.models import Letter, LetterState, LikenessMark, letter_context
from petition.letters.letter.states import move
from petition.letters.letter.written import Written
from petition.links.letterhead import Addressee, Letterhead
from petition.links.models import CONFIRMATION_MAILS, LinkPurpose, MailedLink
from petition.outbox.actions import NO_WAIT, drop_mails
from petition.outbox.origins import LETTER, origin_of
from petition.recipients.models import Recipient
from petition.supporters.addresses import supporter_tag

UNCONFIRMED_AT_MOST = 5
"""How many letters of one mailbox wait for confirmation at once, whatever the offices."""
READ_BEFORE = (
    *("id", "state", "recipient_id", "mail_number", "unmailed"),
    *("message_id", "content", "content_key"),
)
"""What is read of the letters that a mailbox has written before."""
_letters = rows_of(Letter)
_links = rows_of(MailedLink)
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class FinishedLetter:
    """A finished letter and what it was made from."""

    letter_campaign_id: int
    text_id: int
    recipient: Recipient
    template: Template
    written: Written
    language: str
    """The language of the pages, in which its writer is written to."""
    draft_hash: bytes | None = None
    """The digest of the link to its draft."""


def tag_for(letter_campaign_id: int, email: str) -> bytes:
    """Return the tag by which this letter campaign, and no other, knows the mailbox."""
    return supporter_tag(f"letter-campaign:{letter_campaign_id}", email)


def hand_in(
    letter: FinishedLetter,
    letterhead: Letterhead,
    at: datetime,
    *,
    hold: HoldCause | None = None,
    wait: timedelta = NO_WAIT,
) -> bool:
    """Take a letter that waits for its writer's confirmation, and mail the link after a `wait`.

    Return whether a mail that asks to confirm will leave. One that looks like a program's makes us
    mail nobody: it waits for a moderator, and once one has accepted it, `mail_at_last` mails the
    link. One on `hold` for another cause waits later, between its confirmation and the office.

    A mailbox that has written to this office already gets the link to that letter at once, or
    nothing more.
    """
    tag = tag_for(letter.letter_campaign_id, letter.written.writer.email)
    is_suspect = hold in OF_A_PROGRAM
    before = _written_before(letter.letter_campaign_id, tag)
    here = [one for one in before if one.recipient_id == letter.recipient.id]
    confirmed = [one for one in here if one.state != LetterState.AWAITING]
    office = office_named(letter.text_id, letter.recipient)
    if confirmed and not is_suspect:
        mail_written(confirmed[0], office, letter.language, letterhead, at)
    numbers = set(range(1, CONFIRMATION_MAILS + 1)) - {one.mail_number for one in here}
    if confirmed or not numbers or _is_shut(before, here, is_suspect=is_suspect):
        return False
    row, marks = _as_row(letter, tag, at)
    row |= {"mail_number": min(numbers), "on_hold": hold is not None, "unmailed": is_suspect}
    letter_id = _insert(row, marks, hold)
    if letter_id is None or is_suspect:
        return False
    to = Addressee(letter.written.writer.email, letter.language)
    mail_confirmation(letter_id, to, office, letterhead, at, wait=wait)
    return True


def _is_shut(before: Rows, here: Rows, *, is_suspect: bool) -> bool:
    """Whether so many letters of a mailbox wait that no further one is taken.

    What a program left in somebody's name does not keep them from writing.
    """
    waiting = [one for one in before if one.state == LetterState.AWAITING]
    count = len(waiting) if is_suspect else sum(not one.unmailed for one in waiting)
    is_left_already = is_suspect and any(one.unmailed for one in here)
    return count >= UNCONFIRMED_AT_MOST or is_left_already


def _written_before(letter_campaign_id: int, tag: bytes) -> Rows:
    """Return what this mailbox has written so far, the oldest first, locked."""
    columns = [_letters.c[name] for name in READ_BEFORE]
    return session.execute(
        select(*columns)
        .where(_letters.c.letter_campaign_id == letter_campaign_id, _letters.c.supporter_tag == tag)
        .order_by(_letters.c.id)
        .with_for_update()
    ).all()


def _as_row(letter: FinishedLetter, tag: bytes, at: datetime) -> tuple[dict[str, Any], list[bytes]]:
    """Return the columns of a new letter, sealed, and the marks of its likeness."""
    message_id = secrets.token_hex(16)
    sealed = seal(letter.written.to_bytes(), letter_context(message_id))
    given = given_words(letter.template, letter.written.writer)
    own = own_shingles(letter.written.body, given)
    row = {
        "letter_campaign_id": letter.letter_campaign_id,
        "text_id": letter.text_id,
        "recipient_id": letter.recipient.id,
        "supporter_tag": tag,
        "state": LetterState.AWAITING,
        "message_id": message_id,
        "content": sealed.box,
        "content_key": sealed.key_id,
        "country": letter.written.writer.country,
        "language": letter.language,
        "own_share": own_share(letter.written.body, given),
        "draft_hash": letter.draft_hash,
        "created_at": hour_of(at),
        "changed_at": hour_of(at),
        "due_at": hour_of(at),
        "attempts": 0,
    }
    return row, likeness_marks(own, letter.letter_campaign_id)


def _insert(row: dict[str, Any], marks: list[bytes], hold: HoldCause | None) -> int | None:
    """Store a letter. Of two at once, one is told to look in the inbox, and so is the other."""
    statement = insert_into(Letter).on_conflict_do_nothing().returning(Letter.id)
    letter_id = session.execute(statement, row).scalar()
    rows = [
        {"letter_id": letter_id, "mark": mark, "letter_campaign_id": row["letter_campaign_id"]}
        for mark in marks
    ]
    if letter_id is not None and rows:
        session.execute(insert_into(LikenessMark).on_conflict_do_nothing(), rows)
    if letter_id is not None and hold is not None:
        holds.hold(LETTER, [letter_id], hold, row["created_at"])
    return letter_id


def confirm(token: str, at: datetime) -> str:
    """Let the letter of this link leave; return the token of a link to it.

    Its writer's other unconfirmed letters to the same office go, and their links with them.
    Whoever presses again some minutes later is led to the same. Raises LinkUnknown, LinkUsed or
    LinkExpired.
    """
    try:
        letter, same = _locked(token, at)
    except LinkUsed:
        return LETTER_LINKS.issue_again(LETTER_LINKS.just_used(token, at).thing.id, at)
    held = letter.on_hold
    if not held and is_one_of_a_burst(letter, at):
        held = True
        holds.hold(LETTER, [letter.id], HoldCause.ALIKE, at)
    try:
        more: dict[str, Any] = {"confirmed_at": hour_of(at), "on_hold": held, "draft_hash": None}
        this, awaiting = _letters.c.id == letter.id, {LetterState.AWAITING}
        session.execute(move(this, awaiting, LetterState.QUEUED, at, **more))
    except IntegrityError:  # another of theirs to this office was confirmed before
        raise LinkUsed(LETTER, LinkPurpose.CONFIRM) from None
    drafts.drop(letter.draft_hash)
    _lead_links_of_others(letter.id, same)
    erase_unconfirmed(same)
    session.expire(letter)
    secret, issued = LETTER_LINKS.issuing(letter.id, LinkPurpose.MANAGE, at)
    write(LETTER_LINKS.using(letter.id, token, at), issued)
    return secret


def _locked(token: str, at: datetime) -> tuple[Letter, ColumnElement[bool]]:
    """Lock the letter of a link with its writer's others to the same office; return which."""
    letter = LETTER_LINKS.open(token, LinkPurpose.CONFIRM, at)
    same = (
        (_letters.c.letter_campaign_id == letter.letter_campaign_id)
        & (_letters.c.recipient_id == letter.recipient_id)
        & (_letters.c.supporter_tag == letter.supporter_tag)
    )
    session.execute(select(_letters.c.id).where(same).order_by(_letters.c.id).with_for_update())
    return LETTER_LINKS.open(token, LinkPurpose.CONFIRM, at, to_change=True), same  # as it is now


def _lead_links_of_others(letter_id: int, same: ColumnElement[bool]) -> None:
    """Let the links of letters that go now lead to this one, and be used up with its own."""
    others = select(_letters.c.id).where(same, _letters.c.state == LetterState.AWAITING)
    session.execute(
        update(_links).where(_links.c.letter_id.in_(others)).values(letter_id=letter_id)
    )


def erase_unconfirmed(which: ColumnElement[bool]) -> int:
    """Erase letters that were not confirmed, and the mails that ask for it; return how many."""
    awaiting = _letters.c.state == LetterState.AWAITING
    gone = session.scalars(delete(_letters).where(awaiting, which).returning(_letters.c.id)).all()
    drop_mails(*(origin_of(LETTER, letter_id) for letter_id in gone))
    return len(gone)


def decline(token: str, at: datetime) -> None:
    """Erase a letter that somebody handed in under an address that is not theirs.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    letter = LETTER_LINKS.open(token, LinkPurpose.CONFIRM, at, to_change=True)
    if letter.draft_hash is not None:
        arrivals.take_back(letter.draft_hash)
    drafts.drop(letter.draft_hash)
    erase_unconfirmed(_letters.c.id == letter.id)
    note(Wish.LETTER_DECLINED, letter.id, letter.supporter_tag, at)
