"""A campaign, its supporters and its organisers, for the pages of this door."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest
import time_machine
from flask import Flask

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.holds.models import HoldCause
from petition.organisers import sessions
from petition.organisers.models import Organiser, Role
from petition.petitions.asks import ask_of
from petition.petitions.models import Petition
from petition.petitions.queries import petition_by_slug
from petition.signatures.models import Signature, Visibility
from tests import factories
from tests.factories import NOON, load_sample
from tests.grounds.client import ReadingClient
from tests.organisers.people import enrol, join

SLUG = "sanction-human-trafficking"
OTHER_SLUG = "say-who-was-harmed"

LogIn = Callable[..., ReadingClient]


class Supporters:
    """Signs petitions."""

    def __init__(self, slug: str = SLUG) -> None:
        self.slug = slug

    def sign(
        self,
        name: str = "Nadia Sample",
        *,
        email: str = "",
        country: str = "GB",
        visibility: Visibility = Visibility.PRIVATE,
        reason: str | None = None,
        hold: HoldCause | None = None,
        at: datetime | None = None,
        confirmed: bool = True,
    ) -> Signature:
        """Sign, press the button in the mail unless told otherwise, and return what is stored."""
        petition = petition_by_slug(self.slug)
        assert petition is not None
        address = email or f"{name.lower().replace(' ', '.')}@example.org"
        who = factories.signer(
            address, name=name, country=country, visibility=visibility, reason=reason
        )
        letters = factories.sign(ask_of(petition, "en"), who, at=at, hold=hold)
        if confirmed:
            factories.confirm(letters, at=at)
        factories.take_in_all()
        return session.merge(factories.newest_signature())


@pytest.fixture
def petition(app: Flask) -> Petition:
    """One of the petitions of the sample campaign."""
    load_sample()
    found = petition_by_slug(SLUG)
    assert found is not None
    return found


@pytest.fixture
def supporters(petition: Petition) -> Supporters:
    """People who sign that petition."""
    return Supporters(petition.slug)


@pytest.fixture
def owner(app: Flask) -> Organiser:
    """An organiser with an authenticator, not logged in."""
    organiser = join()
    enrol(organiser)
    return organiser


def begin_session(client: ReadingClient, organiser: Organiser) -> None:
    """Put a whole login in the browser's cookie."""
    with transaction():
        token = sessions.begin(organiser.id, now(), second_factor=True)
    with client.session_transaction("/organiser/") as cookie:
        cookie["token"] = token


def whose(client: ReadingClient) -> Organiser:
    """Return the organiser who is at work in this browser."""
    with client.session_transaction("/organiser/") as cookie:
        found = sessions.find(cookie["token"], now())
    assert found is not None
    return found[1]


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    """Log somebody in: `log_in(Role.AUDITOR)` is a browser in which an auditor is at work."""

    def enter(role: Role = Role.OWNER) -> ReadingClient:
        organiser = join(role)
        enrol(organiser)
        client = cast("ReadingClient", app.test_client())
        begin_session(client, organiser)
        return client

    return enter


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """A moment at which the letters of the sample are open, and its offices at work."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def letters_open(app: Flask, noon: time_machine.Traveller) -> None:
    """The sample campaign at that moment; nobody has written for it yet."""
    load_sample(NOON - timedelta(days=10))
