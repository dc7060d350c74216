"""Each mistake in a folder ends in words that say where it is and how to put it right."""

from pathlib import Path

import pytest

from petition.campaigns.models import Campaign
from petition.core.storage.database import transaction
from petition.publishing.loading import FolderRefused, load_campaign
from tests.campaigns.folders import changed
from tests.factories import NOON, rows
from tests.publishing.river import FILES, problems, written

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.any_database]

RIVER, BOARD, HARM = "petitions/river.toml", "letters/board.toml", "gaps/harm.toml"
MONTH = "campaign.toml"
WALK, OFFICES, REPORT = "events/walk.toml", "recipients.toml", "reports/report.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small campaign's folder."""
    return written(tmp_path / "river-campaign")


def test_the_campaign_without_a_mistake_is_loaded(folder: Path) -> None:
    assert problems(folder) == []
    with transaction():
        assert load_campaign(folder, NOON).new_versions == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            RIVER,
            "closes_on",
            "closed_on",
            "line 6: there is no key “closed_on”; did you mean “clos",
        ),
        (HARM, "[[standing]]", "[[standings]]", "line 10: there is no key “standings”; did you me"),
        (RIVER, "slug =", "Slug =", "line 1: there is no key “Slug”; did you mean “slug”?"),
        (OFFICES, "zone =", "constituent_only = true\nzone =", "did you mean “constituents_only”?"),
        (OFFICES, "zone =", "hourlycap = 9\nzone =", "did you mean “hourly_cap”?"),
        (RIVER, "gap =", "embed_origin = []\ngap =", "did you mean “embed_origins”?"),
        (
            RIVER,
            "gap =",
            "colour = 1\ngap =",
            "there is no key “colour”; there can be slug, kind, ",
        ),
        (WALK, "[text.en]", "[text.en]\nbodi = 'x'", "line 9: there is no key “bodi”; did you mea"),
        (RIVER, "2026-11-01", '"2026-11-01"', "“opens_on” is a text; write a day like 2026-11-20"),
        (RIVER, "2026-11-01", "2026-11-01T10:00:00", "“opens_on” is a moment; write a day like"),
        (RIVER, '["gb-board"]', '"gb-board"', "“recipients” is a text; write a list of texts in"),
        (
            RIVER,
            "gap =",
            'routes_by_area = "true"\ngap =',
            "is a text; write true or false, without",
        ),
        (HARM, "number = 1", 'number = "1"', "“number” is a text; write a whole number, without"),
        (HARM, "[[standing]]", "[standing]", "“standing” is one table; write two brackets"),
        (
            HARM,
            'because.en = "N',
            'because = "N',
            "“because” is a text; write a text for each langu",
        ),
        (
            RIVER,
            "[text.en]",
            "[text]",
            "line 9: “title” needs a language: head its table",
        ),
        (
            RIVER,
            'body = "river.en.md"',
            'body = "We ask you."',
            "“body” has to be the name of the fi",
        ),
        (
            RIVER,
            'body = "river',
            'body = "rivers',
            "rivers.en.md is missing. There is “river.en.md”",
        ),
        (
            RIVER,
            '"gb-board"',
            '"gb-bord"',
            "line 4: no recipient “gb-bord” in recipients.toml (did ",
        ),
        (
            RIVER,
            '"harm"',
            '"harms"',
            "line 3: no gap “harms” in the folder gaps (did you mean “harm”?)",
        ),
        (RIVER, "2026-12-10", "2026-10-10", "line 6: “closes_on” lies before “opens_on”."),
        (
            BOARD,
            "opens_on",
            "closes_on = 2026-10-10\nopens_on",
            "“closes_on” lies before “opens_on”",
        ),
        (
            OFFICES,
            'zone = "Europe/London"',
            "",
            "“zone” is missing: an office that has “channels” n",
        ),
        (OFFICES, "office.en", "office.EN", "line 4: “office”: write “en” for “EN”."),
        (RIVER, "[text.en]", "[text.EN]", "line 8: “text”: write “en” for “EN”."),
        (WALK, '"A walk"', r'"A \u0000walk"', "“title” has a character that cannot be printed."),
        (REPORT, "15:00:00Z", "15:00:00", "line 2: “published_at” needs an offset"),
        (HARM, "= 1\n", "= 0\n", "line 2: “number” has to be from 1 to 9,999."),
        (HARM, "= 1\n", "= 10_000\n", "line 2: “number” has to be from 1 to 9,999."),
        (HARM, "= 1\n", f"= 0x{'f' * 20}\n", "line 2: “number” has too many digits; write a numb"),
        (HARM, "= 1\n", f"= -{'9' * 4000}\n", "line 2: “number” has too many digits; write a "),
        (HARM, "= 1\n", f"= {'9' * 5000}\n", "line 2: a number has too many digits; write one of"),
        (RIVER, "gap =", f"a = [1, -{'1_' * 5000}1]\ngap =", "line 3: a number has too many digi"),
        (MONTH, "2026-12-10", "2206-12-10", "line 3: “ends_on” is in the year 2206; write one fro"),
        (MONTH, "2026-12-10", "2027-12-06", "line 3: a campaign lasts at most 400 days, and this"),
        (WALK, "2026-11-16T18:00:00", "0001-01-01T00:00:00", "“starts_at” is in the year 1; wri"),
        (WALK, "2026-11-16T19:00:00", "9999-12-31T23:59:59-12:00", "“ends_at” is in the year 99"),
        (REPORT, "2026-11-17T15:00:00Z", "0001-01-01T00:00:00+12:00", "“published_at” is in the"),
        (OFFICES, "zone =", "verified_on = 1899-12-31\nzone =", "“verified_on” is in the year 18"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_line_and_cure(
    file: str, old: str, new: str, words: str, folder: Path
) -> None:
    found = problems(changed(folder, file, old, new))

    assert any(one.startswith(file) and words in one for one in found), found


def test_a_campaign_may_last_a_year_and_more(folder: Path) -> None:
    changed(folder, MONTH, "2026-12-10", "2027-12-05")

    assert problems(folder) == []


def test_who_has_held_an_office_for_long_is_noted(folder: Path) -> None:
    since = 'holder = "A. Member"\nholder_since = 1974-01-03\nzone ='

    assert problems(changed(folder, OFFICES, "zone =", since)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("opens_on = 20/11/2026", "write a day as 2026-11-20, without quotation marks."),
        ("opens_on = 20.11.2026", "write a day as 2026-11-20, without quotation marks."),
        ("opens_on = 20-11-2026", "write a day as 2026-11-20, without quotation marks."),
        ("opens_on = 2026-11-1", "write a day as 2026-11-01, without quotation marks."),
        ("opens_on = “2026-11-01”", 'write straight quotation marks (") around a text'),
        ("gap = “harm”", 'write straight quotation marks (") around a text'),
        ("gap = ‘harm’", 'write straight quotation marks (") around a text'),
        ('gap = "the "real" harm"', 'a quotation mark within a text is written \\" there, or “ ”.'),
        ("gap = harm", 'a text stands in quotation marks, as in kind = "abuse"'),
        ('gap = "harm', "a text in quotation marks ends in its line; a longer one stands "),
        ('gap = "C:\\harm"', "a backslash in a text is written twice"),
        ('gap = "harm"\ngap = "harm"', "this key or table was given before"),
    ],
)
def test_what_is_no_toml_is_named_with_its_line_and_cure(
    line: str, words: str, folder: Path
) -> None:
    number = 2 + line.count("\n")
    (folder / RIVER).write_text(f'slug = "river"\n{line}\n{FILES[RIVER]}', "utf-8")

    [found] = problems(folder)
    assert found.startswith(f"{RIVER}, line {number}: {words}")


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("petitions/river.en.md", " \n", "(in river.en.md): “body” is empty."),
        (
            "petitions/river.en.md",
            "A[^1.",
            "has a footnote that is not closed, in line 1: write “[^1.]”",
        ),
        ("petitions/river.en.md", "A\n[^note and", "is not closed, in line 2: write “[^note]”"),
        (
            "petitions/river.en.md",
            "A[^1].",
            "names a footnote that it does not have: add a line “[^1]: …”",
        ),
        (
            "petitions/river.en.md",
            "A.\n\n[^1]: B.",
            "has a footnote that nothing names: write [^1]",
        ),
        ("gaps/harm.en.md", "A[^1].", "(in harm.en.md): “body” names a footnote"),
        ("campaign.en.md", "", "(in campaign.en.md): “body” is empty."),
        ("reports/report.en.md", "A[^2].", "(in report.en.md): “body” names a footnote"),
    ],
)
def test_a_text_with_a_mistake_is_named_with_its_file(
    file: str, text: str, words: str, folder: Path
) -> None:
    (folder / file).write_text(text, "utf-8")

    [found] = problems(folder)
    assert words in found


def test_brackets_in_code_are_no_footnotes(folder: Path) -> None:
    text = "Write `[^1` or\n\n```\n[^2]\n```\n\nand \\[^3 here.\n"
    (folder / "petitions" / "river.en.md").write_text(text, "utf-8")

    assert problems(folder) == []


def test_a_letter_to_an_office_that_nobody_can_write_to_is_refused(folder: Path) -> None:
    office = '[[recipient]]\nslug = "gb-board"\njurisdiction = "GB"\noffice.en = "River Board"\n'
    (folder / OFFICES).write_text(office, "utf-8")

    [found] = problems(folder)
    assert found.startswith(f"{BOARD}, line 3: nobody can write to “gb-board”: give it “channels”")


def test_a_letter_that_has_ended_may_name_an_office_that_takes_none_any_more(folder: Path) -> None:
    office = '[[recipient]]\nslug = "gb-board"\njurisdiction = "GB"\noffice.en = "River Board"\n'
    (folder / OFFICES).write_text(office, "utf-8")
    changed(folder, BOARD, "opens_on", "closes_on = 2026-11-19\nopens_on")

    assert problems(folder) == []


def test_a_letter_that_only_representatives_could_take_needs_one(folder: Path) -> None:
    changed(folder, OFFICES, '["email"]', '["representative"]')
    [found] = problems(folder)
    assert "there is no recipient with “areas”" in found

    member = (
        FILES[OFFICES].replace("gb-board", "gb-member").replace("zone", 'areas = ["EX1"]\nzone')
    )
    file = folder / OFFICES
    file.write_text(file.read_text("utf-8") + member, "utf-8")
    assert problems(folder) == []


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    changed(folder, RIVER, "closes_on", "closed_on")
    changed(folder, HARM, '"victims"', '"weather"')
    changed(folder, WALK, "19:00:00", "17:00:00")
    changed(folder, BOARD, '"harm"', '"harms"')
    (folder / REPORT).write_text("slug = “report”\n", "utf-8")

    with pytest.raises(FolderRefused) as refused, transaction():
        load_campaign(folder, NOON)
    assert [one.partition(":")[0] for one in refused.value.problems] == [
        f"{REPORT}, line 1", f"{HARM}, line 3", f"{RIVER}, line 6", f"{BOARD}, line 2",
        f"{WALK}, line 4",
    ]  # fmt: skip
    assert rows(Campaign) == 0


def test_what_follows_from_a_mistake_is_not_told_too(folder: Path) -> None:
    changed(folder, OFFICES, '["email"]', '"email"')
    changed(folder, RIVER, "opens_on = 2026-11-01", "opens_on = 5")
    changed(folder, WALK, '"Europe/London"', '"London"')

    assert [one.partition(":")[0] for one in problems(folder)] == [
        f"{OFFICES}, line 6", f"{RIVER}, line 5", f"{WALK}, line 5",
    ]  # fmt: skip


def test_two_gaps_of_one_number_without_end_are_told_of_it(folder: Path) -> None:
    changed(folder, HARM, "= 1\n", f"= 0x{'f' * 9000}\n")
    other = (folder / HARM).read_text("utf-8").replace('"harm"', '"other"')
    (folder / "gaps/other.toml").write_text(other, "utf-8")

    found = problems(folder)
    assert len(found) == 2
    assert all("“number” has too many digits" in one for one in found)


def test_a_renamed_slug_says_that_it_has_to_stay(folder: Path) -> None:
    with transaction():
        load_campaign(folder, NOON)
    changed(folder, RIVER, 'slug = "river"', 'slug = "river-2"')

    [found] = problems(folder)
    assert found.startswith("petitions: the petition “river” is missing.")
    assert "If it is “river-2” now: its slug has to stay as it was." in found
