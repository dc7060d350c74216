"""Outside the seals a row says in which hour something was; the moment stands inside."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from petition.core.clock import hour_of
from petition.core.storage.database import Base, rows_of, session, transaction
from petition.exports import actions as exports
from petition.exports.changes import corrections
from petition.exports.models import Contents
from petition.holds.models import Hold, HoldCause
from petition.links.hours import start_hours
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox import actions as outbox
from petition.outbox import claiming
from petition.outbox.models import OutboxMail
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import stop_mail
from petition.signatures.desk import decisions
from petition.signatures.links import SIGNATURE_LINKS
from petition.signatures.models import Removal, Signature
from petition.signatures.moments import move_inside, to_move
from petition.signatures.persons import Person
from tests.factories import (
    NOON,
    confirm,
    make_ask,
    make_organiser,
    newest_signature,
    rows,
    sign,
    signed,
    signer,
)

MOMENT = NOON + timedelta(minutes=34, seconds=56, microseconds=789)
LATER = MOMENT + timedelta(hours=2, minutes=7)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def moments(*models: type[Base]) -> Iterator[str]:
    """Yield each time in these tables that tells more than its hour, by its column."""
    for model in models:
        table = rows_of(model)
        for row in session.execute(table.select()):
            for column in table.c:
                value = row._mapping[column]
                is_time = isinstance(value, datetime)
                if is_time and value != hour_of(value):
                    yield f"{table.name}.{column.name}"
    session.commit()


def mail_leaves() -> None:
    """Do what the worker does with the mails that wait."""
    with transaction():
        outbox.beat("w1", LATER)
        outbox.sent(claiming.claim("w1", LATER, most=20), LATER)


def do_everything(ask: Ask) -> None:
    """Sign, confirm, change, withdraw, sign again, invalidate and erase, each at a moment."""
    organiser = make_organiser().id
    held, _ = signed(ask, signer(), at=MOMENT, hold=HoldCause.NETWORK)
    invalidated, _ = signed(ask, signer(), at=MOMENT)
    erased, _ = signed(ask, signer(), at=MOMENT)
    who = signer()
    again, _ = signed(ask, who, at=MOMENT)

    def found(one: Signature, writing: Session) -> Signature:
        return writing.get_one(Signature, one.id, populate_existing=True)

    with transaction() as writing:
        decisions.accept(found(held, writing), organiser, LATER)
        stop_mail(found(held, writing), LATER)
        decisions.invalidate(found(invalidated, writing), organiser, "no", LATER)
        removals.erase(found(erased, writing), LATER)
        removals.withdraw(found(again, writing), LATER)
    confirm(sign(ask, who, at=LATER), at=LATER)
    mail_leaves()


def test_no_row_about_a_signer_tells_more_than_the_hour(ask: Ask) -> None:
    do_everything(ask)

    assert {rows(model) > 0 for model in (Signature, MailedLink, Removal, Hold)} == {True}
    assert list(moments(Signature, MailedLink, Removal, Hold, OutboxMail)) == []


def test_the_moments_stand_inside_the_seal(ask: Ask) -> None:
    letters = sign(ask, signer(mail_allowed=True), at=MOMENT)
    confirm(letters, at=LATER)
    with transaction() as writing:
        stop_mail(writing.get_one(Signature, newest_signature().id), LATER + timedelta(seconds=1))
    person = newest_signature().opened()

    assert (person.signed_at, person.confirmed_at) == (MOMENT, LATER)
    assert person.mail_answered_at == LATER + timedelta(seconds=1)


def test_what_a_second_link_confirms_has_moments_of_its_own(ask: Ask) -> None:
    who = signer()
    sign(ask, who, at=MOMENT)
    confirm(sign(ask, who, at=LATER), at=LATER + timedelta(seconds=9))
    person = newest_signature().opened()

    assert (person.signed_at, person.mail_answered_at) == (LATER, LATER)
    assert person.confirmed_at == LATER + timedelta(seconds=9)


def test_a_link_lives_its_hours_and_to_the_end_of_the_last(ask: Ask) -> None:
    token = sign(ask, at=MOMENT).confirm_tokens[0]

    SIGNATURE_LINKS.open(token, LinkPurpose.CONFIRM, MOMENT + timedelta(hours=72))
    with transaction():
        start_hours(f"signature:{newest_signature().id}", MOMENT, LATER)
    SIGNATURE_LINKS.open(token, LinkPurpose.CONFIRM, LATER + timedelta(hours=72))


def test_one_who_leaves_in_the_hour_of_an_export_is_among_its_corrections(ask: Ask) -> None:
    signature, _ = signed(ask, at=MOMENT)
    organiser = make_organiser().id
    with transaction() as writing:
        export = exports.begin(ask.petition_id, organiser, "x", Contents(), LATER)
        removals.withdraw(writing.get_one(Signature, signature.id), LATER + timedelta(minutes=2))

    assert corrections(export) == [signature.id]
    session.commit()


def as_before(signature: Signature) -> None:
    """Make a signature one from before rows said the hour."""
    person = signature.opened()
    old = Person(person.name, person.email, person.postcode, person.reason)
    box = old.seal(signature.supporter_tag)
    with transaction() as writing:
        writing.execute(
            update(Signature)
            .where(Signature.id == signature.id)
            .values(
                person=box.box,
                person_key=box.key_id,
                signed_at=MOMENT,
                confirmed_at=LATER,
                mail_answered_at=MOMENT,
            )
        )


def move_all() -> None:
    """Do what the worker does after an upgrade."""
    after = 0
    while numbers := to_move(after):
        with transaction():
            move_inside(numbers)
        after = numbers[-1]


def test_rows_from_before_keep_their_moments_inside_the_seal(ask: Ask) -> None:
    for _ in range(3):
        signature, _ = signed(ask, at=MOMENT)
        as_before(signature)
    move_all()

    person = newest_signature().opened()
    assert (person.signed_at, person.confirmed_at) == (MOMENT, LATER)
    assert person.mail_answered_at == MOMENT
    assert list(moments(Signature)) == []
    assert to_move(0) == []


def test_one_that_does_not_open_keeps_its_moments_where_they_are(ask: Ask) -> None:
    signature, _ = signed(ask, at=MOMENT)
    as_before(signature)
    with transaction() as writing:
        writing.execute(update(Signature).values(person_key="gone"))
    move_all()

    assert newest_signature().signed_at == MOMENT
