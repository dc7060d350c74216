"""Recipients go out as a table and come back as they were; a table is loaded whole or not."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from petition.core.formulas import FORMULA
from petition.core.storage.database import session, transaction
from petition.publishing.tables.cells import cells_of, values_in
from petition.publishing.tables.importing import TableRefused
from petition.publishing.tables.table import CannotBeWritten, write_table
from petition.recipients.models import Holder, Recipient
from petition.recipients.queries import all_recipients
from tests.factories import load_sample, rows
from tests.grounds.naughty import texts
from tests.recipients.tables import (
    COUNCIL,
    MEMBER,
    MINISTER,
    load,
    noted,
    recipient,
    saved,
)

pytestmark = pytest.mark.usefixtures("database")

ODD = {
    **MINISTER,
    "slug": "ca-odd",
    "office.en": '\'=Office; +1, "of" ümläuts',
    "office.zh-Hant": "外交部長",
    "holder": "'@Sample  ",
    "address": "'-1 Sample Drive\n=2\n  Ottawa\n",
    "salutation.ar": "معالي الوزير،",
    "areas": "* K1A",
    "constituents_only": "yes",
}


def exported(folder: Path) -> Path:
    """Return the table of all recipients as a file."""
    file = folder / "exported.csv"
    file.write_bytes(write_table(all_recipients()))
    session.remove()
    return file


def forget_everybody() -> None:
    """Empty the table of recipients."""
    with transaction() as writing:
        writing.execute(delete(Recipient))
    session.remove()


def test_what_was_exported_is_read_back_as_it_was(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER, MEMBER, COUNCIL, ODD))
    before, file = noted(), exported(tmp_path)
    forget_everybody()
    imported = load(file)

    assert len(imported.new) == 4
    assert noted() == before
    assert exported(tmp_path).read_bytes() == file.read_bytes()


def test_the_recipients_of_a_campaigns_folder_go_out_and_come_back(tmp_path: Path) -> None:
    load_sample()
    before, file = noted(), exported(tmp_path)

    assert len(load(file).same) == len(before) == rows(Recipient)
    assert noted() == before


def test_nothing_to_export_is_a_table_of_headings(tmp_path: Path) -> None:
    file = exported(tmp_path)

    assert file.read_text("utf-8-sig").startswith("slug,jurisdiction,country,office.en,holder,")
    assert load(file).new == []


def test_no_cell_of_an_export_is_run_by_a_spreadsheet(tmp_path: Path) -> None:
    load(saved(tmp_path, ODD))
    table = exported(tmp_path).read_text("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert [cell for cell in cells if FORMULA.search(cell)] == []


@given(office=texts(), address=st.text(alphabet="'=-+@;\n\t\"a "))
def test_any_text_is_read_back_as_it_was_or_not_written(office: str, address: str) -> None:
    values = {"slug": "a", "office": {"en": office}, "address": address}
    found, mistakes = values_in(cells_of(values))

    blank = not (office.strip() and address.strip())
    assert found == values or blank or "cannot be printed" in " ".join(mistakes)


def test_what_a_table_cannot_say_is_not_exported_in_silence(tmp_path: Path) -> None:
    load(saved(tmp_path, COUNCIL))
    council = recipient("eu-council").id
    with transaction() as writing:
        writing.add(Holder(recipient_id=council, name=""))

    with pytest.raises(CannotBeWritten, match="eu-council"):
        write_table(all_recipients())


def test_an_import_tells_what_is_new_changed_and_as_before(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER, MEMBER))
    imported = load(saved(tmp_path, {**MINISTER, "hourly_cap": "10"}, MEMBER, COUNCIL))

    assert (imported.new, imported.changed, imported.same, imported.closed) == (
        ["eu-council"],
        ["ca-minister"],
        ["gb-member"],
        [],
    )


def test_recipients_that_the_file_does_not_name_stay_as_they_are(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER, COUNCIL))
    before = noted()
    load(saved(tmp_path, MEMBER))

    assert [one for one in noted() if one["slug"] != "gb-member"] == before


def test_one_mistake_keeps_the_whole_table_out(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER))
    before = noted()
    changed = {**MINISTER, "holder": "Somebody Else"}
    with pytest.raises(TableRefused):
        load(saved(tmp_path, changed, MEMBER, {**COUNCIL, "jurisdiction": "XX"}))
    session.remove()

    assert noted() == before


def test_an_office_outlives_its_holder(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER))
    load(saved(tmp_path, {**MINISTER, "holder": "Mx Next", "holder_since": "2026-11-10"}))
    office = recipient("ca-minister")

    assert office.holder == "Mx Next"
    assert [(one.name, one.until) for one in office.holders] == [
        ("Mx Sample Holder", date(2026, 11, 10)),
        ("Mx Next", None),
    ]


def test_an_office_that_takes_no_letters_any_more_is_named(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER, MEMBER))
    closing = {name: MINISTER[name] for name in ("slug", "jurisdiction", "office.en")}

    assert load(saved(tmp_path, closing, MEMBER)).closed == ["ca-minister"]
    assert recipient("ca-minister").mailroom is None


def test_an_import_trusts_no_address_from_which_a_letter_came_back(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER))
    at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    room = recipient("ca-minister").mailroom
    assert room is not None
    with transaction():
        session.merge(room).suspect_since = at
    session.remove()
    load(saved(tmp_path, {**MINISTER, "email": "other@example.org"}))

    room = recipient("ca-minister").mailroom
    assert room is not None
    assert room.suspect_since == at
