"""What a restored backup does not know of letters: what left meanwhile, and what writers asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, true, update

from petition.arrivals import actions as arrivals
from petition.core.keyring.journal import Entry, Wish
from petition.core.storage.database import rows_of, session
from petition.holds.actions import hold
from petition.holds.models import HoldCause
from petition.letters.actions import erase_unconfirmed
from petition.letters.arriving import LETTER as LETTER_ARRIVAL
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.states import move
from petition.letters.post.models import LetterBatch, LetterPlace
from petition.letters.removals import erase_words
from petition.outbox.origins import LETTER

RESTORED = "restored from a backup"
_letters = rows_of(Letter)


@dataclass(frozen=True, slots=True)
class InDoubt:
    """How many letters wait for a person after a restore."""

    unknown: int
    """They waited to leave when the backup was made, or were leaving: they may have left."""
    held: int
    """They waited for their writers, who may have let them leave since."""


def put_in_doubt(at: datetime) -> InDoubt:
    """Keep everything that may have left since the backup from leaving again. No commit."""
    states = _letters.c.state
    queued, sending = {LetterState.QUEUED}, {LetterState.SENDING}
    session.execute(move(true(), queued, LetterState.SENDING, at, claimed_by=RESTORED))
    in_doubt = move(true(), sending, LetterState.UNKNOWN, at, last_answer=RESTORED)
    unknown = session.execute(in_doubt)
    awaiting = update(_letters).where(states == LetterState.AWAITING, ~_letters.c.on_hold)
    held = session.scalars(awaiting.values(on_hold=True).returning(_letters.c.id)).all()
    hold(LETTER, held, HoldCause.RESTORED, at)
    session.execute(delete(LetterPlace))
    session.execute(delete(LetterBatch))
    return InDoubt(_count(unknown), len(held))


def drop_arrivals() -> int:
    """Drop the letters that had arrived: they may have left since. Return how many. No commit."""
    gone = arrivals.of_kind(LETTER_ARRIVAL)
    arrivals.drop(gone)
    return len(gone)


def _count(result: Any) -> int:
    return int(result.rowcount)


def carry_out(entries: Iterable[Entry], at: datetime) -> Counter[Wish]:
    """Do again what was asked of letters that are back; return how often which. No commit.

    Comes after `put_in_doubt`: no letter is on its way then.
    """
    done: Counter[Wish] = Counter()
    for entry in entries:
        if entry.wish not in {Wish.LETTER_DECLINED, Wish.LETTER_STOPPED, Wish.LETTER_DELETED}:
            continue
        letter = session.get(Letter, entry.number, populate_existing=True)
        if letter is not None and letter.supporter_tag == entry.tag:
            done[entry.wish] += _carry_out(entry.wish, letter, at)
    return done


def _carry_out(wish: Wish, letter: Letter, at: datetime) -> bool:
    """Do one; false where the letter is already as its writer asked."""
    if letter.state == LetterState.AWAITING:
        drafts.drop(letter.draft_hash)
        return erase_unconfirmed(_letters.c.id == letter.id) > 0
    stopped = letter.state == LetterState.UNKNOWN
    if stopped:
        this = _letters.c.id == letter.id
        session.execute(move(this, {LetterState.UNKNOWN}, LetterState.STOPPED, at))
        session.refresh(letter)
    if wish == Wish.LETTER_DELETED and letter.content is not None:
        erase_words(letter, at)
        return True
    return stopped
