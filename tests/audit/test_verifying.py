"""Whoever may write to the database, but has no keys, cannot change the log unnoticed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from petition.audit.acts import Act
from petition.audit.models import AuditEntry
from petition.audit.noting import TERMINAL, begin_log, note, organiser
from petition.audit.verifying import Verified, is_end_whole, verify
from petition.core.keyring import sealing
from petition.core.keyring.sealing import Sealed, seal, unseal
from petition.core.storage.database import is_sqlite, session, transaction
from tests.audit.guards import past_the_guards

AT = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
REFUSED = r"audit_entry_never_changes|audit_head_moves_on"
MOVED = (
    "UPDATE audit_entry SET about = (SELECT about FROM audit_entry WHERE number = 4) "
    "WHERE number = 3"
)
COPY = (
    "INSERT INTO audit_entry SELECT number + :by, at, act, actor, organiser_id, about, about_key, "
    "content_tag, chain_tag FROM audit_entry WHERE number = 3"
)


@pytest.fixture
def log(database: str) -> None:
    """A log of six entries: it begins, then somebody reads names five times."""
    with transaction():
        begin_log(AT)
    for page in range(5):
        with transaction():
            note(Act.NAMES_READ, organiser(7), AT + timedelta(minutes=page), petition="p", rows=50)


def tamper(*statements: str, **values: int) -> Verified:
    """Change the database past its guards; then look."""
    with past_the_guards() as writing:
        for statement in statements:
            writing.execute(text(statement), values if ":by" in statement else {})
    return verify()


def read_once_more() -> None:
    with transaction():
        note(Act.NAMES_READ, organiser(7), AT + timedelta(hours=1), petition="p", rows=50)
    session.remove()


@pytest.mark.usefixtures("log")
def test_a_log_that_nobody_has_touched_holds() -> None:
    found = verify()

    assert (found.entries, found.first_break, found.end.number) == (6, None, 6)
    assert found.begun_at == AT


@pytest.mark.usefixtures("database")
def test_an_install_without_a_log_is_not_whole() -> None:
    assert verify().first_break is not None
    with transaction():
        begin_log(AT)
    assert verify().first_break is None
    with transaction():
        begin_log(AT)
    assert verify().entries == 1


@pytest.mark.usefixtures("log")
def test_the_database_refuses_to_change_or_delete() -> None:
    for statement in (
        "UPDATE audit_entry SET act = 'logged_out' WHERE number = 3",
        "UPDATE audit_entry SET organiser_id = 8 WHERE number = 3",
        "UPDATE audit_entry SET about = NULL, about_key = NULL WHERE number = 3",
        "UPDATE audit_entry SET number = 9 WHERE number = 3",
        "UPDATE audit_entry SET about_key = 'other' WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 6",
        "DELETE FROM audit_entry",
        "UPDATE audit_head SET number = 1",
        "DELETE FROM audit_head",
    ):
        with pytest.raises(DBAPIError, match=REFUSED), transaction() as writing:
            writing.execute(text(statement))
    assert verify().first_break is None


REPLACED = (
    "INSERT OR REPLACE INTO audit_entry SELECT number - 1, at, act, actor, organiser_id, about, "
    "about_key, content_tag, chain_tag FROM audit_entry WHERE number = 4"
)
HEAD_REPLACED = "INSERT OR REPLACE INTO audit_head SELECT 1, 3, chain_tag, head_tag FROM audit_head"


@pytest.mark.usefixtures("log")
def test_nor_does_sqlite_let_one_entry_replace_another() -> None:
    if not is_sqlite():
        pytest.skip("only SQLite can")
    with pytest.raises(DBAPIError, match=REFUSED), transaction() as writing:
        writing.execute(text(REPLACED))
    with transaction() as writing:
        writing.execute(text(HEAD_REPLACED))
    session.remove()

    assert (verify().first_break, is_end_whole()) == (None, True)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_nor_does_postgresql_let_a_table_be_emptied(table: str) -> None:
    if is_sqlite():
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match=REFUSED), transaction() as writing:
        writing.execute(text(f"TRUNCATE {table}"))

    assert (verify().first_break, is_end_whole()) == (None, True)


@pytest.mark.usefixtures("log")
def test_an_entry_may_be_sealed_anew_and_the_chain_holds() -> None:
    sealing.key_file().replace(sealing.keys().with_new_current())
    with transaction() as writing:
        entry = writing.get_one(AuditEntry, 3)
        assert entry.about is not None
        assert entry.about_key is not None
        plain = unseal(Sealed(entry.about_key, entry.about), "audit:3")
        entry.about_key, entry.about = seal(plain, "audit:3")
    session.remove()

    assert session.get_one(AuditEntry, 3).opened() == {"petition": "p", "rows": 50}
    assert verify().first_break is None


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("statement", "number", "what"),
    [
        ("UPDATE audit_entry SET act = 'logged_out' WHERE number = 3", 3, "was changed"),
        ("UPDATE audit_entry SET organiser_id = 8 WHERE number = 3", 3, "was changed"),
        ("UPDATE audit_entry SET at = (SELECT max(at) FROM audit_entry) WHERE number = 3",
         3, "was changed"),
        ("UPDATE audit_entry SET about = NULL, about_key = NULL WHERE number = 3",
         3, "was changed"),
        (MOVED, 3, "cannot be opened"),
        ("DELETE FROM audit_entry WHERE number = 3", 3, "is missing"),
        ("DELETE FROM audit_entry WHERE number <= 3", 1, "is missing"),
        ("DELETE FROM audit_entry WHERE number = 6", 6, "is missing, and what came with it"),
        ("DELETE FROM audit_entry", 6, "is missing, and what came with it"),
        (COPY, 7, "cannot be opened"),
        ("DELETE FROM audit_head", 7, "may be missing: where the log ends was changed"),
    ],
)  # fmt: skip
def test_an_entry_that_was_changed_or_taken_out_is_named(
    statement: str, number: int, what: str
) -> None:
    assert tamper(statement, by=4).first_break == (number, what)


@pytest.mark.usefixtures("log")
def test_entries_that_have_changed_places_are_found() -> None:
    found = tamper(
        "UPDATE audit_entry SET number = 99 WHERE number = 3",
        "UPDATE audit_entry SET number = 3 WHERE number = 4",
        "UPDATE audit_entry SET number = 4 WHERE number = 99",
    )

    assert found.first_break is not None
    assert found.first_break.number == 3


@pytest.mark.usefixtures("log")
def test_an_end_that_is_cut_off_is_found_though_the_head_was_moved_back() -> None:
    found = tamper(
        "DELETE FROM audit_entry WHERE number > 4",
        "UPDATE audit_head SET number = 4, "
        "chain_tag = (SELECT chain_tag FROM audit_entry WHERE number = 4)",
    )

    assert found.first_break == (5, "may be missing: where the log ends was changed")


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM audit_entry WHERE number > 4",),
        ("DELETE FROM audit_head",),
        ("DELETE FROM audit_entry", "DELETE FROM audit_head"),
        ("UPDATE audit_head SET number = 2",),
    ],
)
def test_what_is_noted_after_a_change_does_not_cover_it_up(statements: tuple[str, ...]) -> None:
    tamper(*statements)
    read_once_more()
    read_once_more()

    assert verify().first_break is not None
    found = session.query(AuditEntry).filter_by(act=Act.LOG_CHANGED).count()
    assert found == 1


@pytest.mark.usefixtures("log")
def test_a_mark_that_was_written_down_finds_an_older_copy_of_the_whole_log() -> None:
    older = session.execute(text("SELECT number, chain_tag, head_tag FROM audit_head")).one()
    read_once_more()
    mark = verify().end
    assert verify([mark]).first_break is None
    with past_the_guards() as writing:
        writing.execute(text("DELETE FROM audit_entry WHERE number = 7"))
        writing.execute(
            text("UPDATE audit_head SET number = :number, chain_tag = :chain, head_tag = :head"),
            {"number": older[0], "chain": older[1], "head": older[2]},
        )

    assert verify().first_break is None
    assert verify([mark]).first_break == (7, "is missing, and what came with it")


def read_and_fail() -> None:
    with transaction():
        note(Act.LOGGED_IN, organiser(7), AT)
        raise ZeroDivisionError


@pytest.mark.usefixtures("log")
def test_what_was_not_committed_leaves_no_gap() -> None:
    with pytest.raises(ZeroDivisionError):
        read_and_fail()
    with transaction():
        note(Act.SETTINGS_PRINTED, TERMINAL, AT)

    assert (verify().entries, verify().first_break) == (7, None)


@pytest.mark.usefixtures("log")
def test_many_who_note_at_once_make_one_chain() -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(read_once_more) for _ in range(40)]:
            done.result()

    assert (verify().entries, verify().first_break) == (46, None)
