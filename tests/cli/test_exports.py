"""Exports from a terminal: in the same words, on the same record, in a file of one's own."""

import csv
import errno
import hashlib
import io
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from click.testing import Result
from flask import Flask

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.cli.plainly import CANNOT_WRITE
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.models import Export, ExportDownload, ExportState
from petition.exports.presets import PRESETS
from petition.exports.queries import exports_of, last_taken
from petition.jobs.models import Job
from petition.organisers import invitations
from petition.organisers.models import Organiser, Role
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from tests.audit.reading import noted
from tests.exports.composing.drafting import PRESS, made_preset
from tests.factories import OTHER_SLUG, SLUG, make_ask, make_organiser, rows, signed, signer, spoil
from tests.safekeeping.putting_back import run

WHY = ("--why", "For the embassy")


@pytest.fixture
def ask(app: Flask) -> Ask:
    """A petition that some people have signed."""
    ask = make_ask()
    days = (datetime(2026, 11, 1, 0, tzinfo=UTC), datetime(2026, 11, 16, 23, tzinfo=UTC))
    signed(ask, signer("ada@example.org", name="Ada One"), at=days[0])
    signed(ask, signer(name="Bea Two", country="FR", language="fr"), at=days[1], source="poster")
    return ask


@pytest.fixture
def organiser(app: Flask) -> Organiser:
    """Somebody who may export."""
    return make_organiser(Role.EXPORTER)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the file is to be."""
    return tmp_path / "out" / "names.csv"


def make(app: Flask, organiser: Organiser, out: Path, *words: object) -> Result:
    """Run `exports make` for the petition, unless the words name others."""
    out.parent.mkdir(exist_ok=True)
    email = organiser.identity_if_whole.email
    given = (*map(str, words), "--by", email, "--out", str(out))
    named = () if words and not str(words[0]).startswith("-") else (SLUG,)
    return run(app, "exports", "make", *named, *given)


def names_in(path: Path) -> list[str]:
    text = path.read_bytes().decode("utf-8-sig")
    return [row["name"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_a_file_is_written_for_its_user_alone_recorded_and_noted(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    result = make(app, organiser, out, *WHY)

    assert result.exit_code == 0, result.output
    total = hashlib.sha256(out.read_bytes()).hexdigest()
    assert result.output == f"2 rows in {out}\nSHA-256: {total}\n"
    assert names_in(out) == ["Ada One", "Bea Two"]
    assert stat.filemode(out.stat().st_mode) == "-rw-------"
    assert list(out.parent.iterdir()) == [out]
    export = session.query(Export).one()
    assert (export.sha256, export.row_count, export.why) == (total, 2, "For the embassy")
    assert (export.organiser_id, export.state_at(now())) == (organiser.id, ExportState.TAKEN)
    assert (rows(Job), rows(ExportDownload)) == (0, 0)
    about = {"export": export.id, "organiser": organiser.id}
    kind = {"scope": "confirmed", "preset": "spreadsheet", "format": "csv"}
    assert noted()[-2:] == [
        (Act.EXPORT_MADE, Actor.TERMINAL, None, about | kind),
        (Act.EXPORT_DOWNLOADED, Actor.TERMINAL, None, about | {"rows": 2}),
    ]


def test_it_is_narrowed_and_of_several_petitions_as_asked(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    signed(make_ask(OTHER_SLUG), signer("ada@example.org", name="Ada One"))

    def names(*words: str) -> list[str]:
        assert make(app, organiser, out, *words, *WHY, "--force").exit_code == 0
        return names_in(out)

    assert names("--country", "GB") == ["Ada One"]
    assert names("--language", "fr", "--language", "ru") == ["Bea Two"]
    assert names("--from", "2026-11-02", "--to", "2026-11-16") == ["Bea Two"]
    assert names("--to", "2026-11-01") == ["Ada One"]
    assert names("--source", "radio", "--source", "poster") == ["Bea Two"]
    assert names(SLUG, OTHER_SLUG, SLUG, "--country", "GB") == ["Ada One", "Ada One"]
    assert names("--preset", "names") == ["Ada One", "Bea Two"]


def test_it_is_encrypted_for_the_keys_that_are_given(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    identity = pyrage.x25519.Identity.generate()
    assert make(app, organiser, out, *WHY, "--age", identity.to_public()).exit_code == 0

    assert b"Ada One" in pyrage.decrypt(out.read_bytes(), [identity])
    refused = make(app, organiser, out, *WHY, "--force", "--age", str(identity))
    assert refused.exit_code == 1
    assert "That was a secret key" in refused.output
    assert str(identity) not in refused.output


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*WHY, "--country", "XX"), "There is no country “XX”"),
        ((*WHY, "--country", "Narnia"), "There is no country “Narnia”"),
        ((*WHY, "--language", "klingon"), "There is no language “klingon”"),
        ((*WHY, "--from", "2026-11-02", "--to", "2026-11-01"), "The last day is before the first"),
        ((*WHY, "--from", "1900-01-01"), "Nobody signed on 1900-01-01"),
        ((*WHY, "--from", "yesterday"), "yesterday"),
        ((*WHY, "--preset", "osdi", "--format", "csv"), "“osdi” comes as jsonl, and not as csv."),
        ((*WHY, "--preset", "names", "--scope", "everything"), "holds those that count alone"),
        ((*WHY, "--split", "size"), "“spreadsheet” has no largest size"),
        ((*WHY, "--format", "xlsx", "--split", "country"), "is split as csv or jsonl alone"),
        ((*WHY, "--preset", "other"), "other"),
        ((*WHY, "--format", "odt"), "odt"),
        ((SLUG, OTHER_SLUG, *WHY, "--preset", "names", "--format", "pdf"), "is of one petition"),
        (("no-such-petition", *WHY), "There is no petition “no-such-petition”"),
        ((*WHY, "--age", "age1no"), "Key 1 is not a public key of age"),
        ((*WHY, *(["--age", "age1"] * 11)), "at most 10 keys"),
        (("--why", "  "), "Say with --why"),
        (("--why", "x" * 401), "at most 400 characters"),
    ],
)
def test_what_makes_no_sense_leaves_no_file_and_no_record(
    app: Flask, ask: Ask, organiser: Organiser, out: Path, words: tuple[str, ...], said: str
) -> None:
    result = make(app, organiser, out, *words)

    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert (list(out.parent.iterdir()), rows(Export)) == ([], 0)


def test_three_hundred_countries_are_as_many_as_there_are(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    words = [word for _ in range(300) for word in ("--country", "FR")]

    assert make(app, organiser, out, *WHY, *words).exit_code == 0
    assert names_in(out) == ["Bea Two"]


def test_only_who_may_export_and_is_not_shut_out_does(app: Flask, ask: Ask, out: Path) -> None:
    shut_out = make_organiser(Role.OWNER)
    with transaction():
        invitations.disable(session.get_one(Organiser, shut_out.id), now())
    for organiser in (make_organiser(Role.MODERATOR), shut_out):
        result = make(app, organiser, out, *WHY)
        assert (result.exit_code, list(out.parent.iterdir())) == (1, [])
        assert "This organiser may not export." in result.output


def test_a_file_that_is_there_stays_unless_forced(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    out.parent.mkdir()
    out.write_text("before")
    refused = make(app, organiser, out, *WHY)

    assert (refused.exit_code, rows(Export)) == (1, 0)
    assert "exists: it is left as it is" in refused.output
    assert out.read_text() == "before"
    assert make(app, organiser, out, *WHY, "--force").exit_code == 0
    assert names_in(out) == ["Ada One", "Bea Two"]


def test_of_one_that_is_interrupted_no_file_stays_but_the_record_that_it_was_begun(
    app: Flask, ask: Ask, organiser: Organiser, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("petition.cli.exports.pieces_of", interrupted)
    result = make(app, organiser, out, *WHY)

    assert result.exit_code == 1
    assert list(out.parent.iterdir()) == []
    assert session.query(Export).one().state_at(now()) is ExportState.BROKEN_OFF
    assert [act for act, *_ in noted()][-1] == Act.EXPORT_MADE


def test_of_one_that_finds_the_disk_full_at_its_end_nothing_is_recorded_as_taken(
    app: Flask, ask: Ask, organiser: Organiser, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = make(app, organiser, out, *WHY)

    assert result.exit_code == CANNOT_WRITE
    assert list(out.parent.iterdir()) == []
    [export] = exports_of(ask.petition_id)
    assert export.state_at(now()) is ExportState.BROKEN_OFF
    assert last_taken([export]) == []


def test_rows_that_do_not_open_are_told(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    spoil(Signature)
    result = make(app, organiser, out, *WHY)

    assert "2 rows" in result.output
    assert "Of them 1 do not open" in result.stderr


def test_presets_are_listed_with_their_formats_and_rows(app: Flask) -> None:
    lines = [line.split("\t") for line in run(app, "exports", "presets").output.splitlines()]

    assert [name for name, _, _ in lines] == list(PRESETS)
    assert ["names", "csv, xlsx, jsonl, pdf", "confirmed"] in lines
    assert ["brevo", "csv, xlsx", "only who said yes to mail"] in lines


def test_a_preset_of_the_team_is_always_encrypted_and_a_file_is_continued(
    app: Flask, ask: Ask, organiser: Organiser, out: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    made_preset(replace(PRESS, required_keys=(str(key.to_public()),)))
    own = (*WHY, "--preset", "for the press")
    assert make(app, organiser, out, *own).exit_code == 0
    assert b"Ada One" in pyrage.decrypt(out.read_bytes(), [key])
    first = session.query(Export).one().id
    signed(ask, signer(name="Cy Three"))
    session.commit()

    continued = make(app, organiser, out, *own, "--since", first, "--force")
    assert continued.exit_code == 0, continued.output
    content = pyrage.decrypt(out.read_bytes(), [key])
    assert (b"Cy Three" in content, b"Ada One" in content) == (True, False)
    refused = make(app, organiser, out, *WHY, "--since", first, "--force")
    assert "cannot be continued" in refused.output
    assert "For the press" in run(app, "exports", "presets").output
