"""What becomes of a letter after it was confirmed: stopped, decided, asked about, scrubbed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, text, update

from petition.core.clock import hour_of
from petition.core.errors import DomainError
from petition.core.keyring.journal import Wish, note
from petition.core.keyring.sealing import SealBroken
from petition.core.log import log
from petition.core.storage.database import rows_of, session
from petition.holds.actions import close, overrule
from petition.letters.drafting import drafts
from petition.letters.letter.emails import letter_answered
from petition.letters.letter.links import LETTER_LINKS, waits_unmailed
from petition.letters.letter.models import (
    TO_ASK,
    Answer,
    Letter,
    LetterState,
    LikenessMark,
)
from petition.letters.letter.states import move
from petition.letters.letter.written import Written
from petition.links.letterhead import Letterhead
from petition.links.models import LinkPurpose
from petition.outbox.actions import forget, post
from petition.outbox.origins import LETTER, origin_of

ASK_AFTER = timedelta(days=14)
ASKED_AT_ONCE = 100
_letters = rows_of(Letter)
_may_leave_again = _letters.c.content.is_not(None) & (
    (_letters.c.state != LetterState.STOPPED) | _letters.c.changed_by.is_not(None)
)
"""What its writer stopped stays so."""


class TooLate(DomainError):
    """The letter is no longer where this could be done."""


class Decision(StrEnum):
    """What a moderator decides about a letter that waits for one."""

    ARRIVED = "arrived"
    SEND = "send"
    STOP = "stop"


def _move(
    letter: Letter,
    before: set[LetterState],
    after: LetterState,
    at: datetime,
    organiser_id: int | None,
    **more: object,
) -> None:
    which = _letters.c.id == letter.id
    if after == LetterState.QUEUED:
        which &= _may_leave_again
    moved = session.execute(move(which, before, after, at, organiser_id=organiser_id, **more))
    session.expire(letter)
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        raise TooLate


def stop(letter: Letter, at: datetime, *, organiser_id: int | None = None) -> None:
    """Keep a letter from leaving. Raises TooLate once it is on its way."""
    before = {LetterState.QUEUED, LetterState.UNKNOWN} if organiser_id else {LetterState.QUEUED}
    _move(letter, before, LetterState.STOPPED, at, organiser_id)
    if organiser_id is None:
        note(Wish.LETTER_STOPPED, letter.id, letter.supporter_tag, at)
    else:
        close(LETTER, letter.id, organiser_id, at, accepted=False)


def resume(letter: Letter, organiser_id: int, at: datetime) -> None:
    """Let a letter leave that an organiser stopped, or that failed.

    Raises TooLate where it was neither, or its words are scrubbed.
    """
    before = {LetterState.STOPPED, LetterState.FAILED}
    more = {"attempts": 0, "on_hold": False, "paced_in": None}
    _move(letter, before, LetterState.QUEUED, at, organiser_id, **more)
    overrule(LETTER, letter.id, organiser_id, at)


def settle(letter: Letter, arrived: bool, organiser_id: int, at: datetime) -> None:
    """Decide about a letter of which nobody knew: it arrived, or it is to be sent (again).

    Raises TooLate where somebody has decided already.
    """
    if arrived:
        _move(letter, {LetterState.UNKNOWN}, LetterState.SENT, at, organiser_id)
        return
    more = {"attempts": 0, "paced_in": None}
    _move(letter, {LetterState.UNKNOWN}, LetterState.QUEUED, at, organiser_id, **more)


def release_held(letter: Letter, organiser_id: int, at: datetime) -> None:
    """Let a letter go on that waited for a moderator, and note who let it.

    Raises TooLate where it does not wait any more.
    """
    released = session.execute(
        update(_letters)
        .where(
            _letters.c.id == letter.id,
            _letters.c.state == LetterState.QUEUED,
            _letters.c.on_hold,
        )
        .values(on_hold=False, changed_by=organiser_id)
    )
    _let_go(letter, released.rowcount, organiser_id, at)  # type: ignore[attr-defined]


def _let_go(letter: Letter, count: int, organiser_id: int, at: datetime) -> None:
    session.expire(letter)
    if count == 0:
        raise TooLate
    close(LETTER, letter.id, organiser_id, at, accepted=True)


def accept(letter: Letter, organiser_id: int, at: datetime) -> None:
    """Let the writer of a letter confirm it that looked like a program's, and note who let them.

    Nobody was mailed about it so far: `mail_at_last` does so then. Raises TooLate where it does not
    wait any more.
    """
    accepted = session.execute(
        update(_letters)
        .where(_letters.c.id == letter.id, waits_unmailed())
        .values(on_hold=False, changed_at=at, changed_by=organiser_id)
    )
    _let_go(letter, accepted.rowcount, organiser_id, at)  # type: ignore[attr-defined]


def decide(letter: Letter, decision: Decision, organiser_id: int, at: datetime) -> None:
    """Do what a moderator decides about a letter: unmailed, unknown, failed, on hold or stopped.

    Raises TooLate where it does not wait for this decision.
    """
    if letter.state == LetterState.AWAITING:
        if decision != Decision.SEND:
            raise TooLate
        accept(letter, organiser_id, at)
    elif decision == Decision.STOP:
        stop(letter, at, organiser_id=organiser_id)
    elif letter.state == LetterState.UNKNOWN:
        settle(letter, decision == Decision.ARRIVED, organiser_id, at)
    elif decision == Decision.ARRIVED:
        raise TooLate
    elif letter.state in {LetterState.FAILED, LetterState.STOPPED}:
        resume(letter, organiser_id, at)
    else:
        release_held(letter, organiser_id, at)


def scrub(letter: Letter, at: datetime) -> None:
    """Delete the words and the writer of a letter; the fact that it was sent stays.

    One that has still to leave is stopped. Raises TooLate for one that is being sent.
    """
    if letter.state == LetterState.QUEUED:
        stop(letter, at)
    if letter.state == LetterState.SENDING:
        raise TooLate
    letter.content, letter.content_key = None, None
    forget(origin_of(LETTER, letter.id))
    drafts.forget(letter.draft_hash)
    letter.draft_hash = None
    session.execute(delete(LikenessMark).where(LikenessMark.letter_id == letter.id))
    session.flush()
    note(Wish.LETTER_DELETED, letter.id, letter.supporter_tag, at)


def note_answer(letter: Letter, answer: Answer, at: datetime) -> None:
    """Note what the writer says about the office's answer; the last word counts."""
    letter.answer, letter.answered_at = answer, hour_of(at)


def ask_about_answers(letterhead: Callable[[str], Letterhead], at: datetime) -> int:
    """Mail the writers of letters that left 14 days ago, once each; return how many.

    `letterhead` gives that of a language.
    """
    letters = session.scalars(
        select(Letter)
        .where(text(TO_ASK), Letter.sent_at <= at - ASK_AFTER)
        .order_by(Letter.sent_at)
        .limit(ASKED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for letter in letters:
        letter.asked_at = hour_of(at)
        try:
            written = letter.opened()
        except SealBroken as fault:  # the others are asked all the same
            log.error("a letter does not open", exc_info=fault)
            continue
        if written is not None:
            _ask(letter, written, letterhead(letter.language), at)
    session.flush()
    return len(letters)


def _ask(letter: Letter, written: Written, head: Letterhead, at: datetime) -> None:
    token = LETTER_LINKS.issue(letter.id, LinkPurpose.MANAGE, at)
    message = letter_answered(
        to=written.writer.email,
        language=letter.language,
        office=letter.recipient.office_in(letter.language),
        site_name=head.site_name,
        manage_url=head.address(LETTER, LinkPurpose.MANAGE, token),
    )
    post(message, origin=origin_of(LETTER, letter.id), at=at)
