"""What organisers read of exports: each preset is found, and says for whom it is."""

from typing import cast

import pytest

from petition.exports.presets import PRESETS
from petition.organisers.models import Role
from tests.grounds.client import ReadingClient
from tests.organisers.people import join
from tests.web.organiser.conftest import LogIn, Supporters, begin_session
from tests.web.organiser.signatures.test_exports import EXPORTS, make

pytestmark = pytest.mark.any_database


def test_each_preset_says_for_whom_it_is(log_in: LogIn, supporters: Supporters) -> None:
    page = log_in().visit(EXPORTS)
    choices = page.select("input[name=preset]")

    assert {str(one["value"]) for one in choices} == set(PRESETS)
    for one in choices:
        assert page.find(id=str(one["aria-describedby"])).get_text(strip=True)  # type: ignore[union-attr]


def test_presets_stand_under_two_headings_and_tools_from_a_to_z(
    log_in: LogIn, supporters: Supporters
) -> None:
    page = log_in().visit(EXPORTS)
    groups = page.select("#preset [role=group]")
    headings = [page.find(id=str(group["aria-labelledby"])).get_text() for group in groups]  # type: ignore[union-attr]
    to_read, for_tools = [[label.get_text() for label in group.select("label")] for group in groups]

    assert headings == [
        "To read or to hand over",
        "For a tool that sends mail or keeps supporters",
    ]
    assert to_read == ["Spreadsheet", "Names and countries"]
    assert for_tools[0] == "Mailing list"
    first_words = [name.split()[0] for name in for_tools[1:]]
    assert first_words == sorted(first_words)
    help_of_brevo = page.select_one("#preset input[value=brevo]")["aria-describedby"]  # type: ignore[index]
    assert page.find(id=str(help_of_brevo)).get_text().endswith("As CSV or Excel (XLSX).")  # type: ignore[union-attr]


def test_the_record_stands_above_the_form_and_each_file_leads_to_its_page(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    made = [make(client) for _ in range(6)]
    page = client.visit(EXPORTS)

    assert [str(one["id"]) for one in page.select("main h2")] == ["record", "make"]
    rows = [str(link["href"]) for link in page.select("tbody tr > :first-child a")]
    assert rows == made[::-1]
    assert [one.get_text() for one in page.select("#record ~ .fold > summary")] == ["1 older file"]


def test_each_format_and_scope_knows_the_presets_that_it_goes_with(
    log_in: LogIn, supporters: Supporters
) -> None:
    page = log_in().visit(EXPORTS)
    fits = {
        str(choice.input["value"]): str(choice["data-fits-preset"]).split()  # type: ignore[index]
        for choice in page.select("[data-fits-preset]")
    }

    assert fits["pdf"] == ["names"]
    assert fits["everything"] == ["spreadsheet"]
    assert "osdi" in fits["jsonl"]
    assert "osdi" not in fits["csv"]
    assert set(fits["confirmed"]) == set(PRESETS)


def test_a_code_is_announced_only_to_whom_one_will_be_asked_of(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    assert "you will need a fresh code" in client.visit(EXPORTS).get_text()
    unenrolled = cast("ReadingClient", client.application.test_client())
    begin_session(unenrolled, join(Role.EXPORTER))

    assert "fresh code" not in unenrolled.visit(EXPORTS).get_text()
