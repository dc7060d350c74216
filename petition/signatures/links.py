"""Links of a signature: making them, opening them, saying why one does not open."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, case, delete, select, update

from petition.core.clock import hour_of
from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.keyring.sealing import SealBroken, Sealed, seal, unseal
from petition.core.log import log
from petition.core.storage.database import insert_into, rows_of, session
from petition.core.tokens import digest, new_token
from petition.outbox import links
from petition.outbox.actions import take_back
from petition.outbox.origins import SIGNATURE, number_in, origin_of
from petition.petitions.models import Petition
from petition.signatures.emails import KINDS
from petition.signatures.models import (
    LinkPurpose,
    Signature,
    SignatureLink,
    SignatureState,
    given_context,
)
from petition.signatures.persons import Person

SEALED_PERSON = (Signature.supporter_tag, Signature.person, Signature.person_key)
"""The columns from which `sealed_address` reads."""
_links = rows_of(SignatureLink)


class Letterhead(Protocol):
    """What the door knows and a mail needs: the site's name and the addresses of its pages."""

    @property
    def site_name(self) -> str:
        """Return the site's name."""

    def confirm_url(self, token: str) -> str:
        """Return the address of the page that confirms."""

    def manage_url(self, token: str) -> str:
        """Return the address of the page that manages."""


def sealed_address(row: Row[*tuple[Any, ...]] | Signature) -> str | None:
    """Return the address under which a signature was given; None where its seal does not open.

    It is the only one to which a link to the signature goes.
    """
    try:
        return Person.unseal(Sealed(row.person_key, row.person), row.supporter_tag).email
    except SealBroken as fault:
        log.error("a signature does not open: nobody is mailed about it", exc_info=fault)
        return None


def new_link(
    signature_id: int,
    purpose: LinkPurpose,
    at: datetime,
    *,
    mail_number: int | None = None,
    given: bytes | None = None,
) -> str:
    """Make a link and return its secret token, which is stored nowhere.

    `given` is what its owner confirms, where that differs from what the signature says so far.
    """
    token = new_token()
    sealed = seal(given, given_context(token.digest)) if given else None
    row = {
        "token_hash": token.digest,
        "signature_id": signature_id,
        "purpose": purpose,
        "mail_number": mail_number,
        "expires_at": links.end_of(at),
        "given": sealed and sealed.box,
        "given_key": sealed and sealed.key_id,
    }
    session.execute(insert_into(SignatureLink), row)
    return token.secret


def open_link(
    token: str, purpose: LinkPurpose, at: datetime, *, to_change: bool = False
) -> Signature:
    """Return the signature that the link belongs to; `to_change` locks it until the end.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    link = _find(token, purpose)
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= at:
        raise LinkExpired
    found = select(Signature).where(Signature.id == link.signature_id)
    if to_change:
        found = found.with_for_update().execution_options(populate_existing=True)
    signature = session.scalar(found)
    if signature is None:  # erased this very moment
        raise LinkUnknown
    return signature


def is_pressed(token: str) -> bool:
    """Whether the button of a confirming link was pressed already. Raises LinkUnknown."""
    return _find(token, LinkPurpose.CONFIRM).used_at is not None


def given_by(token: str) -> bytes | None:
    """Return what a link confirms, where that differs from what the signature says so far."""
    return _given(_find(token, LinkPurpose.CONFIRM))


def use_link(token: str, at: datetime) -> tuple[int, bytes | None]:
    """Use a confirming link up; return its signature's id and what it confirms.

    Every other link that would confirm the signature is used up with it: its page would promise
    what its button no longer does; a mail with one that still waits does not leave, and what they
    carry is kept no longer. Of two at once, one gets it. The signature is locked before its links,
    as everywhere. Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    link = _find(token, LinkPurpose.CONFIRM)
    given = _given(link)
    session.execute(select(Signature.id).where(Signature.id == link.signature_id).with_for_update())
    _take_back(link.signature_id, LinkPurpose.CONFIRM)
    used = session.execute(
        update(_links)
        .where(
            _links.c.signature_id == link.signature_id,
            _links.c.purpose == LinkPurpose.CONFIRM,
            _links.c.used_at.is_(None),
        )
        .values(used_at=hour_of(at), given=None, given_key=None)
        .returning(_links.c.token_hash, _links.c.expires_at)
    )
    expires_at = {row.token_hash: row.expires_at for row in used}.get(link.token_hash)
    if expires_at is None:
        raise LinkUsed
    if expires_at <= at:
        raise LinkExpired
    _note_press(link.signature_id, token, at)
    return link.signature_id, given


def _note_press(signature_id: int, token: str, at: datetime) -> None:
    """Mark the link that was pressed, and no other of this signature any more."""
    pressed = case((_links.c.token_hash == digest(token), links.pressed_mark(token, at)))
    of_it = (_links.c.signature_id == signature_id) & (_links.c.purpose == LinkPurpose.CONFIRM)
    session.execute(update(_links).where(of_it).values(pressed=pressed))


def just_confirmed(token: str, at: datetime) -> Signature:
    """Return the signature that the button of this link has confirmed some minutes ago.

    Its owner may have seen an error where the receipt belongs. Raises LinkUsed otherwise.
    """
    found = session.execute(
        select(Signature, _links.c.pressed)
        .join(_links, _links.c.signature_id == Signature.id)
        .where(_links.c.token_hash == digest(token), Signature.state == SignatureState.CONFIRMED)
    ).one_or_none()
    if found is None or not links.was_just_pressed(found.pressed, token, at):
        raise LinkUsed
    signature: Signature = found[0]
    return signature


def drop_links(signature_id: int, purpose: LinkPurpose) -> None:
    """Delete the links of a signature that open it for this purpose, with mails that wait."""
    _take_back(signature_id, purpose)
    of_it = (_links.c.signature_id == signature_id) & (_links.c.purpose == purpose)
    session.execute(delete(_links).where(of_it))


def _take_back(signature_id: int, purpose: LinkPurpose) -> None:
    take_back(origin_of(SIGNATURE, signature_id), KINDS[purpose])


def drop_link(token: str) -> None:
    """Delete this link alone."""
    session.execute(delete(_links).where(_links.c.token_hash == digest(token)))


def start_hours(origin: str | None, made_at: datetime, at: datetime) -> None:
    """Let a link live its hours from now, when its mail leaves, if that had to wait."""
    links.start_hours(_links.c.signature_id, number_in(origin, SIGNATURE), made_at, at)


def purge_links(at: datetime) -> bool:
    """Delete some links that expired a month ago; true when there may be more."""
    return links.purge(_links, at)


def _given(link: SignatureLink) -> bytes | None:
    if link.given is None or link.given_key is None:
        return None
    return unseal(Sealed(link.given_key, link.given), given_context(link.token_hash))


def _find(token: str, purpose: LinkPurpose) -> SignatureLink:
    link = session.scalar(
        select(SignatureLink).where(
            SignatureLink.token_hash == digest(token), SignatureLink.purpose == purpose
        )
    )
    if link is None:
        raise LinkUnknown
    return link


def expiry(token: str) -> datetime:
    """Return until when a link opens. Raises LinkUnknown."""
    return links.expiry(_links, token)


def petition_behind(token: str) -> str | None:
    """Return the slug of the petition that a link belonged to, though it opens nothing more."""
    return session.scalar(
        select(Petition.slug)
        .join(Signature, Signature.petition_id == Petition.id)
        .join(SignatureLink, SignatureLink.signature_id == Signature.id)
        .where(SignatureLink.token_hash == digest(token))
    )
