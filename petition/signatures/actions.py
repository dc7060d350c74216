"""Verbs of signatures. None of them commits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy import delete as delete_rows

from petition.core.clock import hour_of
from petition.core.errors import LinkUsed
from petition.core.keyring.journal import Wish, note
from petition.core.keyring.sealing import Sealed
from petition.core.storage.database import insert_into, rows_of, session
from petition.core.storage.together import change, write
from petition.holds import actions as holds
from petition.holds.models import OF_A_PROGRAM, HoldCause
from petition.links.actions import Found, given_in
from petition.links.letterhead import Addressee, Letterhead
from petition.links.models import CONFIRMATION_MAILS, LinkPurpose, MailedLink
from petition.outbox.actions import NO_WAIT
from petition.outbox.origins import SIGNATURE
from petition.petitions.asks import Ask
from petition.signatures.before import found_before
from petition.signatures.links import (
    SIGNATURE_LINKS,
    drop_links,
    just_confirmed,
    sealed_address,
    using_link,
)
from petition.signatures.mailing import Mailing, mail_confirmation, mail_management
from petition.signatures.models import (
    Signature,
    SignatureState,
    Visibility,
)
from petition.signatures.persons import sealed_anew
from petition.signatures.signers import Signer, Signing
from petition.signatures.tally import entering
from petition.supporters.addresses import is_spelled_alike, supporter_tag

SHOWN_AS = {
    Visibility.PRIVATE: Wish.NAME_PRIVATE,
    Visibility.FIRST_NAME: Wish.FIRST_NAME_SHOWN,
    Visibility.FULL_NAME: Wish.FULL_NAME_SHOWN,
}

_TO_CONFIRM = tuple(
    rows_of(Signature).c[name]
    for name in (
        *("id", "petition_id", "supporter_tag", "state"),
        *("person", "person_key", "country", "on_hold"),
    )
)
"""What is read of a signature that is to be confirmed."""


def tag_for(petition_id: int, email: str) -> bytes:
    """Return the tag by which this petition, and no other, knows the mailbox."""
    return supporter_tag(f"petition:{petition_id}", email)


def sign(
    ask: Ask,
    given: Signing,
    letterhead: Letterhead,
    at: datetime,
    *,
    hold: HoldCause | None = None,
    wait: timedelta = NO_WAIT,
) -> bool:
    """Note a signature that waits for its owner's confirmation, and mail the link after a `wait`.

    Return whether a mail that asks to confirm will leave.

    The day's allowance of the mailbox is taken when the mail is about to leave. What looks like a
    program makes us mail nobody: the signature waits for a moderator, and once one has accepted
    it, `mail_at_last` mails the link. It keeps nobody from signing: what does not look like one
    takes its place.

    A mailbox that has signed already gets what helps it: its link again, or at once the link to
    manage the signature.
    """
    mailing = Mailing(ask, letterhead, at, wait)
    tag = tag_for(ask.petition_id, given.signer.email)
    row = {
        "petition_id": ask.petition_id,
        "supporter_tag": tag,
        "state": SignatureState.PENDING,
        "on_hold": hold is not None,
        **given.as_row(tag),
    }
    statement = insert_into(Signature).on_conflict_do_nothing().returning(Signature.id)
    number = session.execute(statement, row).scalar()
    if number is not None:
        return _mail_first(mailing, number, given.signer, hold)
    there = _locked(ask.petition_id, tag, at)
    # Where it was erased this very moment, whoever erased it has the last word.
    return there is not None and _sign_again(mailing, there, given, hold)


def _locked(petition_id: int, tag: bytes, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """Return the signature of a mailbox as it is, locked."""
    its = Signature.petition_id == petition_id, Signature.supporter_tag == tag
    session.execute(select(Signature.id).where(*its).with_for_update())
    return found_before(petition_id, tag, at)


def _mail_first(
    mailing: Mailing, signature_id: int, signer: Signer, hold: HoldCause | None
) -> bool:
    if hold is not None:
        holds.hold(SIGNATURE, [signature_id], hold, mailing.at)
    if hold in OF_A_PROGRAM:
        return False
    to = Addressee(signer.email, signer.language)
    mail_confirmation(mailing, signature_id, to, number=1)
    return True


def _sign_again(
    mailing: Mailing, signature: Row[*tuple[Any, ...]], given: Signing, hold: HoldCause | None
) -> bool:
    if hold in OF_A_PROGRAM or signature.state == SignatureState.INVALIDATED:
        return False
    if signature.waits_unmailed:
        _take_the_place(signature.id, given, signature.supporter_tag, hold)
        return _mail_first(mailing, signature.id, given.signer, hold)
    if signature.state == SignatureState.CONFIRMED:
        mail_management(mailing, signature, given.signer.language)
        return False
    if signature.mails >= CONFIRMATION_MAILS:
        return False
    _mail_again(mailing, signature, given)
    return True


def _take_the_place(signature_id: int, given: Signing, tag: bytes, hold: HoldCause | None) -> None:
    """Put what somebody says where a program left something in their name."""
    rows = rows_of(Signature)
    values = given.as_row(tag) | {"on_hold": hold is not None}
    session.execute(update(rows).where(rows.c.id == signature_id).values(**values))
    holds.drop(SIGNATURE, signature_id)


def _mail_again(mailing: Mailing, signature: Row[*tuple[Any, ...]], given: Signing) -> None:
    if signature.has_old_links:
        old = MailedLink.expires_at <= mailing.at
        session.execute(delete_rows(MailedLink).where(MailedLink.signature_id == signature.id, old))
    to = Addressee(given.signer.email, given.signer.language)
    number, words = signature.mails + 1, given.to_bytes()
    mail_confirmation(mailing, signature.id, to, number=number, given=words)


def request_management(ask: Ask, email: str, letterhead: Letterhead, at: datetime) -> None:
    """Mail a new link to manage the signature, if this mailbox has one that is not pending."""
    found = _locked(ask.petition_id, tag_for(ask.petition_id, email), at)
    if found is not None and found.state != SignatureState.PENDING:
        mail_management(Mailing(ask, letterhead, at), found, found.language)


def confirm(token: str, at: datetime) -> str:
    """Make the signature of this link count; return the token of a link to manage it.

    What the link carries is what is confirmed: a later post by somebody else changes nothing.
    Whoever presses again some minutes later is led to the same. Raises LinkUnknown, LinkUsed or
    LinkExpired.
    """
    try:
        signature = SIGNATURE_LINKS.to_use(token, at, *_TO_CONFIRM)
    except LinkUsed:
        return SIGNATURE_LINKS.issue_again(just_confirmed(token, at).thing.id, at)
    writes = [*using_link(signature.id, token, at)]
    if signature.state in {SignatureState.PENDING, SignatureState.WITHDRAWN}:
        confirmed = _as_confirmed(signature, at)
        writes.append(change(Signature, signature.id, confirmed))
        if not signature.on_hold:
            country = confirmed.get("country", signature.country)
            writes.append(entering(signature.petition_id, +1, country, at))
    secret, issued = SIGNATURE_LINKS.issuing(signature.id, LinkPurpose.MANAGE, at)
    write(*writes, issued)
    return secret


def _as_confirmed(signature: Row[*tuple[Any, ...]], at: datetime) -> dict[str, Any]:
    """Return the columns that a link's press changes: the moment, or all that it confirms.

    It may be another mailbox that we take for the same one: links to manage that were mailed to
    the address before would open what this one confirms.
    """
    given = given_in(signature)
    values = {"state": SignatureState.CONFIRMED, "confirmed_at": hour_of(at)}
    if given is None:
        box = Sealed(signature.person_key, signature.person)
        sealed = sealed_anew(box, signature.supporter_tag, confirmed_at=at)
        return {**values, "person": sealed.box, "person_key": sealed.key_id}
    anew = Signing.from_bytes(given)
    if not is_spelled_alike(sealed_address(signature), anew.signer.email):
        drop_links(signature.id, LinkPurpose.MANAGE)
    said = [Wish.SIGNED_AGAIN, SHOWN_AS[anew.signer.visibility]]
    for wish in said if anew.signer.mail_allowed else [*said, Wish.NO_MAIL]:
        note(wish, signature.id, signature.supporter_tag, at)
    return {**values, **anew.as_row(signature.supporter_tag, confirmed_at=at)}


def to_be_confirmed(token: str, at: datetime) -> Found[Signature]:
    """Return the signature as the button behind this link would make it, changing nothing.

    Some minutes long also the one that it has made. Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    try:
        found = SIGNATURE_LINKS.opened(token, LinkPurpose.CONFIRM, at)
    except LinkUsed:
        return just_confirmed(token, at)
    given = found.given
    if given is not None:
        session.expunge(found.thing)
        for name, value in Signing.from_bytes(given).as_row(found.thing.supporter_tag).items():
            setattr(found.thing, name, value)
    return found


def change_visibility(signature: Signature, visibility: Visibility, at: datetime) -> None:
    """Change how the name appears. A name made private takes its reason off the page."""
    if visibility == signature.visibility:
        return
    signature.visibility = visibility
    if visibility == Visibility.PRIVATE:
        signature.reason_shown = False
    session.flush()
    note(SHOWN_AS[visibility], signature.id, signature.supporter_tag, at)


def stop_mail(signature: Signature, at: datetime) -> None:
    """Take back the permission to be e-mailed."""
    if not signature.mail_allowed:
        return
    signature.mail_allowed = False
    signature.mail_answered_at = hour_of(at)
    box = Sealed(signature.person_key, signature.person)
    anew = sealed_anew(box, signature.supporter_tag, mail_answered_at=at)
    signature.person, signature.person_key = anew.box, anew.key_id
    session.flush()
    note(Wish.NO_MAIL, signature.id, signature.supporter_tag, at)
