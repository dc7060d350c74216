"""Reads of presets that organisers have made."""

from dataclasses import replace

import pytest

from petition.exports.own.queries import own_preset, own_preset_named, own_presets
from tests.exports.composing.drafting import PRESS, made_preset
from tests.exports.composing.test_actions import retire

pytestmark = pytest.mark.usefixtures("database")


def test_those_that_can_be_chosen_come_from_a_to_z() -> None:
    for name in ("press", "Écrivains", "Zebra", "archive"):
        made_preset(replace(PRESS, name=name))

    assert [one.name for one in own_presets()] == ["archive", "Écrivains", "press", "Zebra"]


def test_a_preset_is_found_by_number_and_name_until_it_is_retired() -> None:
    own = made_preset()
    assert (own_preset(own.id), own_preset_named(" FOR the press")) == (own, own)
    retire(own)

    assert (own_preset(own.id), own_preset_named("For the press")) == (None, None)
    assert own_preset(own.id + 1) is None
