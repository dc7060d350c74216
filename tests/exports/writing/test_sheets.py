"""Exports as sheets of names: each line is on one, and each sheet says which of how many it is."""

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from PIL import Image
from sqlalchemy import insert, select

from petition.core.clock import now
from petition.core.printing.typesetting import typeset_png
from petition.core.storage.database import rows_of, session, transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportState
from petition.exports.writing.sheets import (
    LINES,
    LINES_AT_ONCE,
    Head,
    may_be_wide,
    part_data,
    shown,
)
from petition.jobs.models import Job
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from petition.signatures.persons import Person
from tests.core.printing.test_typesetting import HOSTILE
from tests.factories import make_ask, make_organiser, signed, signer, spoil
from tests.grounds.exporting import as_recorded, made
from tests.grounds.papers import open_paper, words_of

AT = datetime(2026, 12, 9, 12, 30, tzinfo=UTC)
TITLE = "Use these sanctions against human trafficking"
NAMES = (
    "Надежда Примерова",
    "王小明",
    "さくら 花子",
    "이민호",
    "Zoë  Ångström-O’Neill",
    "Nadia 🕊️ Sample",
    "Wolfeschlegelsteinhausenbergerdorff" * 5,
    "word " * 39 + "last",
    "\ufdfd" * 20,
    "Z" + "\u0300\u0316" * 15 + "algo",
    "\u202eeldnah ot",
    "a\x00b\x1bc\nd",
)
ARABIC = ("ندى مثال", "فاطمة الزهراء", "گلنار پژمان")
WIDE_OR_TALL = (
    *("\u102a", "\u2e3b", "\u0b94", "\u01c4", "\u0d14", "\u27ff", "\u103f", "\ufdfd", "W", "王"),
    "e" + "\u0301" * 30,
    "ก" + "\u0e49" * 30,
)
FIELD_OF_THE_NAME = (99, 122, 391, 145)
"""Of the first line: its left, top, right and bottom edge in points."""


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask) -> Export:
    """Ask for sheets of those that count."""
    contents = Contents(preset=ExportPreset.NAMES, format=ExportFormat.PDF)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def sign_often(
    ask: Ask, count: int, *, at: datetime | None = None, mail_allowed: bool = False
) -> None:
    """Add this many confirmed signatures; each is called by its number."""
    signed(ask, signer(name="Signer 1", mail_allowed=mail_allowed), at=at)
    table = rows_of(Signature)
    with transaction() as writing:
        like = dict(writing.execute(select(table)).one()._mapping)
        del like["id"]
        for number in range(2, count + 1):
            tag = number.to_bytes(32)
            sealed = Person(f"Signer {number}", "signer@example.org").seal(tag)
            person = {"supporter_tag": tag, "person": sealed.box, "person_key": sealed.key_id}
            writing.execute(insert(table), like | person)


def close(text: str) -> str:
    """Return text without spaces and unseen marks: a paper breaks lines where it likes."""
    return "".join(one for one in text if one.isprintable() and not one.isspace())


def test_a_sheet_holds_numbered_names_and_countries_and_says_what_it_is(ask: Ask) -> None:
    signed(ask, signer(name="Ada One", country="FR"))
    signed(ask, signer(name="Bea Two", email="bea@example.org"))
    with time_machine.travel(AT, tick=False):
        file = made(begin(ask))

    assert len(open_paper(file).pages) == 1
    words = words_of(file)
    for part in ("1 Ada One France", "2 Bea Two United Kingdom", TITLE, "9 December 2026"):
        assert part in words
    for part in ("Sheet 1 of 1", "Signatures 1–2 of 2", "1 / 1", "Full name"):
        assert part in words
    assert "example.org" not in words
    assert open_paper(file).metadata == {"/Title": TITLE}


def test_where_nobody_has_signed_one_sheet_says_so(ask: Ask) -> None:
    export = begin(ask)
    words = words_of(made(export))

    assert TITLE in words
    assert "Sheet 1 of 1" in words
    assert "Nobody has signed." in words
    assert as_recorded(export).row_count == 0


def test_many_names_fill_many_sheets_each_with_its_head(ask: Ask) -> None:
    sign_often(ask, 2_001)
    export = begin(ask)
    pages = [" ".join(page.extract_text().split()) for page in open_paper(made(export)).pages]

    sheets = -(-2_001 // LINES)
    assert len(pages) == sheets
    for number, page in enumerate(pages, 1):
        assert TITLE in page
        assert f"Sheet {number} of {sheets}" in page
        assert f"{number} / {sheets}" in page
    numbered = re.findall(r"(\d+) Signer (\d+) United Kingdom", " ".join(pages))
    assert numbered == [(str(number), str(number)) for number in range(1, 2_002)]
    assert as_recorded(export).row_count == 2_001


def test_a_row_is_a_step_when_it_is_read_and_another_when_it_is_set(ask: Ask) -> None:
    sign_often(ask, LINES_AT_ONCE + 1)
    export = begin(ask)
    made(export)

    assert as_recorded(export).state_at(now()) is ExportState.READY
    job = session.get_one(Job, export.job_id)
    assert job.steps_done == job.steps == 2 * (LINES_AT_ONCE + 1)
    session.commit()


def test_no_name_breaks_a_sheet(ask: Ask) -> None:
    for name in (*HOSTILE, *NAMES):
        signed(ask, signer(name=name))
    signed(ask, signer(name="The Last One"))
    file = made(begin(ask))

    assert len(open_paper(file).pages) == 1
    words = close(words_of(file))
    for name in (*HOSTILE, *NAMES[:3], NAMES[4], NAMES[6], NAMES[7]):
        assert close(name) in words
    assert "TheLastOne" in words


@pytest.mark.parametrize("letter", WIDE_OR_TALL, ids=ascii)
@pytest.mark.parametrize("often", [24, 200])
def test_no_name_leaves_its_field(letter: str, often: int) -> None:
    assert outside_of_the_name(letter * often) == outside_of_the_name("")


def outside_of_the_name(name: str) -> bytes:
    """Return all that is seen of a sheet but the field in which the first line has this name."""
    head = Head(TITLE, "en", "en", "9 December 2026", 3)
    lines = [(shown(name), "GB"), ("Bea Two", "FR"), ("Cem Three", "TR")]
    png = typeset_png("names.typ", part_data(head, lines, 1))
    picture = Image.open(io.BytesIO(png)).convert("L")
    picture.paste(255, FIELD_OF_THE_NAME)
    return picture.tobytes()


def test_a_name_that_does_not_open_leaves_its_line_empty(ask: Ask) -> None:
    first, _ = signed(ask)
    signed(ask, signer(name="Bea Two"))
    spoil(Signature, number=first.id)
    export = begin(ask)
    words = words_of(made(export))

    assert "1 United Kingdom 2 Bea Two United Kingdom" in words
    assert (as_recorded(export).row_count, as_recorded(export).unreadable_count) == (2, 1)


def test_the_same_names_make_the_same_bytes(ask: Ask) -> None:
    signed(ask, signer(name="Ада Один"))
    with time_machine.travel(AT, tick=False):
        assert made(begin(ask)) == made(begin(ask))


@pytest.mark.parametrize(
    ("language", "word", "country", "day"),
    [
        ("fr", "Feuille 2 sur 3", "Royaume-Uni", "9 décembre 2026"),
        ("ru", "Лист 2 из 3", "Великобритания", "9 декабря 2026 г."),
        ("ja", "Sheet 2 of 3", "United Kingdom", "9 December 2026"),
    ],
)
def test_words_and_countries_are_in_the_language_of_the_petition_or_in_english(
    language: str, word: str, country: str, day: str
) -> None:
    spoken = language if language != "ja" else "en"
    head = Head("Title", language, spoken, day, 3 * LINES)
    data = part_data(head, [("Nadia Sample", "GB")] * LINES, 2)

    [sheet] = data["sheets"]
    assert sheet["which"] == word
    assert sheet["rows"][0][2]["text"] == country
    assert (data["lang"], data["title"]["lang"]) == (spoken, language)


def test_countries_are_as_large_as_one_another_in_whichever_letters() -> None:
    head = Head("Titre", "fr", "fr", "9 décembre 2026", 3)
    lines = [("Nadia Sample", code) for code in ("FR", "EG", "GS")]
    [sheet] = part_data(head, lines, 1)["sheets"]

    assert [(row[2]["text"][:6], row[2]["wide"]) for row in sheet["rows"]] == [
        *(("France", False), ("Égypte", False), ("Géorgi", True)),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ""),
        ("  Zoë \n Sample\t", "Zoë Sample"),
        ("a\x00b\x1b\ud800c", "a b c"),
        ("نام\u200cخانوادگی", "نام\u200cخانوادگی"),
    ],
)
def test_a_name_is_set_in_one_line_without_what_no_text_may_hold(
    given: str | None, expected: str
) -> None:
    assert shown(given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Nadia Sample", False), ("W" * 24, False), ("x" * 25, True), ("Zoë", True), ("\ufdfd", True)],
)
def test_what_may_be_wide_is_measured(text: str, expected: bool) -> None:
    assert may_be_wide(text) is expected


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="there is no pdftotext here")
def test_another_program_reads_the_names_too(ask: Ask, tmp_path: Path) -> None:
    named = (*NAMES[:4], *ARABIC)
    for name in named:
        signed(ask, signer(name=name))
    sign_file = tmp_path / "sheets.pdf"
    sign_file.write_bytes(made(begin(ask)))
    read = subprocess.run(["pdftotext", "-layout", sign_file, "-"], capture_output=True, check=True)

    words = close(read.stdout.decode())
    assert read.stderr == b""
    for name in named:
        assert close(name) in words
