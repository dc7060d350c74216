"""Links of a letter: making them, opening them, saying why one does not open."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, exists, func, select, update

from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.storage.database import rows_of, session
from petition.core.tokens import LINK_LIFETIME, digest, new_token
from petition.letters.letter.models import Letter, LetterLink, LetterState, LinkPurpose
from petition.outbox import links
from petition.outbox.origins import LETTER, number_in

_links = rows_of(LetterLink)


class LetterLetterhead(Protocol):
    """What the door knows and a mail about a letter needs."""

    @property
    def site_name(self) -> str:
        """Return the site's name."""

    def confirm_letter_url(self, token: str) -> str:
        """Return the address of the page that confirms a letter."""

    def manage_letter_url(self, token: str) -> str:
        """Return the address of the page about a letter that was confirmed."""


def new_link(letter_id: int, purpose: LinkPurpose, at: datetime) -> str:
    """Make a link and return its secret token, which is stored nowhere."""
    token = new_token()
    session.add(
        LetterLink(
            token_hash=token.digest,
            letter_id=letter_id,
            purpose=purpose,
            expires_at=links.end_of(at),
        )
    )
    session.flush()
    return token.secret


def open_link(token: str, purpose: LinkPurpose, at: datetime, *, to_change: bool = False) -> Letter:
    """Return the letter that the link belongs to; `to_change` locks it until the end.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    link = session.execute(
        select(LetterLink.letter_id, LetterLink.expires_at).where(
            LetterLink.token_hash == digest(token), LetterLink.purpose == purpose
        )
    ).one_or_none()
    if link is None:
        raise LinkUnknown
    found = select(Letter).where(Letter.id == link.letter_id)
    if to_change:
        found = found.with_for_update().execution_options(populate_existing=True)
    letter = session.scalar(found)
    if letter is None:
        raise LinkUnknown
    if purpose == LinkPurpose.CONFIRM and letter.state != LetterState.AWAITING:
        raise LinkUsed
    if link.expires_at <= at:
        raise LinkExpired
    return letter


def waits_unmailed() -> ColumnElement[bool]:
    """Return the condition that a letter looks like a program's, and waits for a moderator.

    Nobody has been mailed about it so far.
    """
    was_mailed = exists().where(LetterLink.letter_id == Letter.id)
    return and_(Letter.state == LetterState.AWAITING, Letter.on_hold, ~was_mailed)


def manage_links_of_today(letter_id: int, at: datetime) -> int:
    """Return how many links to a letter were made within a day."""
    made = select(func.count()).where(
        LetterLink.letter_id == letter_id,
        LetterLink.purpose == LinkPurpose.MANAGE,
        LetterLink.expires_at > at + LINK_LIFETIME - timedelta(days=1),
    )
    return session.scalar(made) or 0


def note_press(token: str, at: datetime) -> None:
    """Mark the link whose button let its letter leave."""
    pressed = links.pressed_mark(token, at)
    this = _links.c.token_hash == digest(token)
    session.execute(update(_links).where(this).values(pressed=pressed))


def just_confirmed(token: str, at: datetime) -> Letter:
    """Return the letter that the button of this link has let leave some minutes ago.

    Its writer may have seen an error where the way to the letter belongs. Raises LinkUsed
    otherwise.
    """
    found = session.execute(
        select(Letter, _links.c.pressed)
        .join(_links, _links.c.letter_id == Letter.id)
        .where(_links.c.token_hash == digest(token))
    ).one_or_none()
    if found is None or not links.was_just_pressed(found.pressed, token, at):
        raise LinkUsed
    letter: Letter = found[0]
    return letter


def to_be_confirmed(token: str, at: datetime) -> Letter:
    """Return the letter that the button behind this link lets leave, or has just let leave.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    try:
        return open_link(token, LinkPurpose.CONFIRM, at)
    except LinkUsed:
        letter = just_confirmed(token, at)
        if letter.content is None:  # it has left, and its words are kept no longer
            raise
        return letter


def expiry(token: str) -> datetime:
    """Return until when a link opens. Raises LinkUnknown."""
    return links.expiry(_links, token)


def start_hours(origin: str | None, made_at: datetime, at: datetime) -> None:
    """Let a link live its hours from now, when its mail leaves, if that had to wait."""
    links.start_hours(_links.c.letter_id, number_in(origin, LETTER), made_at, at)


def purge_links(at: datetime) -> bool:
    """Delete some links that expired a month ago; true when there may be more."""
    return links.purge(_links, at)
