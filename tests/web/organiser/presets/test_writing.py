"""Writing presets down in the browser: made, copied, changed, retired; what was typed is kept."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from petition.exports.choice import Choice
from petition.exports.composing.drafts import ColumnDraft, as_draft
from petition.exports.own.models import OwnPreset
from petition.exports.own.queries import own_presets
from petition.organisers.models import Role
from tests.exports.composing.drafting import NAMES, PRESS, PUBLIC, SECRET, made_preset
from tests.grounds.client import ReadingClient, Values, filled_in
from tests.grounds.pages import parse
from tests.web.organiser.conftest import LogIn

PRESETS = "/organiser/presets"
NEW = f"{PRESETS}/new"
FORM = "form.desk__form--wide"
TWO = {
    "name": "For the press",
    "field_0": "name",
    "heading_0": "Who",
    "field_1": "country_name",
    "heading_1": "From where",
}


def write(client: ReadingClient, values: Values, path: str = NEW) -> TestResponse:
    """Fill the form in and save it."""
    return client.submit(path, client.visit(path), values, form=FORM)


def standing(page: BeautifulSoup) -> list[tuple[str, str]]:
    """Return the columns that stand in the form: what each has, and its heading."""
    found = []
    for row in page.select(".preset-rows__row"):
        chosen = row.select_one("select[name^=field_] option[selected]")
        heading = row.select_one("input[name^=heading_]")
        assert heading is not None
        found.append((str(chosen["value"]) if chosen else "", str(heading.get("value", ""))))
    return found


def errors(page: BeautifulSoup) -> dict[str, str]:
    """Return what is said on top, by the field to which it leads."""
    return {
        str(link["href"])[1:]: link.get_text() for link in page.select(".error-summary__list a")
    }


def only() -> OwnPreset:
    [own] = own_presets()
    return own


def test_a_preset_is_made_and_stands_in_the_list(log_in: LogIn) -> None:
    client = log_in(Role.EXPORTER)
    given = {
        "countries": ["FR", "GB"],
        "languages": ["fr"],
        "first_day": "2026-11-01",
        "sources": "poster",
    }
    answer = write(client, {**TWO, **given, "consenting": "y", "required_keys": PUBLIC})

    assert (answer.status_code, answer.location) == (303, PRESETS)
    draft = as_draft(only())
    assert (draft.name, draft.columns) == ("For the press", NAMES)
    assert (draft.consenting, draft.for_spreadsheets) == (True, True)
    assert (draft.choice.countries, draft.choice.languages) == (("FR", "GB"), ("fr",))
    assert draft.choice.sources == ("poster",)
    assert draft.required_keys == (PUBLIC,)
    words = client.visit(PRESETS).get_text(" ", strip=True)
    assert (
        "Columns: Who, From where. Only those who said yes to mail, France or United Kingdom"
        in words
    )
    assert "Always encrypted, for 1 key." in words


def test_rows_are_put_in_order_and_those_without_a_column_are_left_out(log_in: LogIn) -> None:
    client = log_in()
    values = {**TWO, "field_2": "email", "heading_2": "Mail", "place_2": "1"}
    write(client, {**values, "heading_3": "Of nothing"})
    assert [one.heading for one in only().columns] == ["Mail", "Who", "From where"]

    write(client, {"place_0": "3"}, f"{PRESETS}/{only().id}")
    assert [one.heading for one in only().columns] == ["Who", "From where", "Mail"]


def test_a_row_is_added_with_all_that_was_typed_kept_and_in_order(log_in: LogIn) -> None:
    client = log_in()
    given = {"countries": "FR", "last_day": "2026-11-30", "required_keys": PUBLIC}
    values = {**TWO, **given, "consenting": "y", "reader": "processed", "place_1": "1", "add": "1"}
    page = parse(write(client, values).text)

    assert standing(page) == [("country_name", "From where"), ("name", "Who"), *[("", "")] * 3]
    assert own_presets() == []
    form = page.select_one(FORM)
    assert form is not None
    kept = filled_in(form, {})
    assert {**kept, **given, "rows": "5", "place_0": "1"} == kept
    assert (kept["name"], kept["reader"], kept["consenting"]) == (
        *("For the press", "processed", "y"),
    )
    assert not page.select(".error-summary")


def test_a_column_without_a_heading_is_called_by_what_it_has(log_in: LogIn) -> None:
    assert write(log_in(), {**TWO, "heading_1": " "}).location == PRESETS
    assert [one.heading for one in only().columns] == ["Who", "country_name"]


def test_there_are_never_more_rows_than_there_can_be_columns(log_in: LogIn) -> None:
    client = log_in()
    page = client.visit(NEW)
    for rows in ("25", "999999", "-3", "x"):
        page.select_one("input[name=rows]")["value"] = rows  # type: ignore[index]
        answer = client.submit(NEW, page, {"name": "A", "add": "1"}, form=FORM)
        assert len(standing(parse(answer.text))) == (2 if rows in {"-3", "x"} else 25)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "Enter the name"),
        ({"name": "x" * 61}, "name", "has 61 characters"),
        ({"field_1": "name"}, "field_1", "Column 2 has the same as column 1"),
        ({"heading_1": " WHO "}, "heading_1", "Column 2 has the same heading as column 1"),
        ({"heading_0": "", "heading_1": "name"}, "heading_1", "the same heading as column 1"),
        ({"heading_0": "x" * 61}, "heading_0", "has 61 characters"),
        ({"field_0": "password"}, "field_0", "Choose from the list"),
        ({"field_0": "", "field_1": ""}, "field_0", "Choose at least one column"),
        ({"field_0": "reason", "reader": "processed"}, "field_0", "only a file to read has it"),
        ({"countries": "XX"}, "countries", "Choose from the list"),
        ({"first_day": "2026-12-02", "last_day": "2026-12-01"}, "last_day", "before the first"),
        ({"first_day": "yesterday"}, "first_day", "Enter a day"),
        (
            {"required_keys": f"{PUBLIC}\nage1no"},
            "required_keys",
            "on line 2 has 6 characters",
        ),
        ({"required_keys": SECRET}, "required_keys", "That was a secret key"),
        ({"name": SECRET}, "name", "That was a secret key"),
        ({"heading_0": SECRET}, "heading_0", "That was a secret key"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_else_is_kept(
    log_in: LogIn, change: dict[str, str], field: str, words: str
) -> None:
    client = log_in()
    answer = write(client, {**TWO, "heading_3": "Later", **change})
    page, typed = parse(answer.text), {**TWO, **change}

    assert answer.status_code == 422
    found = errors(page)
    assert list(found) == [field]
    assert words in found[field]
    assert own_presets() == []
    assert "QQQ" not in answer.text
    heading = page.select_one("input[name=heading_1]")
    assert heading is not None
    assert heading["value"] == typed["heading_1"].strip()


def test_all_that_is_wrong_is_said_at_once(log_in: LogIn) -> None:
    given = {"name": "", "field_1": "name", "heading_0": "x" * 61, "required_keys": "no key"}
    found = errors(parse(write(log_in(), TWO | given).text))

    assert set(found) == {"name", "heading_0", "field_1", "required_keys"}


def test_a_name_that_is_taken_is_said_beside_the_name(log_in: LogIn) -> None:
    made_preset()
    found = errors(parse(write(log_in(), {**TWO, "name": "FOR THE PRESS"}).text))

    assert found == {"name": "There is a preset called “For the press” already"}


def test_a_preset_is_begun_from_one_of_ours_or_from_a_copy(log_in: LogIn) -> None:
    client, own = log_in(), made_preset()
    listed = client.visit(PRESETS)
    ways = [str(link["href"]) for link in listed.select("main a[href*=new]")]
    assert len(ways) == 5
    mailing = client.visit(f"{NEW}?from=mailing_list")
    assert standing(mailing)[:2] == [("email", "email"), ("name", "name")]
    assert mailing.select_one("input[name=consenting][checked]")
    assert mailing.select_one("input[name=reader][value=processed][checked]")
    copy = client.visit(f"{NEW}?from={own.id}")
    assert standing(copy) == [("name", "Who"), ("country_name", "From where"), ("", "")]
    assert copy.select_one("input[name=name]")["value"] == "For the press, copy"  # type: ignore[index]
    for unknown in ("spreadsheets", "99", "mailchimp", "9" * 400, "²"):
        assert standing(client.visit(f"{NEW}?from={unknown}")) == [("", "")] * 4


def test_to_change_one_puts_another_in_its_place(log_in: LogIn) -> None:
    client, own = log_in(), made_preset()
    page = f"{PRESETS}/{own.id}"
    assert write(client, {"heading_0": "Name"}, page).location == PRESETS

    assert only().id != own.id
    assert as_draft(only()).columns[0] == ColumnDraft("name", "Name")
    assert client.get(page).location == PRESETS
    assert as_draft(only()).choice == Choice()


def test_who_comes_second_may_save_theirs_as_a_new_one(log_in: LogIn) -> None:
    client, own = log_in(), made_preset()
    path = f"{PRESETS}/{own.id}"
    old = client.visit(path)
    write(client, {"name": "Press, Europe"}, path)
    answer = client.submit(path, old, {"heading_0": "Mine"}, form=FORM)
    page = parse(answer.text)

    assert answer.status_code == 409
    assert "changed or retired this preset meanwhile" in page.get_text()
    assert client.submit(path, page, {}, form=FORM).location == PRESETS
    assert {one.name for one in own_presets()} == {"For the press", "Press, Europe"}


def test_a_preset_is_retired_once(log_in: LogIn) -> None:
    client, own = log_in(), made_preset(PRESS)
    path = f"{PRESETS}/{own.id}"
    page = client.visit(path)
    retiring = "form[action$=retire]"
    for words in ("The preset is retired", "changed or retired meanwhile"):
        assert client.submit(path, page, {}, form=retiring).location == PRESETS
        assert words in client.visit(PRESETS).get_text()
    assert own_presets() == []


def test_an_exporter_may_not_take_away_what_a_preset_requires_but_an_owner_may(
    log_in: LogIn,
) -> None:
    own = made_preset(replace(PRESS, required_keys=(PUBLIC,)))
    path, exporter, owner = f"{PRESETS}/{own.id}", log_in(Role.EXPORTER), log_in()
    refused = write(exporter, {"required_keys": "", "heading_0": "Name"}, path)
    page = parse(refused.text)

    assert refused.status_code == 422
    assert f"Only an owner may take a required key away: put back {PUBLIC}" in page.get_text()
    assert ("name", "Name") in standing(page)
    assert not exporter.visit(path).select("form[action$=retire]")
    mine, theirs = exporter.visit(path), owner.visit(path)
    retiring = theirs.select_one("form[action$=retire]")
    assert retiring is not None
    mine.append(retiring)
    token = mine.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    answer = exporter.submit(path, mine, {"csrf_token": str(token)}, form="form[action$=retire]")
    assert answer.location == path
    assert "Only an owner may retire" in exporter.visit(path).get_text()
    assert as_draft(only()).required_keys == (PUBLIC,)
    assert write(owner, {"required_keys": ""}, path).location == PRESETS
    assert as_draft(only()).required_keys == ()
