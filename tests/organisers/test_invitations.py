"""Invitations work once, within 72 hours, for whom they are meant."""

from datetime import UTC, datetime, timedelta

import pytest

from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.storage.database import session, transaction
from petition.organisers import invitations, passwords, recovery_codes, sessions, throttling
from petition.organisers.actions import purge
from petition.organisers.invitations import AlreadyOrganiser, InvitedOtherwise
from petition.organisers.models import (
    SEALED_COLUMNS,
    Identity,
    Invitation,
    LoginFailure,
    Organiser,
    OrganiserSession,
    Role,
)
from petition.organisers.queries import all_organisers, names_of, organiser_by_email
from tests.organisers.people import PASSWORD, enrol, join

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
ADA = Identity("Ada", "ada@example.org")

pytestmark = pytest.mark.usefixtures("database")


def invite(email: str = ADA.email, role: Role = Role.EDITOR) -> str:
    with transaction():
        return invitations.invite(email, role, AT)


def first() -> str:
    with transaction():
        token = invitations.invite_first(AT)
    assert token is not None
    return token


def accept(token: str, identity: Identity = ADA, at: datetime = AT) -> Organiser:
    with transaction():
        return invitations.accept(token, identity, "hash", at)


def test_an_invitation_makes_an_organiser_with_the_role_it_names() -> None:
    organiser = accept(invite(role=Role.MODERATOR))

    assert organiser.role == Role.MODERATOR
    assert organiser.identity == ADA
    assert organiser_by_email("ADA@example.org ") == organiser
    assert names_of([organiser.id]) == {organiser.id: "Ada"}


def test_name_and_address_are_sealed() -> None:
    organiser = accept(invite())

    assert b"ada" not in organiser.person.lower()
    assert {column for _, column, _, _ in SEALED_COLUMNS} == {"person", "totp_secret"}


def test_an_invitation_works_once() -> None:
    token = invite()
    accept(token)

    with pytest.raises(LinkUsed):
        accept(token, Identity("Eve", "eve@example.org"))


def test_an_invitation_works_for_72_hours() -> None:
    token = invite()

    with pytest.raises(LinkExpired):
        accept(token, at=AT + timedelta(hours=72))
    accept(token, at=AT + timedelta(hours=71, minutes=59))


def test_an_invitation_is_for_one_address() -> None:
    with pytest.raises(InvitedOtherwise):
        accept(invite(), Identity("Eve", "eve@example.org"))
    assert all_organisers() == []


def test_a_newer_invitation_for_an_address_ends_the_older_one() -> None:
    old, new = invite(), invite()

    with pytest.raises(LinkUnknown):
        accept(old)
    accept(new)


def test_nobody_is_invited_twice() -> None:
    accept(invite())

    with pytest.raises(AlreadyOrganiser):
        invite("Ada@EXAMPLE.org")


def test_an_address_that_became_an_organisers_meanwhile_is_refused() -> None:
    token = invite()
    organiser = Organiser(role=Role.EDITOR, password_hash="hash", created_at=AT)
    organiser.identify(ADA)
    with transaction():
        session.add(organiser)

    with pytest.raises(AlreadyOrganiser):
        accept(token)
    assert len(all_organisers()) == 1


def test_the_first_invitation_makes_an_owner_of_anybody_once() -> None:
    old, new = first(), first()
    with pytest.raises(LinkUnknown):
        accept(old)

    assert accept(new).role == Role.OWNER
    with transaction():
        assert invitations.invite_first(AT) is None


def test_the_first_invitation_ends_when_somebody_else_was_first() -> None:
    token = first()
    accept(invite())

    with pytest.raises(LinkUsed):
        invitations.open_invitation(token, AT)


def test_a_reset_ends_sessions_at_once_and_drops_the_authenticator_when_used() -> None:
    ada = join()
    enrol(ada)
    with transaction():
        visit = sessions.begin(ada.id, AT, second_factor=True)
        token = invitations.reset(ada, AT)
    session.expire_all()
    assert sessions.find(visit, AT) is None
    assert not passwords.matches(ada.password_hash, PASSWORD)
    with transaction():
        invitations.set_password(token, passwords.hash_password("another long sentence"), AT)
    session.expire_all()
    assert passwords.matches(ada.password_hash, "another long sentence")
    assert not ada.has_authenticator
    assert recovery_codes.left(ada.id) == 0


def test_a_reset_makes_nobody_new_and_an_invitation_sets_no_password() -> None:
    ada = join()
    with transaction():
        token = invitations.reset(ada, AT)

    with pytest.raises(LinkUnknown):
        accept(token, Identity("Eve", "eve@example.org"))
    invited = invite("eve@example.org")
    with pytest.raises(LinkUnknown), transaction():
        invitations.set_password(invited, "hash", AT)


def test_a_disabled_organiser_comes_back_by_a_reset_only() -> None:
    ada = join()
    with transaction():
        old = invitations.reset(ada, AT)
        invitations.disable(ada, AT)
    with pytest.raises(LinkUnknown), transaction():
        invitations.set_password(old, "hash", AT)

    with transaction():
        token = invitations.reset(ada, AT)
        invitations.set_password(token, "hash", AT)
    assert ada.disabled_at is None


def test_what_matters_no_more_is_deleted() -> None:
    ada = join(at=AT)
    with transaction():
        sessions.begin(ada.id, AT)
        throttling.begin([throttling.account(ada.email_tag)], AT)
    token = invite("eve@example.org")
    with transaction():
        purge(AT + timedelta(hours=71))
    assert not invitations.open_invitation(token, AT).is_first

    with transaction():
        purge(AT + timedelta(hours=72))
    for table in (Invitation, LoginFailure, OrganiserSession):
        assert session.query(table).count() == 0
