"""Erased means erased: no key that is left opens what is left, on disk, in logs or in backups."""

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, select, text

from config import Config
from petition.audit.noting import TERMINAL
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage import sqlite_file
from petition.core.storage.database import engine, is_sqlite, session, transaction
from petition.outbox.models import OutboxMail, mail_context
from petition.safekeeping import rotation
from petition.safekeeping.resealing import reseal
from petition.signatures.models import Signature
from petition.signatures.persons import person_context
from petition.signatures.removals import erase
from tests.factories import (
    make_ask,
    make_organiser,
    newest_signature,
    sign,
    signed,
    signer,
)
from tests.grounds.postgres import TOOLS
from tests.letters.posting import finished, hand_in
from tests.safekeeping.putting_back import backed_up

NAME, ADDRESS, REASON = "Canary Yellowbird", "canary.yellowbird@example.org", "Since birds sing."
TWO_HOURS = 7_200


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed value that was in the database."""

    sealed: Sealed
    context: str

    def opens(self) -> bool:
        """Whether any key that there is now opens it."""
        for key_id in sealing.keys(fresh=True).sealing:
            try:
                unseal(Sealed(key_id, self.sealed.box), self.context)
            except SealBroken:
                continue
            return True
        return False


def boxes() -> list[Box]:
    """Return every sealed value about the newest signer, with the mails to them."""
    signature = newest_signature()
    found = [
        Box(Sealed(signature.person_key, signature.person), person_context(signature.supporter_tag))
    ]
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.content.is_not(None))):
        assert mail.content is not None
        assert mail.content_key is not None
        sealed = Sealed(mail.content_key, mail.content)
        found.append(Box(sealed, mail_context(mail.message_id)))
    session.remove()
    return found


def files_of(config: Config) -> Iterator[Path]:
    """Yield every file in which the database keeps rows, or kept them."""
    if is_sqlite():
        place = Path(make_url(config.database).database or "")
        yield from place.parent.glob(f"{place.name}*")
        return
    with engine().connect() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        number = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    if not os.access(folder / "base", os.R_OK):
        pytest.skip("the server's folder cannot be read from here")
    yield from (folder / "base" / str(number)).iterdir()
    yield from (path for path in (folder / "pg_wal").iterdir() if path.is_file())


def found_in(paths: list[Path], wanted: list[bytes]) -> int:
    """Return how many of these stand in any of the files."""
    contents = [path.read_bytes() for path in paths if path.exists()]
    return sum(any(one in content for content in contents) for one in wanted)


def write_out() -> None:
    """Let the database write what it has in memory."""
    if is_sqlite():
        sqlite_file.empty_log(engine())
        return
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))


def change_keys() -> None:
    """Change the keys and drop the old ones, two hours later."""
    with rotation.alone() as file:
        rotation.change(file, TERMINAL)
        list(reseal())
        before = time.time() - TWO_HOURS
        os.utime(file.path, (before, before))
        rotation.require_old_enough(file)
        rotation.retire(file, TERMINAL)


def test_what_is_left_of_an_erased_signer_opens_with_no_key_that_is_left(
    app: Flask, config: Config
) -> None:
    ask = make_ask()
    signed(ask, signer(ADDRESS, name=NAME, reason=REASON))
    sign(ask, signer(ADDRESS, name=NAME, reason=REASON))
    old, number = boxes(), newest_signature().id
    assert len(old) == 2
    write_out()
    paths = list(files_of(config))
    raw = [box.sealed.box for box in old]
    assert found_in(paths, raw) == len(raw), "the test knows where to look"
    assert all(box.opens() for box in old)

    with transaction() as writing:
        erase(writing.get_one(Signature, number), now())
    change_keys()
    write_out()

    left = found_in(list(files_of(config)), raw)
    assert left == 0 or not is_sqlite()
    assert [box.opens() for box in old] == [False, False]
    words = [word.encode() for word in (NAME, ADDRESS, REASON)]
    assert found_in(list(files_of(config)), words) == 0


def test_sqlites_log_is_emptied_and_deleted_rows_are_overwritten(
    app: Flask, config: Config
) -> None:
    if not is_sqlite():
        return
    signed(make_ask(), signer(ADDRESS, name=NAME, reason=REASON))
    old, number = boxes(), newest_signature().id
    with transaction() as writing:
        erase(writing.get_one(Signature, number), now())
    write_out()

    assert found_in(list(files_of(config)), [box.sealed.box for box in old]) == 0
    place = Path(make_url(config.database).database or "")
    assert place.with_name(f"{place.name}-wal").stat().st_size == 0


def test_a_backup_names_nobody_to_whoever_has_no_keys(app: Flask, file: Path) -> None:
    signed(make_ask(), signer(ADDRESS, name=NAME, reason=REASON))
    sign(make_ask(), signer(f"x{ADDRESS}", name=NAME, reason=REASON))
    hand_in(finished(ADDRESS, name=NAME, own=REASON))
    organiser = make_organiser().identity
    backed_up(app, file)
    content = file.read_bytes()
    if not is_sqlite():  # what is in a dump is packed
        command = [str(TOOLS / "pg_restore"), "--data-only", "--file=-", str(file)]
        content = subprocess.run(command, capture_output=True, check=True).stdout

    assert b"signature" in content
    for words in (*NAME.split(), ADDRESS, REASON, organiser.name, organiser.email):
        assert words.encode() not in content
