"""Verbs of signatures. None of them commits."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy import delete as delete_rows
from sqlalchemy.sql.dml import ReturningInsert

from petition.core.clock import hour_of
from petition.core.errors import LinkUsed
from petition.core.keyring.journal import Wish, note
from petition.core.keyring.sealing import Sealed
from petition.core.storage.database import Insert, rows_of, session
from petition.core.storage.together import as_many, change, many_into, write
from petition.holds import actions as holds
from petition.holds.models import OF_A_PROGRAM, HoldCause
from petition.links.actions import Found, given_in
from petition.links.letterhead import Addressee, Letterhead
from petition.links.models import CONFIRMATION_MAILS, LinkPurpose, MailedLink
from petition.outbox.actions import keep_news_from
from petition.outbox.origins import SIGNATURE, origin_of
from petition.petitions.asks import Ask
from petition.signatures.before import found_before
from petition.signatures.links import (
    SIGNATURE_LINKS,
    drop_links,
    just_confirmed,
    sealed_address,
    using_link,
)
from petition.signatures.mailing import (
    Confirmation,
    Mailing,
    mail_confirmations,
    mail_management,
)
from petition.signatures.models import MailStop, Signature, SignatureState, Visibility
from petition.signatures.persons import sealed_anew
from petition.signatures.signers import Signing
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
_have_signed = select(rows_of(Signature).c.supporter_tag).where(
    rows_of(Signature).c.petition_id.in_(bindparam("petition_ids", expanding=True)),
    rows_of(Signature).c.supporter_tag.in_(bindparam("tags", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act of signing, as it was judged."""

    mailing: Mailing
    given: Signing
    tag: bytes
    """By which the petition knows the mailbox."""
    hold: HoldCause | None = None
    source: str | None = None
    """What the address named by which they came."""

    @property
    def mails(self) -> bool:
        """Whether a mailbox that has signed nothing yet is mailed for it."""
        return self.hold not in OF_A_PROGRAM

    @property
    def to(self) -> Addressee:
        """To whom that mail goes."""
        return Addressee(self.given.signer.email, self.given.signer.language)

    def as_row(self) -> dict[str, Any]:
        """Return the columns of a signature that waits, as it came."""
        came = {"on_hold": self.hold is not None, "source": self.source}
        return {"state": SignatureState.PENDING, **came, **self.given.as_row(self.tag)}


def tag_for(petition_id: int, email: str) -> bytes:
    """Return the tag by which this petition, and no other, knows the mailbox."""
    return supporter_tag(f"petition:{petition_id}", email)


def sign(act: Act) -> bool:
    """Note a signature that waits for its owner's confirmation, and mail the link.

    Return whether a mail that asks to confirm will leave.

    The day's allowance of the mailbox is taken when the mail is about to leave. What looks like a
    program makes us mail nobody: the signature waits for a moderator, and once one has accepted
    it, `mail_at_last` mails the link. It keeps nobody from signing: what does not look like one
    takes its place.

    A mailbox that has signed already gets what helps it: its link again, or at once the link to
    manage the signature.
    """
    if not sign_first([act]):
        return act.mails
    there = _locked(act.mailing.ask.petition_id, act.tag, act.mailing.at)
    # Where it was erased this very moment, whoever erased it has the last word.
    return there is not None and _sign_again(act, there)


def sign_first(acts: Sequence[Act]) -> list[Act]:
    """Do what `sign` does for mailboxes that have signed nothing yet; return the acts of others.

    Each mailbox is in here once.
    """
    if not acts:
        return []
    rows = [
        {"petition_id": act.mailing.ask.petition_id, "supporter_tag": act.tag, **act.as_row()}
        for act in acts
    ]
    missing = _adding(many_into(Signature, tuple(rows[0])))
    added = session.execute(missing, as_many(rows))
    numbers: dict[bytes, int] = {row.supporter_tag: row.id for row in added}
    _mail_first({numbers[act.tag]: act for act in acts if act.tag in numbers})
    return [act for act in acts if act.tag not in numbers]


@lru_cache
def _adding(into: Insert) -> ReturningInsert[Any]:
    its = rows_of(Signature).c
    return into.on_conflict_do_nothing().returning(its.supporter_tag, its.id)


def have_signed(petition_ids: Collection[int], tags: Collection[bytes]) -> set[bytes]:
    """Return by which of these tags these petitions know a mailbox already."""
    if not tags:
        return set()
    given = {"petition_ids": list(petition_ids), "tags": list(tags)}
    return set(session.scalars(_have_signed, given))


def _locked(petition_id: int, tag: bytes, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """Return the signature of a mailbox as it is, locked."""
    its = Signature.petition_id == petition_id, Signature.supporter_tag == tag
    session.execute(select(Signature.id).where(*its).with_for_update())
    return found_before(petition_id, tag, at)


def _mail_first(acts: dict[int, Act]) -> None:
    """Hold signatures, named by their numbers, and mail their first links, as far as is due."""
    held: dict[tuple[HoldCause, datetime], list[int]] = defaultdict(list)
    for number, act in acts.items():
        if act.hold is not None:
            held[act.hold, act.mailing.at].append(number)
    for (cause, at), numbers in held.items():
        holds.hold(SIGNATURE, numbers, cause, at)
    mail_confirmations(
        [Confirmation(act.mailing, number, act.to) for number, act in acts.items() if act.mails]
    )


def _sign_again(act: Act, signature: Row[*tuple[Any, ...]]) -> bool:
    if not act.mails or signature.state == SignatureState.INVALIDATED:
        return False
    if signature.waits_unmailed:
        _take_the_place(signature.id, act)
        _mail_first({signature.id: act})
        return True
    if signature.state == SignatureState.CONFIRMED:
        mail_management(act.mailing, signature, act.to.language)
        return False
    if signature.mails >= CONFIRMATION_MAILS:
        return False
    _mail_again(act, signature)
    return True


def _take_the_place(signature_id: int, act: Act) -> None:
    """Put what somebody says where a program left something in their name."""
    rows = rows_of(Signature)
    session.execute(update(rows).where(rows.c.id == signature_id).values(**act.as_row()))
    holds.drop(SIGNATURE, signature_id)


def _mail_again(act: Act, signature: Row[*tuple[Any, ...]]) -> None:
    if signature.has_old_links:
        old = MailedLink.expires_at <= act.mailing.at
        session.execute(delete_rows(MailedLink).where(MailedLink.signature_id == signature.id, old))
    number, words = signature.mails + 1, act.given.to_bytes()
    mail_confirmations([Confirmation(act.mailing, signature.id, act.to, number, words)])


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
    """Take back the permission to be e-mailed; news that wait do not leave."""
    if not signature.mail_allowed:
        return
    keep_news_from(origin_of(SIGNATURE, signature.id))
    signature.mail_allowed = False
    signature.mail_answered_at = hour_of(at)
    box = Sealed(signature.person_key, signature.person)
    anew = sealed_anew(box, signature.supporter_tag, mail_answered_at=at)
    signature.person, signature.person_key = anew.box, anew.key_id
    session.add(
        MailStop(
            petition_id=signature.petition_id, signature_id=signature.id, stopped_at=hour_of(at)
        )
    )
    session.flush()
    note(Wish.NO_MAIL, signature.id, signature.supporter_tag, at)
