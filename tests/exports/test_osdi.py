"""OSDI: each line is what one call of Action Network's record signature helper takes."""

import json

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from tests.factories import make_ask, make_organiser, sign, signed, signer, spoil
from tests.grounds.exporting import made


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask) -> Export:
    """Ask for an export."""
    contents = Contents(preset=ExportPreset.OSDI, format=ExportFormat.JSONL)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def test_a_line_is_a_signature_with_its_person(ask: Ask) -> None:
    who = signer(
        "nadia@example.org",
        name="Nadia Maria Sample",
        country="FR",
        postcode="75001",
        language="fr",
        reason="My brother",
        mail_allowed=True,
    )
    signature, _ = signed(ask, who, source="newsletter-nov")

    assert json.loads(made(begin(ask))) == {
        "identifiers": [f"petition:{signature.id}"],
        "person": {
            "given_name": "Nadia Maria",
            "family_name": "Sample",
            "email_addresses": [{"address": "nadia@example.org"}],
            "postal_addresses": [{"country": "FR", "postal_code": "75001"}],
            "preferred_language": "fr",
            "custom_fields": {
                "full_name": "Nadia Maria Sample",
                "mail_question": ask.mail_question,
            },
        },
        "action_network:referrer_data": {"source": "newsletter-nov"},
    }


def test_what_is_not_known_is_not_there(ask: Ask) -> None:
    signed(ask, signer(name="Suharto", mail_allowed=True))
    line = json.loads(made(begin(ask)))
    person = line["person"]

    assert line["action_network:referrer_data"] == {}
    assert "given_name" not in person
    assert person["family_name"] == "Suharto"
    assert person["postal_addresses"] == [{"country": "GB"}]


def test_only_those_who_said_yes_are_in_it_and_it_never_tells_a_status(ask: Ask) -> None:
    signed(ask, signer(name="Ada Yes", mail_allowed=True))
    signed(ask, signer(name="Bea No"))
    sign(ask, signer(name="Cleo Pending", mail_allowed=True))
    content = made(begin(ask)).decode()

    assert content.count("\n") == 1
    assert "Ada Yes" in content
    assert "status" not in content


def test_a_row_that_does_not_open_costs_no_other(ask: Ask) -> None:
    first, _ = signed(ask, signer(name="Ada One", mail_allowed=True))
    signed(ask, signer(name="Bea Two", mail_allowed=True))
    spoil(Signature, number=first.id)
    spoilt, whole = map(json.loads, made(begin(ask)).splitlines())

    assert "email_addresses" not in spoilt["person"]
    assert whole["person"]["family_name"] == "Two"
