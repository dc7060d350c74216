"""Letters that wait for a person: like a program's, on hold, unknown, or refused.

Beside them, for whoever asks, those that an organiser stopped and that can still leave.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import joinedload

from petition.core.keyring.sealing import if_whole
from petition.core.storage.database import session
from petition.core.storage.paging import PAGE_ROWS, Cursor, Page, PageRequest, page_of
from petition.holds.models import OF_A_PROGRAM, Hold, HoldCause
from petition.letters.campaigns.models import LetterRecipient, LetterText
from petition.letters.campaigns.queries import names_it
from petition.letters.decisions import TooLate
from petition.letters.desk.models import Figure
from petition.letters.desk.numbers import WAITING, Numbers
from petition.letters.letter.models import Letter, LetterState, LetterTransition
from petition.letters.letter.written import Written
from petition.letters.post.sending import UNWRITABLE
from petition.versions.models import Office


class Wait(StrEnum):
    """Why a letter waits for a person, or could leave after all."""

    UNMAILED = "unmailed"
    """It looks like a program's, and nobody is mailed about it before a moderator accepts it."""
    ON_HOLD = "on_hold"
    UNKNOWN = "unknown"
    FAILED = "failed"
    STOPPED = "stopped"
    """By an organiser, and it has its words: it waits for nobody, and can leave after all."""


FOR_A_PERSON = tuple(map(Wait, WAITING))
TO_READ = {Wait.UNMAILED, Wait.ON_HOLD}
"""What a moderator reads before deciding."""
_of_state = {LetterState.AWAITING: Wait.UNMAILED, LetterState.QUEUED: Wait.ON_HOLD}
_conditions: dict[Wait, ColumnElement[bool]] = {
    Wait.UNMAILED: Letter.on_hold & Letter.unmailed,
    Wait.ON_HOLD: (Letter.state == LetterState.QUEUED) & Letter.on_hold,
    Wait.UNKNOWN: Letter.state == LetterState.UNKNOWN,
    Wait.FAILED: Letter.state == LetterState.FAILED,
    Wait.STOPPED: and_(
        text("letter.state = 'stopped'"),
        Letter.changed_by.is_not(None),
        Letter.content.is_not(None),
    ),
}
_waits = and_(
    text("(letter.on_hold OR letter.state IN ('unknown', 'failed'))"),
    or_(*(_conditions[wait] for wait in FOR_A_PERSON)),
)
# What stands as text is in the words of the partial index, or SQLite would not take it.


class Way(NamedTuple):
    """What became of a letter at one time: a change of its state, or its release from a hold."""

    at: datetime
    organiser_id: int | None
    after: LetterState | None = None
    """Its new state; None where it was released."""
    id: int | None = None
    """Of the change."""


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """One letter of these, and what is known of it."""

    id: int
    wait: Wait
    office: Office
    """As it was called where the letter was written from."""
    message_id: str
    language: str
    """Of its words."""
    created_at: datetime
    changed_at: datetime
    changed_by: int | None
    last_answer: str | None
    """Of the mail server; None where it was never asked."""
    is_unwritable: bool
    """Whether we tried for hours and could not write it as a mail."""
    may_leave: bool
    """Whether it still has its words."""
    mark: str
    """What it was like when it was shown, for whoever decides."""
    hold_cause: HoldCause | None
    """Why it is on hold; None where it is not."""
    ways: list[Way]
    written: Written | None
    """Its words and its writer; None where the wait is not for a reader, or the eyes are not."""
    is_broken: bool
    """Whether they are for these eyes, and do not open."""


def count_waiting(numbers: Numbers) -> dict[Wait, int]:
    """Return how many letters wait, and why."""
    return {wait: numbers.figures[Figure(wait)] for wait in FOR_A_PERSON}


def count_stopped(letter_campaign_id: int) -> int:
    """Return how many letters were stopped that can leave after all."""
    stopped = select(func.count()).where(
        Letter.letter_campaign_id == letter_campaign_id, _conditions[Wait.STOPPED]
    )
    return session.scalar(stopped) or 0


def _wait_in(state: LetterState) -> Wait:
    """Return why a letter in this state is among these."""
    return _of_state.get(state) or Wait(state)


def waiting_letters(
    letter_campaign_id: int,
    wait: Wait | None = None,
    request: PageRequest | None = None,
    *,
    with_words: bool,
) -> Page[WaitingLetter]:
    """Return a page of the letters that wait, the newest first; of one kind, where one is named."""
    asked = _conditions[wait] if wait else _waits
    found = page_of(
        select(Letter, LetterText.language, LetterRecipient, Hold.cause)
        .join(LetterText, LetterText.id == Letter.text_id)
        .outerjoin(LetterRecipient, names_it(Letter.recipient_id))
        .outerjoin(Hold, and_(Hold.letter_id == Letter.id, Hold.closed_at.is_(None)))
        .where(Letter.letter_campaign_id == letter_campaign_id, asked)
        .options(joinedload(Letter.recipient)),
        Letter.created_at,
        Letter.id,
        request or PageRequest(),
        lambda row: Cursor(row[0].created_at, row[0].id),
        size=PAGE_ROWS,
    )
    ways = _ways(letter.id for letter, *_ in found.rows)
    rows = [
        _waiting(letter, language, named, cause, ways[letter.id], with_words=with_words)
        for letter, language, named, cause in found.rows
    ]
    return Page(rows, found.newer, found.older)


def _waiting(
    letter: Letter,
    language: str,
    named: LetterRecipient | None,
    cause: HoldCause | None,
    ways: list[Way],
    *,
    with_words: bool,
) -> WaitingLetter:
    wait = _wait_in(letter.state)
    is_to_read = with_words and wait in TO_READ and letter.content is not None
    written = if_whole(letter.opened) if is_to_read else None
    is_unwritable = letter.last_answer == UNWRITABLE
    return WaitingLetter(
        id=letter.id,
        wait=wait,
        office=named or letter.recipient,
        message_id=letter.message_id,
        language=language,
        created_at=letter.created_at,
        changed_at=letter.changed_at,
        changed_by=letter.changed_by,
        last_answer=None if is_unwritable else letter.last_answer,
        is_unwritable=is_unwritable,
        may_leave=letter.content is not None,
        mark=_mark(letter, max((way.id for way in ways if way.id), default=None)),
        hold_cause=cause if letter.on_hold else None,
        ways=ways,
        written=written,
        is_broken=is_to_read and written is None,
    )


def _ways(letter_ids: Iterable[int]) -> defaultdict[int, list[Way]]:
    """Return what became of these letters so far: the changes of their state, and releases."""
    ways: defaultdict[int, list[Way]] = defaultdict(list)
    numbers = set(letter_ids)
    for one in session.scalars(
        select(LetterTransition)
        .where(LetterTransition.letter_id.in_(numbers))
        .order_by(LetterTransition.id)
    ):
        ways[one.letter_id].append(Way(one.at, one.organiser_id, one.after, one.id))
    released = select(Hold).where(Hold.letter_id.in_(numbers), Hold.accepted.is_(True))
    for hold in session.scalars(released.order_by(Hold.id)):
        _put_in(hold, ways[hold.letter_id or 0])
    return ways


def _put_in(hold: Hold, ways: list[Way]) -> None:
    """Put the release from a hold behind the change that led to where the letter was held."""
    if hold.closed_at is None:
        return
    held_in = LetterState.AWAITING if hold.cause in OF_A_PROGRAM else LetterState.QUEUED
    before = [
        place for place, way in enumerate(ways) if way.after == held_in and way.at <= hold.closed_at
    ]
    ways.insert(before[-1] + 1 if before else len(ways), Way(hold.closed_at, hold.closed_by))


def mark_of(letter: Letter) -> str:
    """Return a mark of where a letter is, by which it is seen later whether it has moved."""
    last = select(func.max(LetterTransition.id)).where(LetterTransition.letter_id == letter.id)
    return _mark(letter, session.scalar(last))


def _mark(letter: Letter, last_way: int | None) -> str:
    hold = "held" if letter.on_hold else "free"
    return f"{letter.state}-{hold}-{last_way}"


def letter_to_decide(letter_campaign_id: int, letter_id: int, mark: str) -> Letter | None:
    """Return a letter that waits, or could leave after all, locked until the transaction ends.

    Raises TooLate where it is not as it was shown: somebody has decided, or it has moved on.
    """
    letter = session.scalar(
        select(Letter)
        .where(Letter.id == letter_id, Letter.letter_campaign_id == letter_campaign_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if letter is None:
        return None
    if not _is_to_decide(letter) or mark != mark_of(letter):
        raise TooLate
    return letter


def _is_to_decide(letter: Letter) -> bool:
    if letter.state in _of_state:
        return letter.on_hold  # `decide` looks whether one to be confirmed was mailed
    if letter.state == LetterState.STOPPED:
        return letter.changed_by is not None and letter.content is not None
    return letter.state in {LetterState.UNKNOWN, LetterState.FAILED}
