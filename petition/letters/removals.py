"""What goes of letters: words at their writer's wish, and whatever is past its time."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, TextClause, delete, exists, select, text, update

from petition.core.clock import hour_of
from petition.core.keyring.journal import Wish, note
from petition.core.storage.database import rows_of, session
from petition.letters.actions import erase_unconfirmed
from petition.letters.decisions import TooLate, stop
from petition.letters.drafting import drafts
from petition.letters.letter.models import (
    SENT_WITH_WORDS,
    UNSENT_WITH_WORDS,
    Letter,
    LetterState,
    LikenessMark,
    Pace,
)
from petition.letters.letter.states import move
from petition.outbox.actions import drop_mails
from petition.outbox.ceiling import may_wait_still
from petition.outbox.origins import LETTER, origin_of

KEEP_UNCONFIRMED = timedelta(days=7)
KEEP_WORDS = timedelta(days=28)
KEEP_MARKS = timedelta(days=1)
"""How long the marks are kept by which letters that say the same are found."""
PURGED_AT_ONCE = 500
_letters = rows_of(Letter)
WITH_WORDS = (
    (text(SENT_WITH_WORDS), _letters.c.sent_at),
    (text(UNSENT_WITH_WORDS), _letters.c.confirmed_at),
)
"""Which letters still have their words, and since when they count; as the partial indexes say it.
"""


def erase_words(letter: Letter, at: datetime) -> None:
    """Delete the words and the writer of a letter; the fact that it was sent stays.

    One that has still to leave is stopped. Raises TooLate for one that is being sent.
    """
    if letter.state == LetterState.QUEUED:
        stop(letter, at)
    if letter.state == LetterState.SENDING:
        raise TooLate
    letter.content, letter.content_key = None, None
    drop_mails(origin_of(LETTER, letter.id))
    drafts.drop(letter.draft_hash)
    letter.draft_hash = None
    session.execute(delete(LikenessMark).where(LikenessMark.letter_id == letter.id))
    session.flush()
    note(Wish.LETTER_DELETED, letter.id, letter.supporter_tag, at)


def purge(at: datetime) -> bool:
    """Delete what nobody confirmed in a week, and the words of letters after 28 days.

    A letter that could not leave in that time is stopped. Few at a time: where one writes at once,
    people who write meanwhile must not wait. True when there may be more.
    """
    done = [_purge_unconfirmed(at), _stop_stuck(at)]
    done += [_purge_words(*kind, at) for kind in WITH_WORDS]
    done.append(_purge_marks(at))
    session.execute(delete(Pace).where(Pace.hour < at - timedelta(days=1)))
    return PURGED_AT_ONCE in done


def _purge_unconfirmed(at: datetime) -> int:
    old = (_letters.c.state == LetterState.AWAITING) & (
        _letters.c.changed_at < at - KEEP_UNCONFIRMED  # from then on its link was good
    )
    waits = may_wait_still(LETTER, _letters.c.id, at)
    oldest = select(_letters.c.id).where(old, ~waits).limit(PURGED_AT_ONCE)
    return erase_unconfirmed(_letters.c.id.in_(oldest))


def _stop_stuck(at: datetime) -> int:
    ahead = _letters.c.due_at > at, _letters.c.confirmed_at > at  # before the clock went back
    waiting = update(_letters).where(_letters.c.state == LetterState.QUEUED, *ahead)
    session.execute(waiting.values(due_at=hour_of(at)))
    stuck = select(_letters.c.id).where(
        _letters.c.state == LetterState.QUEUED, _letters.c.confirmed_at < at - KEEP_WORDS
    )
    these = _letters.c.id.in_(stuck.limit(PURGED_AT_ONCE))
    stopped = session.execute(move(these, {LetterState.QUEUED}, LetterState.STOPPED, at))
    return int(stopped.rowcount)  # type: ignore[attr-defined]


def _purge_words(with_words: TextClause, since: ColumnElement[datetime], at: datetime) -> int:
    done = select(_letters.c.id).where(
        with_words,
        since < at - KEEP_WORDS,
        _letters.c.state.not_in([LetterState.AWAITING, LetterState.QUEUED, LetterState.SENDING]),
    )
    emptied = session.execute(
        update(_letters)
        .where(_letters.c.id.in_(done.limit(PURGED_AT_ONCE)))
        .values(content=None, content_key=None, draft_hash=None)
    )
    return int(emptied.rowcount)  # type: ignore[attr-defined]


def _purge_marks(at: datetime) -> int:
    """Asked of each mark, not of all letters: there are marks of a day's letters only."""
    letter = exists().where(
        _letters.c.id == LikenessMark.letter_id, _letters.c.confirmed_at < at - KEEP_MARKS
    )
    some = select(LikenessMark.letter_id).where(letter).distinct().limit(PURGED_AT_ONCE)
    old = session.scalars(some).all()
    session.execute(delete(LikenessMark).where(LikenessMark.letter_id.in_(old)))
    return len(old)
