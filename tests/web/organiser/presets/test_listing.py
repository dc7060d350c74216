"""The list of the team's presets."""

from dataclasses import replace

from petition.organisers.models import Role
from tests.exports.composing.drafting import PRESS, made_preset
from tests.web.organiser.conftest import LogIn

PRESETS = "/organiser/presets"


def test_there_are_none_yet_and_ways_to_begin(log_in: LogIn) -> None:
    page = log_in(Role.EXPORTER).visit(PRESETS)

    assert "None yet." in page.get_text()
    ways = [link.get_text() for link in page.select("#begin ~ ul a")]
    assert ways == [
        "Begin with the columns of “Spreadsheet”",
        "Begin with the columns of “Names and countries”",
        "Begin with the columns of “Mailing list”",
        "Begin with nothing",
    ]


def test_they_stand_from_a_to_z_each_with_who_made_it_and_what_can_be_done(log_in: LogIn) -> None:
    for name in ("Press", "<b>Archive</b>"):
        made_preset(replace(PRESS, name=name))
    page = log_in().visit(PRESETS)

    assert [one.get_text() for one in page.select("tbody th > bdi")] == ["<b>Archive</b>", "Press"]
    [row, _] = page.select("tbody tr")
    assert "Olive Owner" in row.get_text()
    assert [link.get_text() for link in row.select("a")] == [
        "Change: <b>Archive</b>",
        "Copy: <b>Archive</b>",
    ]
