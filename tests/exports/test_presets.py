"""Presets: the columns and rows that others' tools take, as they were looked up.

The headers stand here once more, word for word: a saved mapping knows columns by their places.
"""

import csv
import io
from datetime import timedelta

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.cells import parts_of
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportScope,
)
from petition.exports.presets import PRESETS
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from tests.factories import NOON, make_ask, make_organiser, sign, signed, signer, spoil
from tests.grounds.exporting import made

BOM = b"\xef\xbb\xbf"
HEADERS = {
    "spreadsheet": (
        "signature,state,on_hold,name,email,country,postcode,reason,visibility,language,"
        "petition_version,text_language,signed_at,confirmed_at,mail_question,mail_allowed,"
        "mail_answered_at"
    ),
    "names": "number,name,country",
    "mailing_list": "email,name,language,country,mail_question,mail_answered_at",
    "action_network": (
        "First name,Last name,Email,Country,ZIP/postal code,Language,Full name,Signature"
    ),
    "civicrm": (
        "First Name,Last Name,Email,Country,Postal Code,Preferred Language,is_opt_out,"
        "External Identifier,Full name"
    ),
    "nationbuilder": (
        "first_name,last_name,email,Address country code,Address zip,language,email_opt_in,"
        "external_id,created_at,Full name"
    ),
    "npsp": (
        "Contact1 First Name,Contact1 Last Name,Contact1 Personal Email,Contact1 Preferred Email,"
        "Home Country,Home Zip/Postal Code,Contact1 Consent Opt-In,Contact1 Consent Message,"
        "Full name"
    ),
    "mailchimp": (
        "First Name,Last Name,Email Address,Country,Postcode,Language,Confirmed,Full name,Signature"
    ),
    "brevo": "FIRSTNAME,LASTNAME,EMAIL,EXT_ID,COUNTRY,POSTCODE,LANGUAGE,FULL_NAME",
    "actionkit": (
        "first_name,last_name,email,country,postal,lang,created_at,user_full_name,"
        "action_consent_text,action_signature"
    ),
}
BY_CONSENT = {"mailing_list", "action_network", "mailchimp", "brevo", "actionkit"}
FOR_TOOLS = set(ExportPreset) - {"spreadsheet", "names", "mailing_list"}


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask, preset: str, format_: ExportFormat = ExportFormat.CSV) -> Export:
    """Ask for an export of those that count."""
    contents = Contents(preset=ExportPreset(preset), format=format_)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def read(content: bytes) -> list[dict[str, str]]:
    """Read a file as a program does that knows of no byte order mark."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def only_row(ask: Ask, preset: str) -> dict[str, str]:
    [row] = read(made(begin(ask, preset)))
    return row


@pytest.mark.parametrize("preset", ExportPreset)
def test_each_preset_has_the_headers_that_were_looked_up(ask: Ask, preset: str) -> None:
    content = made(begin(ask, preset))

    assert content.removeprefix(BOM).decode() == HEADERS[preset] + "\r\n"
    assert content.startswith(BOM) == (preset in {"spreadsheet", "names"})


@pytest.mark.parametrize("preset", ExportPreset)
def test_consent_decides_the_rows_where_a_tool_mails_whoever_is_uploaded(
    ask: Ask, preset: str
) -> None:
    signed(ask, signer(name="Ada Yes", mail_allowed=True))
    signed(ask, signer(name="Bea No"))
    sign(ask, signer(name="Cleo Pending", mail_allowed=True))
    text = made(begin(ask, preset)).decode()

    assert "Ada" in text
    assert ("Bea" in text) == (preset not in BY_CONSENT)
    assert "Cleo" not in text


@pytest.mark.parametrize("preset", sorted(set(ExportPreset) - {"spreadsheet"}))
def test_no_preset_but_the_spreadsheet_holds_a_reason(ask: Ask, preset: str) -> None:
    who = signer("nadia@example.org", reason="My brother", mail_allowed=True, postcode="SW1A 1AA")
    signed(ask, who)
    text = made(begin(ask, preset)).decode()

    assert "My brother" not in text
    assert ("nadia@example.org" in text) == (preset != "names")
    assert ("SW1A 1AA" in text) == (preset in FOR_TOOLS)


def test_recipients_get_a_running_number_the_name_and_the_country(ask: Ask) -> None:
    sign(ask)
    signed(ask, signer(name="Zoë  Sample", country="FR"))
    signed(ask, signer(name="=1+1", country="GB"))

    assert made(begin(ask, "names")).decode("utf-8-sig") == (
        "number,name,country\r\n1,Zoë  Sample,FR\r\n2,'=1+1,GB\r\n"
    )


def test_the_numbers_run_on_from_batch_to_batch(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 2)
    for _ in range(5):
        signed(ask)
    numbers = [row["\ufeffnumber"] for row in read(made(begin(ask, "names")))]

    assert numbers == ["1", "2", "3", "4", "5"]


def test_a_mailing_list_says_what_they_were_asked_and_when_they_answered(ask: Ask) -> None:
    at = NOON + timedelta(minutes=34, seconds=56)
    signed(ask, signer("nadia@example.org", mail_allowed=True), at=at)

    assert only_row(ask, "mailing_list") == {
        "email": "nadia@example.org",
        "name": "Nadia Sample",
        "language": "en",
        "country": "GB",
        "mail_question": ask.mail_question,
        "mail_answered_at": "2026-11-20T12:34:56Z",
    }


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        (
            "action_network",
            {"First name": "Nadia Maria", "Last name": "Sample", "Country": "GB"},
        ),
        (
            "civicrm",
            {"Country": "United Kingdom", "Preferred Language": "fr_FR", "is_opt_out": "0"},
        ),
        (
            "nationbuilder",
            {"Address country code": "GB", "email_opt_in": "Y", "created_at": "11/20/2026"},
        ),
        (
            "npsp",
            {
                "Contact1 Preferred Email": "Personal",
                "Home Country": "United Kingdom",
                "Contact1 Consent Opt-In": "TRUE",
            },
        ),
        ("mailchimp", {"Country": "GB", "Language": "fr", "Confirmed": "2026-11-20"}),
        ("brevo", {"FIRSTNAME": "Nadia Maria", "LASTNAME": "Sample", "COUNTRY": "GB"}),
        ("actionkit", {"country": "United Kingdom", "lang": "fr", "created_at": "2026-11-20"}),
    ],
)
def test_each_tool_gets_its_own_words_for_names_countries_answers_and_days(
    ask: Ask, preset: str, expected: dict[str, str]
) -> None:
    who = signer("nadia@example.org", name="Nadia Maria Sample", language="fr", mail_allowed=True)
    signature, _ = signed(ask, who, at=NOON)
    row = only_row(ask, preset)

    assert row | expected == row
    assert {"nadia@example.org", "Nadia Maria Sample"} <= set(row.values())
    named = {str(signature.id), f"petition:{signature.id}"} & set(row.values())
    assert bool(named) == PRESETS[ExportPreset(preset)].names_signatures


@pytest.mark.parametrize(
    ("preset", "column", "no"),
    [
        ("civicrm", "is_opt_out", "1"),
        ("nationbuilder", "email_opt_in", "N"),
        ("npsp", "Contact1 Consent Opt-In", "FALSE"),
    ],
)
def test_who_did_not_say_yes_is_said_to_have_said_no(
    ask: Ask, preset: str, column: str, no: str
) -> None:
    signed(ask)

    assert only_row(ask, preset)[column] == no


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Nadia Sample", ("Nadia", "Sample")),
        ("Nadia Maria Sample", ("Nadia Maria", "Sample")),
        (" Nadia  Sample ", ("Nadia", "Sample")),
        ("Suharto", ("", "Suharto")),
        ("王小明", ("", "王小明")),
        ("王 小明", ("", "王 小明")),
        ("이 민호", ("", "이 민호")),
        ("さくら 花子", ("", "さくら 花子")),
        ("Sample, Nadia", ("", "Sample, Nadia")),
        ("Надя Пример", ("Надя", "Пример")),
        ("ندى مثال", ("ندى", "مثال")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_the_last_word_is_the_family_name_where_a_name_can_be_split(
    name: str | None, parts: tuple[str, str]
) -> None:
    assert parts_of(name) == parts


@pytest.mark.parametrize("preset", sorted({"mailing_list", *FOR_TOOLS}))
def test_a_program_gets_what_was_typed_without_mark_or_shield(ask: Ask, preset: str) -> None:
    signed(ask, signer(name="=1+1", mail_allowed=True))
    content = made(begin(ask, preset))

    assert not content.startswith(BOM)
    assert "=1+1" in next(csv.reader(io.StringIO(content.decode().split("\r\n")[1])))


@pytest.mark.parametrize("preset", ["spreadsheet", "names"])
def test_a_spreadsheet_gets_the_mark_and_runs_nothing(ask: Ask, preset: str) -> None:
    signed(ask, signer(name="=1+1"))
    content = made(begin(ask, preset))

    assert content.startswith(BOM)
    assert "'=1+1" in content.decode()


@pytest.mark.parametrize("preset", sorted(FOR_TOOLS))
def test_a_row_that_does_not_open_costs_no_other(ask: Ask, preset: str) -> None:
    first, _ = signed(ask, signer(name="Ada One", mail_allowed=True))
    signed(ask, signer(name="Bea Two", mail_allowed=True))
    spoil(Signature, number=first.id)
    rows = read(made(begin(ask, preset)))

    assert ["Two" in row.values() for row in rows] == [False, True]


@pytest.mark.parametrize("preset", sorted(set(ExportPreset) - {"spreadsheet"}))
def test_only_a_spreadsheet_holds_what_does_not_count(ask: Ask, preset: str) -> None:
    everything = Contents(ExportScope.EVERYTHING, ExportPreset(preset))
    with pytest.raises(ValueError, match="no such file"):
        actions.begin(ask.petition_id, make_organiser().id, "To look", everything, now())


@pytest.mark.parametrize("preset", sorted(FOR_TOOLS))
def test_what_goes_to_a_tool_is_in_csv(ask: Ask, preset: str) -> None:
    with pytest.raises(ValueError, match="no such file"):
        begin(ask, preset, ExportFormat.JSONL)
