"""What writers say about the answers of offices, and the mail that asks them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, text

from petition.core.clock import hour_of
from petition.core.keyring.sealing import SealBroken
from petition.core.log import log
from petition.core.storage.database import session
from petition.letters.campaigns.queries import office_named
from petition.letters.letter.emails import letter_answered
from petition.letters.letter.links import LETTER_LINKS
from petition.letters.letter.models import TO_ASK, Answer, Letter
from petition.letters.letter.written import Written
from petition.links.letterhead import Letterhead
from petition.links.models import LinkPurpose
from petition.outbox.actions import post
from petition.outbox.origins import LETTER, origin_of

ASK_AFTER = timedelta(days=14)
ASKED_AT_ONCE = 100


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
        office=office_named(letter.text_id, letter.recipient).office_in(letter.language),
        site_name=head.site_name,
        manage_url=head.address(LETTER, LinkPurpose.MANAGE, token),
    )
    post(message, origin=origin_of(LETTER, letter.id), at=at)
