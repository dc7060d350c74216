"""The columns that others' tools take, as they were looked up.

The headers stand here once more, word for word: a saved mapping knows columns by their places.
"""

import pytest

from petition.exports.models import ExportPreset
from petition.exports.presets import PRESETS
from petition.petitions.asks import Ask
from tests.exports.test_presets import BOM, IN_CSV, begin, only_row, read
from tests.factories import NOON, make_ask, signed, signer
from tests.grounds.exporting import made

HEADERS = {
    "spreadsheet": (
        "signature,state,on_hold,name,email,country,postcode,reason,visibility,language,"
        "petition_version,text_language,signed_at,confirmed_at,mail_question,mail_allowed,"
        "mail_answered_at,source"
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
    "civicrm_activities": "Activity Type,Activity Date,Email,External Identifier,Subject",
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
    "engaging_networks": (
        "First Name,Last Name,Email Address,Country,Postcode,Email opt-in,Full name,Signature"
    ),
    "actionkit": (
        "first_name,last_name,email,country,postal,lang,created_at,user_full_name,"
        "action_consent_text,action_signature"
    ),
}

pytestmark = pytest.mark.any_database


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


@pytest.mark.parametrize("preset", IN_CSV)
def test_each_preset_has_the_headers_that_were_looked_up(ask: Ask, preset: str) -> None:
    content = made(begin(ask, preset))

    assert content.removeprefix(BOM).decode() == HEADERS[preset] + "\r\n"
    assert content.startswith(BOM) == (preset in {"spreadsheet", "names"})


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
        ("engaging_networks", {"Last Name": "Sample", "Country": "GB", "Email opt-in": "Y"}),
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


def test_an_activity_finds_its_contact_and_says_which_petition_it_was(ask: Ask) -> None:
    signature, _ = signed(ask, signer("nadia@example.org", language="fr"), at=NOON)

    assert only_row(ask, "civicrm_activities") == {
        "Activity Type": "Petition",
        "Activity Date": "2026-11-20",
        "Email": "nadia@example.org",
        "External Identifier": f"petition:{signature.id}",
        "Subject": ask.title,
    }


@pytest.mark.parametrize(
    ("preset", "columns", "most"),
    [
        ("civicrm", ("First Name", "Last Name"), (64, 64)),
        ("npsp", ("Contact1 First Name", "Contact1 Last Name"), (40, 80)),
    ],
)
def test_a_part_of_a_name_that_a_tool_has_no_room_for_is_seen_to_be_cut(
    ask: Ask, preset: str, columns: tuple[str, str], most: tuple[int, int]
) -> None:
    for name in ("a" * 100 + " Sample", "Nadia " + "b" * 100):
        signed(ask, signer(name=name))
    first, second = read(made(begin(ask, preset)))

    assert (first[columns[0]], second[columns[1]]) == (
        "a" * (most[0] - 1) + "…",
        "b" * (most[1] - 1) + "…",
    )
    assert (first["Full name"], second["Full name"]) == (
        "a" * 100 + " Sample",
        "Nadia " + "b" * 100,
    )


def test_a_part_of_a_name_that_mailchimp_would_cut_in_a_character_ends_before_it(ask: Ask) -> None:
    signed(ask, signer(name="王" * 100, mail_allowed=True))
    row = only_row(ask, "mailchimp")

    assert (row["Last Name"], row["Full name"]) == ("王" * 84 + "…", "王" * 100)
