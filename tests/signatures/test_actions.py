"""Signing below the doors: one signature for a mailbox, two mails, one that counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.storage.database import session, transaction
from petition.links.hours import purge, start_hours
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox.actions import drop_mails
from petition.outbox.models import OutboxMail
from petition.outbox.origins import SIGNATURE, origin_of
from petition.petitions.asks import Ask
from petition.signatures import actions, removals
from petition.signatures.actions import Act, request_management, sign_first, tag_for
from petition.signatures.desk import decisions
from petition.signatures.links import SIGNATURE_LINKS
from petition.signatures.mailing import Mailing
from petition.signatures.models import Removal, Signature, SignatureState, Visibility
from petition.signatures.removals import purge_pending, purge_words
from petition.signatures.signers import Signing
from tests.factories import (
    NOON,
    OTHER_SLUG,
    Letters,
    confirm,
    make_ask,
    make_organiser,
    newest_signature,
    rows,
    sign,
    signed,
    signer,
)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def test_a_mailbox_signs_a_petition_once(ask: Ask) -> None:
    for spelling in ("nadia@gmail.com", "Na.Dia+x@googlemail.com", "NADIA@gmail.com"):
        sign(ask, signer(spelling))

    assert rows(Signature) == 1


def test_of_several_who_sign_at_once_those_who_have_signed_before_are_told_apart(ask: Ask) -> None:
    other = make_ask(OTHER_SLUG)
    sign(ask, signer("nadia@example.org"))
    letters = Letters()
    acts = [
        Act(
            Mailing(one, letters, NOON),
            Signing(signer(email), one.text_id, NOON),
            tag_for(one.petition_id, email),
        )
        for one in (ask, other)
        for email in ("nadia@example.org", "amara@example.org")
    ]
    with transaction():
        assert sign_first(acts) == acts[:1]

    assert rows(Signature) == 4
    assert len(letters.confirm_tokens) == 3
    with transaction():
        manage = [actions.confirm(token, NOON) for token in letters.confirm_tokens]
    opened = [SIGNATURE_LINKS.open(token, LinkPurpose.MANAGE, NOON) for token in manage]
    assert [one.supporter_tag for one in opened] == [act.tag for act in acts[1:]]


def test_a_mailbox_may_sign_several_petitions_and_nothing_joins_them(ask: Ask) -> None:
    other = make_ask(OTHER_SLUG)
    for one in (ask, other):
        sign(one, signer("nadia@example.org"))

    tags = session.scalars(select(Signature.supporter_tag)).all()
    assert len(set(tags)) == 2
    assert set(tags) == {tag_for(one.petition_id, "nadia@example.org") for one in (ask, other)}


def test_the_database_itself_refuses_a_second_signature(ask: Ask) -> None:
    sign(ask)
    first = newest_signature()
    columns = [name for name in first.__table__.columns.keys() if name != "id"]  # noqa: SIM118

    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(Signature(**{name: getattr(first, name) for name in columns}))


def test_the_database_itself_refuses_a_third_confirmation_mail(ask: Ask) -> None:
    sign(ask)
    link = {
        "token_hash": b"x" * 32,
        "signature_id": newest_signature().id,
        "purpose": LinkPurpose.CONFIRM,
        "number": 3,
        "expires_at": NOON,
    }

    with pytest.raises(IntegrityError, match="two_confirmation_mails"), transaction() as writing:
        writing.add(MailedLink(**link))


def test_many_at_once_make_one_signature_and_two_links(ask: Ask) -> None:
    who = signer()

    def post(_number: int) -> None:
        sign(ask, who)
        session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(post, range(24)))

    assert rows(Signature) == 1
    numbers = session.scalars(select(MailedLink.number)).all()
    assert sorted(filter(None, numbers)) == [1, 2]


def test_two_links_are_mailed_and_both_stay_good(ask: Ask) -> None:
    letters, who = Letters(), signer()
    for _ in range(3):
        sign(ask, who, letters, at=NOON)

    assert len(letters.confirm_tokens) == 2
    for token in letters.confirm_tokens:
        SIGNATURE_LINKS.open(token, LinkPurpose.CONFIRM, NOON)


def test_who_signs_again_while_the_mails_wait_gets_no_third_and_keeps_both_links(ask: Ask) -> None:
    letters, who = Letters(), signer()
    for hours in (0, 1, 73):
        sign(ask, who, letters, at=NOON + timedelta(hours=hours))
    left_at = NOON + timedelta(hours=74)
    with transaction():
        for hours in (0, 1):
            made_at = NOON + timedelta(hours=hours)
            start_hours(f"signature:{newest_signature().id}", made_at, left_at)

    assert len(letters.confirm_tokens) == 2
    for token in letters.confirm_tokens:
        SIGNATURE_LINKS.open(token, LinkPurpose.CONFIRM, left_at + timedelta(hours=71))


def test_many_unconfirmed_signatures_go_a_few_at_a_time(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals, "PURGED_AT_ONCE", 2)
    for _ in range(5):
        sign(ask, at=NOON)
    purged = []
    for _ in range(4):
        with transaction():
            purged.append(purge_pending(NOON + timedelta(days=8)))

    assert purged == [2, 2, 1, 0]
    assert rows(Removal) == 5
    assert rows(OutboxMail) == 0


def test_a_link_confirms_once_and_within_its_time(ask: Ask) -> None:
    letters = sign(ask, at=NOON)
    with pytest.raises(LinkExpired):
        confirm(letters, at=NOON + timedelta(hours=72))
    confirm(letters, at=NOON + timedelta(hours=71, minutes=59))
    with pytest.raises(LinkUsed):
        confirm(letters, at=NOON + timedelta(hours=72, minutes=15))
    letters.confirm_tokens.append("unknown")
    with pytest.raises(LinkUnknown):
        confirm(letters)


def test_whoever_has_confirmed_is_mailed_the_link_to_manage_and_changes_nothing(ask: Ask) -> None:
    first = signer("nadia@example.org")
    signed(ask, first)
    again = signer("nadia@example.org", name="Somebody Else", visibility=Visibility.FULL_NAME)
    letters = sign(ask, again)

    assert (len(letters.confirm_tokens), len(letters.manage_tokens)) == (0, 1)
    signature = newest_signature()
    assert signature.opened().name == "Nadia Sample"
    assert signature.visibility == Visibility.PRIVATE


def test_an_invalidated_signature_is_not_signed_again(ask: Ask) -> None:
    who = signer()
    signature, _ = signed(ask, who)
    organiser = make_organiser().id
    with transaction():
        mine = session.get_one(Signature, signature.id)
        decisions.invalidate(mine, organiser, "not genuine", NOON)
    letters = sign(ask, who)

    assert letters.confirm_tokens + letters.manage_tokens == []
    assert newest_signature().state == SignatureState.INVALIDATED


def test_a_pending_mailbox_gets_no_link_to_manage(ask: Ask) -> None:
    who, letters = signer(), Letters()
    sign(ask, who)
    with transaction():
        request_management(ask, who.email, letters, NOON)

    assert letters.manage_tokens == []


def test_unconfirmed_signatures_go_after_a_week_with_their_mails(ask: Ask) -> None:
    who = signer()
    sign(ask, at=NOON)
    signed(ask, who, at=NOON)
    sign(ask, who, at=NOON)
    week = NOON + timedelta(days=7)
    for at, left in ((week, 2), (week + timedelta(seconds=1), 1)):
        with transaction():
            purge_pending(at)
        assert rows(Signature) == left

    assert newest_signature().state == SignatureState.CONFIRMED
    origins = session.scalars(select(OutboxMail.origin).where(OutboxMail.origin.is_not(None)))
    assert set(origins) == {f"signature:{newest_signature().id}"}


def test_who_signs_again_late_in_the_week_keeps_the_time_of_the_new_link(ask: Ask) -> None:
    who, letters = signer(), Letters()
    sign(ask, who, letters, at=NOON)
    sign(ask, who, letters, at=NOON + timedelta(days=6))
    with transaction():
        purge_pending(NOON + timedelta(days=8))
    assert rows(Signature) == 1

    confirm(letters, at=NOON + timedelta(days=8, hours=20))
    assert newest_signature().state == SignatureState.CONFIRMED


def test_links_are_forgotten_a_month_after_they_expired(ask: Ask) -> None:
    letters = sign(ask, at=NOON)
    for days, error in ((32, LinkExpired), (34, LinkUnknown)):
        at = NOON + timedelta(days=days)
        with transaction():
            purge(at)
        with pytest.raises(error):
            SIGNATURE_LINKS.open(letters.confirm_tokens[0], LinkPurpose.CONFIRM, at)


def words_in_links() -> int:
    """Return how many links carry what somebody said."""
    found = session.scalar(select(func.count(MailedLink.given)))
    session.commit()
    return found or 0


def test_what_a_link_carries_is_kept_no_longer_than_it_may_be_confirmed(ask: Ask) -> None:
    who, letters = signer(), Letters()
    for _ in range(2):
        sign(ask, who, letters, at=NOON)
    assert words_in_links() == 1
    confirm(letters, at=NOON)

    assert words_in_links() == 0


def test_what_nobody_confirms_again_is_forgotten_after_a_week_too(ask: Ask) -> None:
    signature, _ = signed(ask, who := signer(), at=NOON)
    with transaction() as writing:
        removals.withdraw(writing.get_one(Signature, signature.id), NOON)
    sign(ask, who, at=NOON)
    kept = []
    for days, has_left in ((6, False), (8, False), (8, True)):
        with transaction():
            if has_left:
                drop_mails(origin_of(SIGNATURE, signature.id))
            purge_words(NOON + timedelta(days=days))
            kept.append(words_in_links())

    assert kept == [1, 1, 0]
    assert newest_signature().opened().email == who.email


def test_a_withdrawal_ends_links_that_would_confirm(ask: Ask) -> None:
    who, letters = signer(), Letters()
    sign(ask, who, letters, at=NOON)
    sign(ask, who, letters, at=NOON)
    confirm(letters, at=NOON)
    with transaction():
        removals.withdraw(session.get_one(Signature, newest_signature().id), NOON)

    with pytest.raises(LinkUnknown):
        SIGNATURE_LINKS.open(letters.confirm_tokens[0], LinkPurpose.CONFIRM, NOON)
    assert session.scalar(select(func.count()).select_from(Signature)) == 1
    session.commit()
