"""Tables of presets: what the database refuses."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.models import Contents, Export
from petition.exports.own.models import OwnColumn, OwnField, OwnPreset, known_as
from tests.exports.composing.drafting import PRESS, made_preset
from tests.factories import make_ask, make_organiser

OF_A_PRESET: list[dict[str, object]] = [
    {"name": ""},
    {"countries": ""},
    {"languages": ""},
    {"required_keys": ""},
    {"first_day": now().date(), "last_day": now().date().replace(year=2020)},
    {"retired_at": now().replace(year=2020)},
]
OF_A_COLUMN: list[dict[str, object]] = [
    {"field": OwnField.NAME},
    {"heading_key": "who"},
    {"heading": ""},
    {"preset_id": 99},
]


def test_the_database_refuses_what_is_no_preset(database: str) -> None:
    own = made_preset()
    for values in OF_A_PRESET:
        with pytest.raises(IntegrityError), transaction():
            session.execute(update(OwnPreset).where(OwnPreset.id == own.id).values(values))
    for values in OF_A_COLUMN:
        second = OwnColumn.preset_id == own.id, OwnColumn.position == 1
        with pytest.raises(IntegrityError), transaction():
            session.execute(update(OwnColumn).where(*second).values(values))


def test_the_database_refuses_two_of_one_name_that_can_be_chosen(database: str) -> None:
    first = made_preset()
    kept = {"name": PRESS.name, "name_key": first.name_key, "organiser_id": first.organiser_id}
    second = {**kept, "consenting": False, "for_spreadsheets": True, "made_at": now()}
    with pytest.raises(IntegrityError), transaction():
        session.add(OwnPreset(**second))
    with transaction():
        session.add(OwnPreset(**second, retired_at=now()))


def test_an_export_is_by_a_preset_of_ones_own_and_names_it_or_neither(database: str) -> None:
    own, petition = made_preset(), make_ask().petition_id
    organiser = make_organiser().id
    export = Export.of(petition, Contents(own=own.id), now())
    export.organiser_id = organiser
    with pytest.raises(IntegrityError), transaction():
        session.add(export)


@pytest.mark.parametrize(
    ("one", "other"), [("Ｐress", "press"), ("STRASSE", "straße"), (" a  b ", "A B")]
)
def test_names_that_people_take_for_one_are_one(one: str, other: str) -> None:
    assert known_as(one) == known_as(other)
