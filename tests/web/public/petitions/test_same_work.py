"""No answer takes longer than another: whatever an address has signed, one statement is written.

Counted in statements, each of which travels to the database and back.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, update
from werkzeug.test import TestResponse

from petition.core.storage.database import engine, is_sqlite, transaction
from petition.holds.models import HoldCause
from petition.links.actions import MANAGE_LINKS_A_DAY
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import request_management
from petition.signatures.models import Signature, SignatureState
from tests.factories import NOON, Letters, confirm, make_ask, sign, signed, signer
from tests.web.public.people import Person, page_of

OF_PEOPLE = re.compile(r"\b(signature|mailed_link|hold|outbox_mail|arrival|budget)\b")
"""What is read besides is the petition's text, every other second, and whether all is fit."""
EMAIL = "nadia@example.org"
"""Its owner has done something before, or nothing."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the statements that are sent to the database, as psycopg or SQLAlchemy sends them."""
    sent: list[str] = []

    def note(statement: str) -> None:
        if statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"} or OF_PEOPLE.search(
            statement
        ):
            sent.append(statement)

    def look(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        note(statement)

    def execute(cursor: Any, query: Any, *given: Any, **options: Any) -> Any:
        note(query.decode() if isinstance(query, bytes) else query)
        return psycopg_executes(cursor, query, *given, **options)

    psycopg_executes = psycopg.Cursor.execute
    with pytest.MonkeyPatch.context() as patch:
        if is_sqlite():
            event.listen(engine(), "before_cursor_execute", look)
        else:  # an arrival goes past SQLAlchemy
            patch.setattr(psycopg.Cursor, "execute", execute)
        yield sent
    if is_sqlite():
        event.remove(engine(), "before_cursor_execute", look)


def never(_ask: Ask) -> None:
    """Nobody has typed the address."""


def held(ask: Ask) -> None:
    """A program has typed it."""
    sign(ask, signer(EMAIL), at=NOON, hold=HoldCause.HONEYPOT)


def pending(ask: Ask) -> None:
    """Somebody has typed it once."""
    sign(ask, signer(EMAIL), at=NOON)


def pending_at_its_cap(ask: Ask) -> None:
    """Somebody has typed it until no more mail is sent."""
    for _ in range(3):
        pending(ask)


def confirmed(ask: Ask) -> None:
    """Its owner has signed."""
    signed(ask, signer(EMAIL), at=NOON)


def confirmed_at_its_cap(ask: Ask) -> None:
    """Its owner has signed, and somebody has asked for the link until no more mail is sent."""
    confirmed(ask)
    for _ in range(MANAGE_LINKS_A_DAY + 1):
        with transaction():
            request_management(ask, EMAIL, Letters(), NOON)


def withdrawn(ask: Ask) -> None:
    """Its owner has signed and taken it back."""
    signature, _ = signed(ask, signer(EMAIL), at=NOON)
    with transaction() as writing:
        removals.withdraw(writing.get_one(Signature, signature.id), NOON)


def signed_again(ask: Ask) -> None:
    """Its owner has signed, taken it back, and signed once more."""
    withdrawn(ask)
    confirm(sign(ask, signer(EMAIL), at=NOON), at=NOON)


def invalidated(ask: Ask) -> None:
    """A moderator has found that the signature was not genuine."""
    confirmed(ask)
    with transaction() as writing:
        writing.execute(update(Signature).values(state=SignatureState.INVALIDATED))


BEFORE = (
    *(never, held, pending, pending_at_its_cap, confirmed, confirmed_at_its_cap),
    *(withdrawn, signed_again, invalidated),
)


@pytest.mark.parametrize("before", BEFORE, ids=lambda before: before.__name__)
@pytest.mark.parametrize("website", ["", "http://example.org"], ids=["person", "program"])
def test_to_sign_appends_one_row_whatever_there_was_before(
    before: Callable[[Ask], None], website: str, person: Person
) -> None:
    before(make_ask())
    person.client.worker_rests = True
    page = person.client.visit(page_of())
    typed = {"name": "Nadia Sample", "country": "GB", "visibility": "private"}
    form = {**typed, "email": EMAIL, "organiser_mail": "no", "website": website}

    def sends(**changes: str) -> TestResponse:
        sign_form = "#sign form[method=post]"
        return person.client.submit(page_of(), page, form | changes, form=sign_form)

    sends(name="")  # the process has just looked whether its database is fit
    with statements() as sent:
        answer = sends()

    assert answer.status_code == 200
    assert [one.partition(" (")[0] for one in sent] == ["INSERT INTO arrival"]


@pytest.mark.parametrize("before", BEFORE, ids=lambda before: before.__name__)
def test_so_does_asking_for_the_link(before: Callable[[Ask], None], person: Person) -> None:
    before(make_ask())
    person.client.worker_rests = True
    path = f"{page_of()}/manage"
    page = person.client.visit(path)
    person.client.submit(path, page, {"email": ""})
    with statements() as sent:
        answer = person.client.submit(path, page, {"email": EMAIL})

    assert answer.status_code == 200
    assert [one.partition(" (")[0] for one in sent] == ["INSERT INTO arrival"]
