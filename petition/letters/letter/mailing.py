"""What is mailed to the writer of a letter, and to which address. Nothing here commits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.log import log
from petition.core.storage.database import session
from petition.letters.campaigns.queries import office_named
from petition.letters.letter.emails import confirm_letter, letter_written
from petition.letters.letter.links import LETTER_LINKS
from petition.letters.letter.models import Letter, LetterState, letter_context
from petition.letters.letter.written import Written
from petition.links.actions import MANAGE_LINKS_A_DAY
from petition.links.letterhead import Addressee, Letterhead
from petition.links.models import LinkPurpose
from petition.outbox.actions import NO_WAIT, post
from petition.outbox.origins import LETTER, origin_of
from petition.versions.models import Office


def mail_confirmation(
    letter_id: int,
    to: Addressee,
    office: Office,
    letterhead: Letterhead,
    at: datetime,
    *,
    wait: timedelta = NO_WAIT,
) -> None:
    """Mail the link whose button lets a letter leave."""
    token = LETTER_LINKS.issue(letter_id, LinkPurpose.CONFIRM, at)
    message = confirm_letter(
        to=to.email,
        language=to.language,
        office=office.office_in(to.language),
        site_name=letterhead.site_name,
        confirm_url=letterhead.address(LETTER, LinkPurpose.CONFIRM, token),
    )
    post(message, origin=origin_of(LETTER, letter_id), at=at, unconfirmed=True, wait=wait)


def mail_at_last(letter: Letter, letterhead: Letterhead, at: datetime) -> bool | None:
    """Mail the link to confirm a letter that a moderator has accepted, if none was mailed yet.

    True where a mail leaves, False where the letter does not open; None where none is due.
    """
    is_due = letter.state == LetterState.AWAITING and not letter.on_hold
    if not is_due or session.scalar(select(LETTER_LINKS.has(letter.id))):
        return None
    address = _address_of(letter)
    if address is None:
        return False
    to = Addressee(address, letter.language)
    office = office_named(letter.text_id, letter.recipient)
    mail_confirmation(letter.id, to, office, letterhead, at)
    return True


def mail_written(
    letter: Row[*tuple[Any, ...]],
    office: Office,
    language: str,
    letterhead: Letterhead,
    at: datetime,
) -> None:
    """Mail the link to whoever confirmed the letter, whatever spelling was typed now.

    Once its words are gone nobody knows that address any more, and nobody is mailed.
    """
    address = _address_of(letter)
    if address is None or LETTER_LINKS.made_today(letter.id, at) >= MANAGE_LINKS_A_DAY:
        return
    token = LETTER_LINKS.issue(letter.id, LinkPurpose.MANAGE, at)
    message = letter_written(
        to=address,
        language=language,
        office=office.office_in(language),
        site_name=letterhead.site_name,
        manage_url=letterhead.address(LETTER, LinkPurpose.MANAGE, token),
    )
    post(message, origin=origin_of(LETTER, letter.id), at=at)


def _address_of(letter: Row[*tuple[Any, ...]] | Letter) -> str | None:
    if letter.content is None or letter.content_key is None:
        return None
    sealed = Sealed(letter.content_key, letter.content)
    try:
        written = Written.from_bytes(unseal(sealed, letter_context(letter.message_id)))
    except SealBroken as fault:
        log.error("a letter does not open: nobody is mailed about it", exc_info=fault)
        return None
    return written.writer.email
