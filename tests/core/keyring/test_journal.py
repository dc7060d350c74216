"""The journal of erasures: one line a wish, on the disk before it is carried out, naming nobody."""

import fcntl
import resource
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from petition.core.keyring import journal as journals
from petition.core.keyring.journal import Entry, Journal, Wish
from petition.core.storage.database import session, transaction
from petition.letters import actions as letters
from petition.letters import decisions, removals
from petition.letters.letter.models import Letter
from petition.signatures import actions
from petition.signatures.models import Signature
from petition.signatures.removals import erase, withdraw
from tests.factories import NOON, confirm, make_ask, sign, signed, signer
from tests.letters import posting

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """An empty journal."""
    return Journal(tmp_path / "erasures.jsonl")


class StopsHere(RuntimeError):
    """The machine stops before the transaction commits."""


def entry(number: int = 1, at: datetime = AT) -> Entry:
    return Entry(Wish.ERASED, number, bytes(32), at)


def wishes() -> list[Wish]:
    """Return what stands in the journal of the install."""
    return [one.wish for one in journals.journal().read().entries]


def test_what_was_written_is_read_again_and_only_its_owner_may(journal: Journal) -> None:
    assert journal.read().entries == []
    for number in (1, 2):
        journal.append(entry(number))

    assert journal.read().entries == [entry(1), entry(2)]
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_costs_itself_alone(journal: Journal) -> None:
    journal.append(entry(1))
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + whole[:40])
    journal.append(entry(2))
    found = journal.read()

    assert found.entries == [entry(1), entry(2)]
    assert found.broken == 1


@pytest.fixture
def little_room(journal: Journal) -> Iterator[None]:
    """A disk that takes some octets more of the journal, which has one entry."""
    journal.append(entry(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 30, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("little_room")
def test_an_entry_of_which_a_part_was_written_is_none(journal: Journal) -> None:
    with pytest.raises(OSError, match="File too large"):
        journal.append(entry(2))

    assert journal.read().entries == [entry(1)]


def test_many_write_at_once(journal: Journal) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: journal.append(entry(number)), range(60)))

    assert {one.number for one in journal.read().entries} == set(range(60))


def test_a_wish_is_refused_rather_than_waiting_for_good(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "LOCK_SECONDS", 0.1)
    journal.append(entry(1))
    with journal.path.with_suffix(".lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(OSError, match="No locks available"):
            journal.append(entry(2))
        with pytest.raises(OSError, match="No locks available"):
            journal.require_writable()
    journal.append(entry(3))

    assert journal.read().entries == [entry(1), entry(3)]


def test_what_is_older_than_every_backup_is_forgotten(journal: Journal) -> None:
    for days in range(10):
        journal.append(entry(days, AT + timedelta(days=days)))

    assert journal.purge(AT - timedelta(days=1)) == 0
    assert journal.purge(AT + timedelta(days=4)) == 4
    assert [one.number for one in journal.read().entries] == list(range(4, 10))
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_what_is_written_while_the_old_is_forgotten_stays(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        journal.append(entry(number))
    journal.path.with_suffix(".0123.new").write_text("left by a crash")
    write = journals._write

    def write_while_others_do(path: Path, lines: Iterable[str]) -> None:
        write(path, lines)
        journal.append(entry(7, AT + timedelta(days=9)))

    monkeypatch.setattr(journals, "_write", write_while_others_do)

    assert journal.purge(AT + timedelta(days=1)) == 3
    assert [one.number for one in journal.read().entries] == [7]
    assert [path.name for path in journal.path.parent.glob("*.new")] == []


@pytest.mark.usefixtures("database")
def test_each_wish_of_a_signer_is_noted_and_names_nobody() -> None:
    ask = make_ask()
    signature, _token = signed(ask, signer("nadia@example.org", mail_allowed=True))
    for verb in (actions.stop_mail, withdraw):
        with transaction() as writing:
            verb(writing.get_one(Signature, signature.id), AT)
    confirm(sign(ask, signer("nadia@example.org")))
    with transaction() as writing:
        erase(writing.get_one(Signature, signature.id), AT)

    said_anew = [Wish.SIGNED_AGAIN, Wish.NAME_PRIVATE, Wish.NO_MAIL]
    assert wishes() == [Wish.NO_MAIL, Wish.WITHDRAWN, *said_anew, Wish.ERASED]
    text = journals.journal().path.read_text()
    assert "nadia" not in text.casefold()
    assert "example.org" not in text


@pytest.mark.usefixtures("database")
def test_each_wish_of_a_writer_is_noted() -> None:
    stopped, deleted = posting.queued(), posting.queued()
    with transaction() as writing:
        decisions.stop(writing.get_one(Letter, stopped.id), AT)
        removals.erase_words(writing.get_one(Letter, deleted.id), AT)
    token = posting.hand_in(posting.finished())
    assert token is not None
    with transaction():
        letters.decline(token, NOON)

    assert wishes() == [
        *(Wish.LETTER_STOPPED, Wish.LETTER_STOPPED, Wish.LETTER_DELETED, Wish.LETTER_DECLINED)
    ]


@pytest.mark.usefixtures("database")
def test_a_wish_stands_in_the_journal_before_it_is_carried_out() -> None:
    """A crash between the two leaves a wish that a restore carries out, and loses none."""
    signature, _token = signed(make_ask())
    with suppress(StopsHere), transaction() as writing:
        erase(writing.get_one(Signature, signature.id), AT)
        raise StopsHere

    assert session.get(Signature, signature.id) is not None
    assert wishes() == [Wish.ERASED]


@pytest.mark.usefixtures("database")
def test_nothing_is_said_to_be_erased_where_the_journal_cannot_be_written() -> None:
    signature, _token = signed(make_ask())
    journals.journal().path.mkdir()
    with pytest.raises(OSError, match="directory"), transaction() as writing:
        erase(writing.get_one(Signature, signature.id), AT)

    assert session.get(Signature, signature.id) is not None
