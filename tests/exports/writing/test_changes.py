"""The file of what has changed: numbers where they help, addresses where only they do."""

import csv
import io
from datetime import timedelta

import pytest

from petition.audit.acts import Act
from petition.core.storage.database import session, transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset
from petition.exports.presets import PRESETS
from petition.exports.writing.changes import has_file, take_changes
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import stop_mail
from petition.signatures.models import Signature
from tests.audit.reading import noted
from tests.factories import NOON, confirm, make_ask, make_organiser, sign, signed, signer
from tests.grounds.exporting import as_recorded, made

NEXT_DAY = NOON + timedelta(days=1)
DAY = "2026-11-21"


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def have(ask: Ask, preset: ExportPreset) -> Export:
    """Have an export made."""
    form = PRESETS[preset].formats[0]
    organiser = make_organiser().id
    with transaction():
        contents = Contents(preset=preset, format=ExportFormat(form))
        export = actions.begin(ask.petition_id, organiser, "To look", contents, NOON)
    made(export)
    return as_recorded(export)


def taken(export: Export) -> list[list[str]]:
    """Take the file of what has changed since an export; return its lines."""
    with transaction():
        content = take_changes(export, export.organiser_id, NEXT_DAY)
    assert content.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


EMAILS = ("=left@example.org", "erased@example.org", "q@example.org", "b@example.org")


def after_some_days(ask: Ask, *presets: ExportPreset) -> tuple[list[int], list[list[list[str]]]]:
    """Return the numbers of people to whom something has happened, and each export's changes."""
    people = [signed(ask, signer(one, mail_allowed=True), at=NOON)[0].id for one in EMAILS]
    exports = [have(ask, preset) for preset in presets]
    left, erased, quiet, back = people
    with transaction():
        removals.withdraw(session.get_one(Signature, left), NEXT_DAY)
        removals.erase(session.get_one(Signature, erased), NEXT_DAY)
        stop_mail(session.get_one(Signature, quiet), NEXT_DAY)
        removals.withdraw(session.get_one(Signature, back), NEXT_DAY)
    confirm(sign(ask, signer(EMAILS[-1], mail_allowed=True), at=NEXT_DAY), at=NEXT_DAY)
    files = [taken(export) for export in exports]
    named = [{line[0] for line in file[1:]} for file in files]
    assert named == [{str(export.id)} for export in exports]
    return people, [[line[1:] for line in file] for file in files]


def test_a_tool_that_knows_signatures_by_number_is_told_numbers_as_its_file_has_them(
    ask: Ask,
) -> None:
    presets = ExportPreset.SPREADSHEET, ExportPreset.CIVICRM, ExportPreset.OSDI
    (left, erased, quiet, back), (sheet, crm, osdi) = after_some_days(ask, *presets)

    assert sheet == [
        ["signature", "change", "day"],
        [str(left), "withdrawn", DAY],
        [str(erased), "erased", DAY],
        [str(quiet), "consent_taken_back", DAY],
        [str(back), "back", DAY],
    ]
    assert crm[1] == [f"petition:{left}", "withdrawn", DAY]
    assert osdi[1] == [f"petition:{left}", "withdrawn", DAY, EMAILS[0]]


def test_a_tool_that_mails_is_told_the_addresses_of_those_who_are_to_leave_it(ask: Ask) -> None:
    presets = ExportPreset.MAILCHIMP, ExportPreset.MAILING_LIST, ExportPreset.NPSP
    (left, erased, quiet, back), (mailchimp, mailing, npsp) = after_some_days(ask, *presets)

    assert mailchimp == [
        ["signature", "change", "day", "email"],
        [str(left), "withdrawn", DAY, EMAILS[0]],
        [str(erased), "erased", DAY, ""],
        [str(quiet), "consent_taken_back", DAY, EMAILS[2]],
        [str(back), "back", DAY, ""],
    ]
    assert mailing == [
        ["change", "day", "email"],
        ["withdrawn", DAY, EMAILS[0]],
        ["consent_taken_back", DAY, EMAILS[2]],
    ]
    assert npsp == mailing


def test_who_took_it_is_noted_with_how_many_and_nobodys_number(ask: Ask) -> None:
    number = signed(ask, signer(mail_allowed=True), at=NOON)[0].id
    export = have(ask, ExportPreset.MAILING_LIST)
    with transaction():
        stop_mail(session.get_one(Signature, number), NEXT_DAY)
    taken(export)

    act, _, organiser, about = noted()[-1]
    assert (act, organiser) == (Act.EXPORT_CHANGES_DOWNLOADED, export.organiser_id)
    assert about == {"export": export.id, "rows": 1}


def test_one_whose_data_do_not_open_has_no_address(ask: Ask) -> None:
    number = signed(ask, signer(mail_allowed=True), at=NOON)[0].id
    mailchimp = have(ask, ExportPreset.MAILCHIMP)
    mailing_list = have(ask, ExportPreset.MAILING_LIST)
    with transaction():
        removals.withdraw(session.get_one(Signature, number), NEXT_DAY)
        session.get_one(Signature, number).person = b"broken"

    assert taken(mailchimp)[1][-1] == ""
    assert len(taken(mailing_list)) == 1


def test_names_have_no_such_file() -> None:
    without = [preset for preset, its in PRESETS.items() if not has_file(its)]
    assert without == [ExportPreset.NAMES]
