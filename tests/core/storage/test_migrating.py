"""The migrations make the tables that the models describe, and lose nothing that was there."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import TableClause, column, func, select, table, text, update
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.errors import LinkError, LinkUsed
from petition.core.storage.columns import utc
from petition.core.storage.database import engine, session, transaction
from petition.core.storage.fitness import is_current
from petition.core.storage.migrating import upgrade
from petition.holds.models import Hold, HoldCause
from petition.letters import decisions
from petition.letters.campaigns import halting
from petition.letters.campaigns.models import LetterHalt
from petition.letters.campaigns.queries import letter_campaign_by_slug, letter_campaign_to_change
from petition.letters.decisions import Decision
from petition.letters.letter.links import LETTER_LINKS
from petition.letters.letter.models import Letter, LetterTransition
from petition.links.actions import Links
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox.models import MailState, OutboxMail
from petition.signatures.desk.decisions import accept
from petition.signatures.links import SIGNATURE_LINKS, given_by
from petition.signatures.models import Removal, Signature
from petition.signatures.removals import withdraw
from tests.core.storage.migrations import back_to, counted, differences
from tests.factories import (
    NOON,
    Letters,
    confirm,
    load_sample,
    make_ask,
    make_organiser,
    sign,
    signed,
    signer,
)
from tests.letters.posting import LETTER, finished, hand_in, queued
from tests.letters.posting import confirm as let_leave


def of_before(name: str) -> TableClause:
    """Return a table of links as it was before they were in one."""
    return table(name, column("used_at", utc), column("expires_at", utc))


@pytest.mark.usefixtures("database")
def test_the_migrations_make_just_what_the_models_describe() -> None:
    assert differences() == []
    assert is_current()


def press_the_switch(organiser_id: int) -> None:
    """Stop a letter campaign."""
    with transaction():
        found = letter_campaign_to_change(LETTER)
        assert found is not None
        halting.halt(found, organiser_id, now())


@pytest.mark.usefixtures("own_database")
def test_a_letter_campaign_stays_stopped_by_whoever_stopped_it() -> None:
    load_sample()
    queued()
    organiser, before = make_organiser().id, counted()
    press_the_switch(organiser)
    back_to("0008")
    with engine().connect() as connection:
        stopped = text("SELECT slug, stopped_by FROM letter_campaign WHERE stopped_at IS NOT NULL")
        assert connection.execute(stopped).all() == [(LETTER, organiser)]
    assert counted() == before
    upgrade()

    found = letter_campaign_by_slug(LETTER)
    assert found is not None
    assert found.halt is not None
    assert found.halt.stopped_by == organiser
    assert session.query(LetterHalt).count() == 1
    assert (counted(), differences()) == (before, [])


@pytest.mark.usefixtures("own_database")
def test_a_migrated_database_still_refuses_a_row_that_belongs_to_nothing() -> None:
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(text("INSERT INTO recipient_area VALUES (1, 'GB', 'E')"))


@pytest.mark.usefixtures("own_database")
def test_times_of_what_is_over_lose_their_minutes_and_mail_that_waits_keeps_them() -> None:
    signature, _ = signed(make_ask())
    with transaction() as writing:
        withdraw(writing.get_one(Signature, signature.id), now())
    sign(make_ask())
    sign(make_ask())
    first = session.query(func.min(OutboxMail.id)).scalar()
    back_to("0016")
    moment = datetime(2026, 11, 20, 12, 34, 56, 789, UTC)
    with transaction() as writing:
        writing.execute(update(Removal).values(removed_at=moment, confirmed_at=moment))
        writing.execute(update(of_before("signature_link")).values(used_at=moment))
        writing.execute(update(OutboxMail).values(created_at=moment))
        writing.execute(
            update(OutboxMail)
            .where(OutboxMail.id == first)
            .values(state=MailState.SENT, content=None, content_key=None, finished_at=moment)
        )
    upgrade()

    hour = datetime(2026, 11, 20, 12, tzinfo=UTC)
    removal = session.query(Removal).populate_existing().one()
    assert (removal.removed_at, removal.confirmed_at) == (hour, hour)
    assert {link.used_at for link in session.query(MailedLink).populate_existing()} == {hour}
    mails = session.query(OutboxMail).populate_existing().order_by(OutboxMail.id).all()
    assert [mail.created_at for mail in mails] == [hour, moment]
    session.commit()


@pytest.mark.usefixtures("own_database")
def test_letters_from_before_lose_their_minutes() -> None:
    load_sample()
    queued()
    back_to("0019")
    moment = datetime(2026, 11, 20, 12, 34, 56, 789, UTC)
    times = ("created_at", "confirmed_at", "changed_at", "due_at", "sent_at", "answered_at")
    with transaction() as writing:
        writing.execute(update(Letter).values(dict.fromkeys(times, moment)))
        writing.execute(update(LetterTransition).values(at=moment))
    upgrade()

    hour = datetime(2026, 11, 20, 12, tzinfo=UTC)
    letter = session.query(Letter).populate_existing().one()
    assert {getattr(letter, name) for name in times} == {hour}
    assert {way.at for way in session.query(LetterTransition).populate_existing()} == {hour}
    session.commit()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("minute", "second", "microsecond", "hour"),
    [(34, 56, 789, 13), (59, 59, 999_999, 13), (0, 0, 1_000, 13), (0, 0, 0, 12)],
)
def test_links_from_before_live_to_the_end_of_their_last_hour(
    minute: int, second: int, microsecond: int, hour: int
) -> None:
    load_sample()
    queued()
    signed(make_ask())
    back_to("0020")
    moment = datetime(2026, 11, 20, 12, minute, second, microsecond, UTC)
    with transaction() as writing:
        for name in ("signature_link", "letter_link"):
            writing.execute(update(of_before(name)).values(expires_at=moment))
    upgrade()

    end = datetime(2026, 11, 20, hour, tzinfo=UTC)
    links = session.query(MailedLink).populate_existing().all()
    assert {link.signature_id is None for link in links} == {True, False}
    assert {link.expires_at for link in links} == {end}
    session.commit()


def links() -> list[Any]:
    """Return every column of every link."""
    found = session.execute(select(MailedLink.__table__).order_by(MailedLink.token_hash)).all()
    session.commit()
    return [tuple(row) for row in found]


def what_opens(token: str, of: Links[Any]) -> str:
    """Return what a link to confirm says at noon."""
    try:
        return f"opens {of.open(token, LinkPurpose.CONFIRM, NOON).id}"
    except LinkUsed:
        with suppress(LinkUsed):
            return f"leads on to {of.just_used(token, NOON).thing.id}"
        return "used"
    except LinkError as error:
        return type(error).__name__
    finally:
        session.commit()


@pytest.mark.usefixtures("own_database")
def test_every_link_from_before_opens_what_it_did() -> None:
    ask, who, letters = make_ask(), signer(), Letters()
    early = sign(ask, at=NOON - timedelta(days=4)).confirm_tokens
    for _ in range(2):  # the second carries what it confirms
        sign(ask, who, letters, at=NOON)
    pressed = sign(ask, at=NOON)
    confirm(pressed, at=NOON)
    signing = [*early, *letters.confirm_tokens, *pressed.confirm_tokens, "unknown"]
    drafts = [finished("nadia@example.org", own=f"Way {n}.") for n in range(2)]
    writing = [hand_in(letter) or "" for letter in [*drafts, finished()]]
    let_leave(writing[0])
    before = links()

    def said() -> list[str]:
        found = [what_opens(token, SIGNATURE_LINKS) for token in signing]
        return found + [what_opens(token, LETTER_LINKS) for token in writing]

    assert said() == [
        *("LinkExpired", "opens 2", "opens 2", "leads on to 4", "LinkUnknown"),
        *("leads on to 1", "used", "opens 3"),
    ]
    shown, given = said(), given_by(letters.confirm_tokens[1])
    back_to("0027")
    upgrade()

    assert (links(), said(), differences()) == (before, shown, [])
    assert given is not None
    assert given_by(letters.confirm_tokens[1]) == given
    session.commit()


def holds() -> list[tuple[Any, ...]]:
    """Return every hold, without its number."""
    columns = [column for column in Hold.__table__.columns if column.name != "id"]
    found = session.execute(select(*columns)).all()
    session.commit()
    return sorted((tuple(row) for row in found), key=repr)


@pytest.mark.usefixtures("own_database")
def test_whoever_was_held_or_let_go_before_is_so_still() -> None:
    ask, moderator = make_ask(), make_organiser().id
    held = signed(ask, hold=HoldCause.NETWORK, at=NOON)[0].id
    sign(ask, hold=HoldCause.HONEYPOT, at=NOON)
    queued()
    for cause in (HoldCause.NETWORK, HoldCause.PROGRAM) * 2:
        if (token := hand_in(finished(), hold=cause)) is not None:
            let_leave(token)
    with transaction() as writing:
        accept(writing.get_one(Signature, held, with_for_update=True), moderator, NOON)
        for number in (2, 3):
            decisions.decide(writing.get_one(Letter, number), Decision.SEND, moderator, NOON)
        decisions.decide(writing.get_one(Letter, 4), Decision.STOP, moderator, NOON)
    before = holds()
    assert len(before) == 6
    back_to("0028")
    upgrade()

    unnoted = {HoldCause.NETWORK: HoldCause.UNNOTED}  # of a letter, the cause was not noted
    assert holds() == sorted(
        [(*row[:2], unnoted.get(row[2], row[2]) if row[1] else row[2], *row[3:]) for row in before],
        key=repr,
    )
    assert differences() == []
