"""An export before it is made: how many rows it would have, and the first of them."""

import json
from dataclasses import replace

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports import preview as looking
from petition.exports.choice import Choice
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportScope
from petition.exports.presets import PRESETS
from petition.exports.preview import Preview, preview
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from tests.exports.composing.drafting import made_preset
from tests.factories import OTHER_SLUG, make_ask, make_organiser, rows, sign, signed, signer, spoil
from tests.grounds.exporting import made


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def look(ask: Ask, contents: Contents | None = None, *, opens: bool = True) -> Preview:
    return preview(ask.petition_id, contents or Contents(), now(), opens=opens)


def names(seen: Preview) -> list[str]:
    return [line[seen.headers.index("name")] for line in seen.lines]


def test_it_shows_the_first_five_and_how_many_there_are_and_keeps_nothing(ask: Ask) -> None:
    for number in range(7):
        signed(ask, signer(name=f"Ada {number}", country="FR" if number % 2 else "GB"))
    sign(ask, signer(name="Bea Pending"))

    seen = look(ask)
    assert names(seen) == [f"Ada {number}" for number in range(5)]
    assert (seen.count, seen.is_whole, seen.looks_at_all) == (7, True, True)
    french = look(ask, Contents(choice=Choice(countries=("FR",))))
    assert (names(french), french.count) == (["Ada 1", "Ada 3", "Ada 5"], 3)
    everything = look(ask, Contents(ExportScope.EVERYTHING))
    assert (everything.count, len(everything.lines)) == (8, 5)
    none = look(ask, Contents(choice=Choice(languages=("ar",))))
    assert (none.count, none.lines) == (0, [])
    assert rows(Export) == 0


def test_it_has_the_columns_and_the_rows_of_its_preset(ask: Ask) -> None:
    other = make_ask(OTHER_SLUG)
    signed(ask, signer(name="Ada One"))
    signed(other, signer("bea@example.org", name="Bea Two", mail_allowed=True))
    further = (other.petition_id,)

    listed = look(ask, Contents(preset=ExportPreset.NAMES, further=further))
    assert listed.headers == ("number", "name", "country")
    assert listed.lines == [["1", "Ada One", "GB"], ["2", "Bea Two", "GB"]]
    mailed = look(ask, Contents(preset=ExportPreset.BREVO, further=further))
    assert (mailed.count, len(mailed.lines)) == (1, 1)
    assert look(ask, Contents(further=further)).headers[-1] == "petition"
    osdi = Contents(preset=ExportPreset.OSDI, format=ExportFormat.JSONL, further=further)
    [[_, person, _]] = look(ask, osdi).lines
    assert json.loads(person)["email_addresses"] == [{"address": "bea@example.org"}]


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"osdi"}))
def test_what_is_hidden_is_in_no_column(ask: Ask, preset: str) -> None:
    who = signer("ada@example.org", name="Ada One", reason="My brother", mail_allowed=True)
    signed(ask, who)
    seen = look(ask, Contents(preset=ExportPreset(preset)), opens=False)

    text = " ".join(seen.lines[0])
    assert not {"Ada", "One", "ada@example.org", "brother"} & set(text.split())
    assert ("GB" in text or "United Kingdom" in text) == (preset != "civicrm_activities")
    assert "•••" in text


def test_a_row_that_does_not_open_costs_no_other(ask: Ask) -> None:
    first, _ = signed(ask, signer(name="Ada One"))
    signed(ask, signer(name="Bea Two"))
    spoil(Signature, number=first.id)

    assert names(look(ask)) == ["", "Bea Two"]


def test_of_very_many_only_the_newest_are_looked_at_and_it_says_so(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        signed(ask, signer(name=f"Ada {number}"))
    monkeypatch.setattr(looking, "LOOKED_AT", 4)

    seen = look(ask, Contents(choice=Choice(countries=("GB",))))
    assert names(seen) == ["Ada 2", "Ada 3", "Ada 4", "Ada 5"]
    assert (seen.count, seen.is_whole, seen.looks_at_all) == (4, False, False)
    whole = look(ask)
    assert (whole.count, whole.is_whole, whole.looks_at_all) == (6, True, False)
    both = Contents(further=(make_ask(OTHER_SLUG).petition_id,), scope=ExportScope.EVERYTHING)
    assert names(look(ask, both)) == ["Ada 4", "Ada 5"]


def test_it_goes_by_a_preset_of_ones_own_and_leaves_out_whom_an_earlier_file_held(
    ask: Ask,
) -> None:
    other = make_ask(OTHER_SLUG)
    signed(ask, signer(name="Ada One"))
    contents = Contents(preset=ExportPreset.OWN, own=made_preset().id, further=(other.petition_id,))
    organiser = make_organiser().id
    with transaction():
        first = actions.begin(ask.petition_id, organiser, "-", contents, now())
    made(first)
    for number in range(6):
        signed(other, signer(name=f"Bea {number}"))

    seen = look(ask, replace(contents, since=first.id))
    assert (seen.count, seen.is_whole, len(seen.lines)) == (6, True, 5)
    assert "Ada One" not in str(seen.lines)
    assert seen.export.own
    assert seen.export.own.name == "For the press"
    assert rows(Export) == 1
