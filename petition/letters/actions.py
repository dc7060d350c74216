"""Verbs of letters. None of them commits."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from petition.core.database import insert_into, rows_of, session
from petition.core.errors import LinkUsed
from petition.core.sealing import seal
from petition.core.tokens import LINK_LIFETIME
from petition.letters.composing import Template, given_words
from petition.letters.emails import confirm_letter, letter_written
from petition.letters.letter import (
    CONFIRMATION_MAILS,
    Letter,
    LetterLink,
    LetterState,
    LetterTransition,
    LikenessMark,
    LinkPurpose,
    ToldLetter,
    letter_context,
)
from petition.letters.links import LetterLetterhead, new_link, open_link
from petition.letters.own_words import ALIKE_FROM, likeness_marks, own_share, own_shingles
from petition.letters.writing import Written
from petition.outbox.actions import forget, post, post_nothing
from petition.outbox.origins import LETTER, origin_of
from petition.recipients.models import Channel, Recipient
from petition.supporters.addresses import supporter_tag

MANAGE_LINKS_A_DAY = 6
BURST = 5
"""How many letters that say nearly the same, in one hour, are too many to be by as many people."""
BURST_TIME = timedelta(hours=1)
_letters = rows_of(Letter)


@dataclass(frozen=True, slots=True)
class Posted:
    """A finished letter and what it was made from."""

    letter_campaign_id: int
    text_id: int
    recipient: Recipient
    template: Template
    written: Written
    language: str
    """The language of the pages, in which its writer is written to."""


def tag_for(letter_campaign_id: int, email: str) -> bytes:
    """Return the tag by which this letter campaign, and no other, knows the mailbox."""
    return supporter_tag(f"letter-campaign:{letter_campaign_id}", email)


def hand_in(
    posted: Posted, letterhead: LetterLetterhead, at: datetime, *, on_hold: bool = False
) -> None:
    """Take a letter that waits for its writer's confirmation, and mail the link for it.

    A mailbox that has written to this office already gets the link to that letter, or nothing
    more. The caller cannot tell the cases apart, and so nobody else can.
    """
    tag = tag_for(posted.letter_campaign_id, posted.written.writer.email)
    before = session.execute(
        select(_letters.c.id, _letters.c.state, _letters.c.mail_number)
        .where(
            _letters.c.letter_campaign_id == posted.letter_campaign_id,
            _letters.c.recipient_id == posted.recipient.id,
            _letters.c.supporter_tag == tag,
        )
        .with_for_update()
    ).all()
    confirmed = [row.id for row in before if row.state != LetterState.AWAITING]
    if confirmed:
        _mail_written(confirmed[0], posted, letterhead, at)
        return
    free = sorted(set(range(1, CONFIRMATION_MAILS + 1)) - {row.mail_number for row in before})
    letter_id = _insert(posted, tag, free[0], at, on_hold=on_hold) if free else None
    if letter_id is None:
        post_nothing(at)
        return
    token = new_link(letter_id, LinkPurpose.CONFIRM, at)
    message = confirm_letter(
        to=posted.written.writer.email,
        language=posted.language,
        office=posted.recipient.office_in(posted.language),
        site_name=letterhead.site_name,
        confirm_url=letterhead.confirm_letter_url(token),
    )
    post(message, origin=origin_of(LETTER, letter_id), at=at)


def _insert(
    posted: Posted, tag: bytes, mail_number: int, at: datetime, *, on_hold: bool
) -> int | None:
    message_id = secrets.token_hex(16)
    sealed = seal(posted.written.to_bytes(), letter_context(message_id))
    given = given_words(posted.template, posted.written.writer)
    row = {
        "letter_campaign_id": posted.letter_campaign_id,
        "text_id": posted.text_id,
        "recipient_id": posted.recipient.id,
        "supporter_tag": tag,
        "mail_number": mail_number,
        "state": LetterState.AWAITING,
        "message_id": message_id,
        "content": sealed.box,
        "content_key": sealed.key_id,
        "country": posted.written.writer.country,
        "language": posted.language,
        "own_share": own_share(posted.written.body, given),
        "on_hold": on_hold,
        "created_at": at,
        "changed_at": at,
        "due_at": at,
        "attempts": 0,
    }
    # Of two at once, one is told to look in the inbox, and so is the other.
    statement = insert_into(Letter).on_conflict_do_nothing().returning(Letter.id)
    letter_id = session.execute(statement, row).scalar()
    own = own_shingles(posted.written.body, given)
    marks = [
        {"letter_id": letter_id, "mark": mark, "letter_campaign_id": posted.letter_campaign_id}
        for mark in likeness_marks(own)
    ]
    if letter_id is not None and marks:
        session.execute(insert_into(LikenessMark).on_conflict_do_nothing(), marks)
    return letter_id


def _mail_written(
    letter_id: int, posted: Posted, letterhead: LetterLetterhead, at: datetime
) -> None:
    links = select(func.count()).where(
        LetterLink.letter_id == letter_id,
        LetterLink.purpose == LinkPurpose.MANAGE,
        LetterLink.expires_at > at + LINK_LIFETIME - timedelta(days=1),
    )
    if (session.scalar(links) or 0) >= MANAGE_LINKS_A_DAY:
        post_nothing(at)
        return
    token = new_link(letter_id, LinkPurpose.MANAGE, at)
    message = letter_written(
        to=posted.written.writer.email,
        language=posted.language,
        office=posted.recipient.office_in(posted.language),
        site_name=letterhead.site_name,
        manage_url=letterhead.manage_letter_url(token),
    )
    post(message, origin=origin_of(LETTER, letter_id), at=at)


def confirm(token: str, at: datetime) -> str:
    """Let the letter of this link leave; return the token of a link to it.

    Its writer's other unconfirmed letters to the same office go, and their links with them.
    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    letter = open_link(token, LinkPurpose.CONFIRM, at, to_change=True)
    held = letter.on_hold or _is_one_of_a_burst(letter, at)
    try:
        session.execute(
            update(_letters)
            .where(_letters.c.id == letter.id)
            .values(state=LetterState.QUEUED, changed_at=at, due_at=at, on_hold=held)
        )
    except IntegrityError:  # the other of two was confirmed this very moment
        raise LinkUsed from None
    session.expire(letter)
    session.execute(
        delete(Letter).where(
            Letter.letter_campaign_id == letter.letter_campaign_id,
            Letter.recipient_id == letter.recipient_id,
            Letter.supporter_tag == letter.supporter_tag,
            Letter.state == LetterState.AWAITING,
        )
    )
    return new_link(letter.id, LinkPurpose.MANAGE, at)


def _is_one_of_a_burst(letter: Letter, at: datetime) -> bool:
    """Whether many letters of this hour say nearly the same.

    Those not yet sent are then held, but for those that a moderator has let go.
    """
    marks = select(LikenessMark.mark).where(LikenessMark.letter_id == letter.id)
    alike = session.scalars(
        select(LikenessMark.letter_id)
        .join(Letter, Letter.id == LikenessMark.letter_id)
        .where(
            LikenessMark.letter_campaign_id == letter.letter_campaign_id,
            LikenessMark.mark.in_(marks),
            LikenessMark.letter_id != letter.id,
            Letter.supporter_tag != letter.supporter_tag,
            Letter.state != LetterState.AWAITING,
            Letter.created_at > at - BURST_TIME,
        )
        .group_by(LikenessMark.letter_id)
        .having(func.count() >= ALIKE_FROM)
    ).all()
    if len(alike) + 1 < BURST:
        return False
    released = select(LetterTransition.letter_id).where(
        LetterTransition.letter_id.in_(alike), LetterTransition.before == LetterTransition.after
    )
    session.execute(
        update(_letters)
        .where(
            _letters.c.id.in_(alike),
            _letters.c.state == LetterState.QUEUED,
            _letters.c.id.not_in(released),
        )
        .values(on_hold=True)
    )
    return True


def decline(token: str, at: datetime) -> None:
    """Erase a letter that somebody handed in under an address that is not theirs.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    letter = open_link(token, LinkPurpose.CONFIRM, at, to_change=True)
    forget(origin_of(LETTER, letter.id))
    session.execute(delete(Letter).where(Letter.id == letter.id))


def tell(
    letter_campaign_id: int, recipient_id: int, email: str, channel: Channel, at: datetime
) -> None:
    """Note that somebody says they have sent a letter another way; once for each office."""
    row = {
        "letter_campaign_id": letter_campaign_id,
        "recipient_id": recipient_id,
        "supporter_tag": tag_for(letter_campaign_id, email),
        "channel": channel,
        "told_at": at,
    }
    session.execute(insert_into(ToldLetter).on_conflict_do_nothing(), row)
