"""What is mailed about a signature, and to which address. Nothing here commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from petition.core.storage.database import session
from petition.core.storage.together import add_all
from petition.links.actions import MANAGE_LINKS_A_DAY
from petition.links.letterhead import Addressee, Letterhead
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox.actions import NO_WAIT, post, post_all, queued
from petition.outbox.origins import SIGNATURE, origin_of
from petition.petitions.asks import Ask, ask_as_signed
from petition.signatures.emails import confirm_signature, manage_signature
from petition.signatures.links import SIGNATURE_LINKS, sealed_address
from petition.signatures.models import Signature, SignatureState


@dataclass(frozen=True, slots=True)
class Mailing:
    """What mails about a signature are written from: what is signed, who writes, and when."""

    ask: Ask
    letterhead: Letterhead
    at: datetime
    wait: timedelta = NO_WAIT
    """How much later one leaves that asks to confirm."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A mail with a link to confirm a signature."""

    mailing: Mailing
    signature_id: int
    to: Addressee
    number: int = 1
    """Which of the signature's mails to confirm it is."""
    given: bytes | None = None
    """What the link confirms, where the signature says otherwise."""


def mail_confirmations(mails: Iterable[Confirmation]) -> None:
    """Mail links to confirm."""
    links, letters = [], []
    for mail in mails:
        letterhead, at, to = mail.mailing.letterhead, mail.mailing.at, mail.to
        its, purpose = mail.signature_id, LinkPurpose.CONFIRM
        token, link = SIGNATURE_LINKS.made(its, purpose, at, number=mail.number, given=mail.given)
        message = confirm_signature(
            to=to.email,
            language=to.language,
            petition_title=mail.mailing.ask.title,
            site_name=letterhead.site_name,
            confirm_url=letterhead.address(SIGNATURE, LinkPurpose.CONFIRM, token),
        )
        origin, wait = origin_of(SIGNATURE, its), mail.mailing.wait
        links.append(link)
        letters.append(queued(message, origin, at, unconfirmed=True, wait=wait))
    add_all(MailedLink, links)
    post_all(letters)


def mail_at_last(signature: Signature, letterhead: Letterhead, at: datetime) -> bool | None:
    """Mail the link to confirm a signature that a moderator has accepted, if none was mailed yet.

    True where a mail leaves, False where the signature does not open; None where none is due.
    """
    is_due = signature.state == SignatureState.PENDING and not signature.on_hold
    if not is_due or session.scalar(select(SIGNATURE_LINKS.has(signature.id))):
        return None
    address = sealed_address(signature)
    if address is None:
        return False
    ask = ask_as_signed(signature.text_id, signature.language)
    to = Addressee(address, signature.language)
    mail_confirmations([Confirmation(Mailing(ask, letterhead, at), signature.id, to)])
    return True


def mail_management(mailing: Mailing, signature: Row[*tuple[Any, ...]], language: str) -> None:
    """Mail the link at once, to the address that was confirmed, whatever spelling was typed now.

    `signature` is one that `found_before` has found.
    """
    address = sealed_address(signature)
    if address is None or signature.manage_links_today >= MANAGE_LINKS_A_DAY:
        return
    letterhead, at = mailing.letterhead, mailing.at
    token = SIGNATURE_LINKS.issue(signature.id, LinkPurpose.MANAGE, at)
    message = manage_signature(
        to=address,
        language=language,
        petition_title=mailing.ask.title,
        site_name=letterhead.site_name,
        manage_url=letterhead.address(SIGNATURE, LinkPurpose.MANAGE, token),
    )
    post(message, origin=origin_of(SIGNATURE, signature.id), at=at)
