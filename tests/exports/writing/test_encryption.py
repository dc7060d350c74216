"""Encrypted exports: whoever holds a key reads what the file would have been, and nobody else."""

import hashlib
import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import DecryptError, EncryptError, decrypt
from pyrage.x25519 import Identity
from python_calamine import CalamineWorkbook

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportState
from petition.exports.writing.encryption import (
    encrypted,
)
from petition.exports.writing.making import kinds
from petition.petitions.asks import Ask
from petition.worker.jobs import JobDesk
from tests.factories import make_ask, make_organiser, signed, signer
from tests.grounds.exporting import KEPT, as_recorded, made
from tests.grounds.papers import words_of

MEGABYTE = b"x" * 1_000_000


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def key_of(identity: Identity) -> str:
    return str(identity.to_public())


def begin(ask: Ask, preset: ExportPreset, format_: ExportFormat, *keys: str) -> Export:
    """Ask for an export that only the holders of these keys can read."""
    contents = Contents(preset=preset, format=format_, encrypted_for=keys)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def cells_of(workbook: bytes) -> str:
    """Return what stands in the first sheet of a workbook."""
    rows = CalamineWorkbook.from_object(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    return str(rows)


TEXT_OF = {ExportFormat.PDF: words_of, ExportFormat.XLSX: cells_of}


@pytest.mark.parametrize("format_", ExportFormat)
def test_every_format_is_encrypted_for_each_of_the_keys(ask: Ask, format_: ExportFormat) -> None:
    signed(ask, signer(name="Ada One"))
    one, other = Identity.generate(), Identity.generate()
    export = begin(ask, ExportPreset.NAMES, format_, key_of(one), key_of(other))
    file = made(export)

    assert file.startswith(b"age-encryption.org/v1\n")
    assert b"Ada One" not in file  # three letters alone may be there by chance
    assert as_recorded(export).sha256 == hashlib.sha256(file).hexdigest()
    assert as_recorded(export).contents.encrypted_for == (key_of(one), key_of(other))
    plain = decrypt(file, [one])
    assert plain == decrypt(file, [other])
    assert "Ada One" in TEXT_OF.get(format_, bytes.decode)(plain)
    with pytest.raises(DecryptError):
        decrypt(file, [Identity.generate()])


def test_what_is_encrypted_is_the_file_that_is_made_in_the_clear(ask: Ask) -> None:
    signed(ask, signer(name="Ada One"))
    identity = Identity.generate()
    given = (ExportPreset.SPREADSHEET, ExportFormat.CSV)

    assert decrypt(made(begin(ask, *given, key_of(identity))), [identity]) == made(
        begin(ask, *given)
    )


@pytest.mark.parametrize(
    "pieces", [[], [b""], [b"a"], [b"", b"a", b"", b"b"], [MEGABYTE, b"", MEGABYTE + b"end"]]
)
def test_pieces_of_any_size_come_out_as_they_were(pieces: list[bytes]) -> None:
    identity = Identity.generate()
    file = b"".join(encrypted(pieces, [key_of(identity)]))

    assert decrypt(file, [identity]) == b"".join(pieces)


def test_a_piece_leaves_before_the_next_one_is_asked_for() -> None:
    asked = 0

    def pieces() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(5):
            asked += 1
            yield MEGABYTE

    file = encrypted(pieces(), [key_of(Identity.generate())])
    sizes = [(asked, len(made_of_it)) for made_of_it in file]

    assert [number for number, _ in sizes] == [0, 1, 2, 3, 4, 5, 5]
    assert all(900_000 < size < 1_100_000 for _, size in sizes[1:-1])


def test_one_that_is_broken_off_leaves_no_thread_behind() -> None:
    def pieces() -> Iterator[bytes]:
        yield MEGABYTE
        raise ZeroDivisionError

    before = threading.active_count()
    file = encrypted([MEGABYTE, MEGABYTE], [key_of(Identity.generate())])
    next(file)
    assert next(file)
    file.close()  # type: ignore[attr-defined]
    with pytest.raises(ZeroDivisionError):
        list(encrypted(pieces(), [key_of(Identity.generate())]))

    assert threading.active_count() == before


def test_a_worker_that_is_told_to_stop_leaves_no_thread_behind(ask: Ask) -> None:
    signed(ask)
    key, stopped = key_of(Identity.generate()), threading.Event()
    export = begin(ask, ExportPreset.NAMES, ExportFormat.PDF, key)
    stopped.set()
    JobDesk("the test", kinds(KEPT), stopped).do_one()

    assert as_recorded(export).state_at(now()) is ExportState.MAKING
    assert not [one for one in threading.enumerate() if one.name.startswith("age")]


def test_without_any_key_nothing_is_written() -> None:
    with pytest.raises(EncryptError):
        list(encrypted([b"a"], []))


@pytest.mark.skipif(not shutil.which("age"), reason="there is no age here")
def test_age_itself_opens_the_file(ask: Ask, tmp_path: Path) -> None:
    signed(ask, signer(name="Ada One"))
    identity = Identity.generate()
    file, key = tmp_path / "names.csv.age", tmp_path / "key.txt"
    export = begin(ask, ExportPreset.NAMES, ExportFormat.CSV, key_of(identity))
    file.write_bytes(made(export))
    key.write_text(f"{identity}\n")
    command = ["age", "--decrypt", "--identity", str(key), str(file)]

    assert b"Ada One" in subprocess.run(command, capture_output=True, check=True).stdout
