"""What a page says while the database fails: never more than we know."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from config import Config
from petition.arrivals.models import Arrival
from petition.core.clock import now
from petition.core.errors import InstallUnfit
from petition.core.keyring import journal as journals
from petition.core.keyring.installed import tie_to_keys
from petition.core.keyring.journal import journal
from petition.core.keyring.keys import KeyFile
from petition.core.memory import forget_everything
from petition.core.storage import database, fitness
from petition.core.storage.database import session, transaction
from petition.core.storage.fitness import newest
from petition.opening import open_instance
from petition.outbox.actions import beat
from petition.signatures.queries import tallied
from petition.web.site.health import Word, look_around
from tests.factories import newest_signature, rows, take_in_all
from tests.grounds.arriving import take_in_arrivals
from tests.grounds.client import HOST, ORIGIN, ReadingClient
from tests.grounds.databases import Databases
from tests.grounds.pages import parse
from tests.grounds.proxies import COMMITTED, INSERTED, Proxy, proxied
from tests.web.public.people import Person, given, newest_link, page_of, words

NADIA = "nadia@example.org"
NOTHING = "Nothing was saved."
OURS = {"Origin": ORIGIN}
UNKNOWN = "We do not know whether it was saved. Please press the button again in a minute"


@pytest.fixture
def proxy(databases: Databases, instance: Path) -> Iterator[Proxy]:
    """The network between the product and PostgreSQL."""
    with proxied(databases.clean("postgres", instance)) as between:
        yield between
        database.dispose()


@pytest.fixture
def config(instance: Path, proxy: Proxy) -> Config:
    """The settings of an install whose database is reached by way of the proxy."""
    settings = Config.from_environment({})
    settings = replace(settings, instance=instance, database_url=proxy.url)
    return replace(settings, public_url=f"http://{HOST}")


def states() -> list[str]:
    """Return how the signatures stand."""
    found = list(session.execute(text("SELECT state FROM signature")).scalars())
    session.remove()
    return found


def test_a_signature_that_was_not_answered_may_be_there_and_signing_again_is_harmless(
    person: Person, proxy: Proxy, config: Config
) -> None:
    person.client.worker_rests = True
    proxy.cuts = INSERTED
    answer = person.signs(email=NADIA)
    proxy.cuts = None

    assert answer.status_code == 503
    assert UNKNOWN in words(answer.text)
    assert NOTHING not in answer.text
    assert rows(Arrival) == 1
    assert person.signs(email=NADIA).status_code == 200
    take_in_arrivals(config)
    assert states() == ["pending"]


@pytest.fixture
def read_only(person: Person, proxy: Proxy) -> Iterator[None]:
    """A server that takes no writes, as a standby takes none."""
    name = make_url(proxy.url).database
    admin = create_engine(proxy.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        session.remove()
        database.engine().dispose()
        yield
        connection.execute(text(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'))


@pytest.mark.usefixtures("read_only")
def test_a_database_that_takes_no_writes_is_said_and_nothing_was_saved(person: Person) -> None:
    person.client.worker_rests = True
    answer = person.signs(email=NADIA)

    assert answer.status_code == 503
    assert "We cannot reach our records" in answer.text
    assert NOTHING in answer.text
    assert rows(Arrival) == 0


def test_a_confirmation_whose_commit_was_not_answered_leads_to_the_receipt_when_pressed_again(
    person: Person, proxy: Proxy
) -> None:
    person.signs(email=NADIA)
    link = newest_link(NADIA)
    page = person.client.visit(link)
    person.client.worker_rests = True
    proxy.cuts = COMMITTED
    answer = person.client.submit(link, page, {})
    proxy.cuts = None
    assert answer.status_code == 503
    assert UNKNOWN in words(answer.text)
    assert states() == ["confirmed"]

    [again] = [a for a in parse(answer.text).select("main a") if a.text == "Try once more"]
    receipt = person.client.submit(link, person.client.visit(str(again["href"])), {})
    assert receipt.status_code == 303
    person.client.visit(receipt.location)
    take_in_all()
    assert tallied(newest_signature().petition_id) == 1


def test_a_connection_that_was_lost_before_anything_was_written_has_saved_nothing(
    person: Person, proxy: Proxy
) -> None:
    page = person.client.visit(page_of())
    person.client.worker_rests = True
    proxy.is_shut = True
    proxy.cut()
    answer = person.client.submit(page_of(), page, given(), form="#sign form[method=post]")

    assert answer.status_code == 503
    assert NOTHING in answer.text


def test_whoever_only_reads_is_not_told_what_was_saved(person: Person, proxy: Proxy) -> None:
    person.client.visit("/en/")
    proxy.close()
    forget_everything()
    answer = person.client.get(page_of())

    assert answer.status_code == 503
    assert "saved" not in answer.text
    assert "please try again in a minute" in answer.text


@pytest.fixture
def faulty(fresh_app: Flask) -> ReadingClient:
    """A site with two pages that break, before and after they have saved something."""

    def before() -> str:
        raise ZeroDivisionError

    def after() -> str:
        with transaction():
            beat("w1", now())
        raise ZeroDivisionError

    fresh_app.testing = False
    fresh_app.add_url_rule("/before", view_func=before, methods=["GET", "POST"])
    fresh_app.add_url_rule("/after", view_func=after, methods=["POST"])
    return cast("ReadingClient", fresh_app.test_client())


def test_a_fault_says_that_nothing_was_saved_only_where_it_is_so(faulty: ReadingClient) -> None:
    with transaction():  # by somebody else, a while ago
        beat("w2", now())

    assert NOTHING in faulty.post("/before", headers=OURS).text
    assert "saved" not in faulty.get("/before").text
    assert UNKNOWN in faulty.post("/after", headers=OURS).text
    assert NOTHING in faulty.post("/before", headers=OURS).text


def test_nothing_is_taken_in_while_the_database_is_of_a_later_version(
    person: Person, config: Config
) -> None:
    page = person.client.visit(page_of())
    with transaction() as writing:
        version = writing.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        writing.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        answer = person.client.submit(page_of(), page, given(), form="#sign form[method=post]")
        found = {finding.name: finding.sentence for finding in look_around(config)}
        assert person.client.get(page_of()).status_code == 200
    finally:
        with transaction() as writing:
            again = text("UPDATE alembic_version SET version_num = :version")
            writing.execute(again, {"version": version})

    assert answer.status_code == 503
    assert NOTHING in answer.text
    assert "newer than this program" in found["migrations"]


def test_a_database_that_lacks_what_a_later_version_asks_for_is_no_fault_of_its_pages(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitness, "LOOK_AGAIN_SECONDS", -1.0)
    person.client.visit("/en/")
    forget_everything()
    changes = ("ALTER TABLE petition RENAME TO was", "UPDATE alembic_version SET version_num = '1'")
    with undone_afterwards(*changes):
        answer = person.client.get("/en/")

    assert answer.status_code == 503
    assert "We cannot reach our records" in answer.text


@contextmanager
def undone_afterwards(*statements: str) -> Iterator[None]:
    """Change the database as an older version would have it."""
    undo = [
        "ALTER TABLE was RENAME TO petition",
        f"UPDATE alembic_version SET version_num = '{newest()}'",
    ]
    for turn in (statements, undo):
        with transaction() as writing:
            for statement in turn:
                writing.execute(text(statement))
        if turn is statements:
            yield


@contextmanager
def a_folder_in_its_place() -> Iterator[None]:
    """Let the journal take nothing, as where a disk is full."""
    journal().path.mkdir()
    yield


@contextmanager
def another_that_holds_it() -> Iterator[None]:
    """Let another process hold the journal, for longer than anybody waits."""
    with (
        pytest.MonkeyPatch.context() as patch,
        journal().path.with_suffix(".lock").open("w") as own,
    ):
        patch.setattr(journals, "LOCK_SECONDS", 0.1)
        fcntl.flock(own, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize(
    ("nothing_is_taken", "why"),
    [(a_folder_in_its_place, "Is a directory"), (another_that_holds_it, "No locks available")],
)
def test_a_wish_that_the_journal_cannot_take_is_not_carried_out(
    person: Person,
    config: Config,
    nothing_is_taken: Callable[[], AbstractContextManager[None]],
    why: str,
) -> None:
    person.signs(email=NADIA)
    link = newest_link(NADIA)
    receipt = person.client.submit(link, person.client.visit(link), {})
    manage = receipt.location.removesuffix("/receipt")
    page = person.client.visit(manage)
    with nothing_is_taken():
        answer = person.client.submit(manage, page, {}, form="form[action$='/withdraw']")
        found = {finding.name: finding for finding in look_around(config)}

    assert answer.status_code == 503
    assert "We cannot reach our records" in answer.text
    assert NOTHING in answer.text
    assert states() == ["confirmed"]
    assert found["journal"].word == Word.FAILING
    assert f"({why}): nobody can erase or withdraw" in found["journal"].sentence


def test_a_running_site_that_meets_a_database_of_other_keys_serves_nothing_of_it(
    person: Person, config: Config
) -> None:
    with transaction():
        tie_to_keys()
    (config.instance / "keys.json").rename(config.instance / "ours")
    KeyFile(config.instance / "keys.json").create_if_missing()
    open_instance(config)  # as a process that starts
    forget_everything()

    assert person.client.get(page_of()).status_code == 503
    assert {one.name: one.word for one in look_around(config)}["database"] == Word.FAILING
    with pytest.raises(InstallUnfit, match="belongs to other keys"), transaction():
        pytest.fail("it was written to")
