"""Having signatures put into a file, and the record of it. What is in it is tested with exports."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.models import Export
from petition.organisers.models import Role
from petition.signatures.models import Signature
from petition.signatures.removals import withdraw
from tests.audit.reading import noted
from tests.factories import OTHER_SLUG
from tests.grounds.client import ReadingClient
from tests.grounds.exporting import work_off
from tests.grounds.pages import parse
from tests.grounds.workbooks import read_workbook
from tests.organisers.people import code_of
from tests.web.organiser.conftest import SLUG, LogIn, Supporters, whose

EXPORTS = f"/organiser/petitions/{SLUG}/exports"
AT = datetime(2026, 12, 9, 12, 30, tzinfo=UTC)


def ask(client: ReadingClient, **values: str) -> TestResponse:
    """Ask for an export; return where that leads."""
    given = {"why": "To hand the petition over", "scope": "confirmed"} | values
    return client.submit(EXPORTS, client.visit(EXPORTS), given, form="form.desk__form")


def make(client: ReadingClient, **values: str) -> str:
    """Ask for an export and let a worker make it; return its page."""
    answer = ask(client, **values)
    assert answer.status_code == 303
    work_off()
    return str(answer.location)


def take(client: ReadingClient, page: str, code: str = "", **options: Any) -> TestResponse:
    """Take a file away with a fresh code."""
    given = {"code": code or code_of(whose(client))}
    return client.submit(page, client.visit(page), given, form="form.desk__form", **options)


def download(client: ReadingClient, **values: str) -> TestResponse:
    """Have a file made and take it away."""
    return take(client, make(client, **values), follow_redirects=True)


def record(client: ReadingClient) -> str:
    return client.visit(EXPORTS).select_one("#record").parent.get_text(" ", strip=True)  # type: ignore[union-attr]


def test_nothing_was_exported_yet(log_in: LogIn, supporters: Supporters) -> None:
    assert "None yet" in record(log_in())


def test_an_exporter_downloads_the_signatures_that_count(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two", confirmed=False)
    with time_machine.travel(AT, tick=False):
        answer = download(log_in(Role.EXPORTER))

    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename={SLUG}-signatures-20261209T1230Z.csv"
    assert "Ada One" in answer.text
    assert "Bea Two" not in answer.text


def test_everything_has_the_pending_ones_too(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Bea Two", confirmed=False)

    assert "Bea Two" in download(log_in(), scope="everything").text


def test_each_export_is_recorded_with_who_when_why_rows_and_sum(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    with time_machine.travel(AT, tick=False):
        client = log_in(Role.EXPORTER)
        total = hashlib.sha256(download(client).data).hexdigest()
        words = record(client)

    export = session.query(Export).one()
    assert (export.row_count, export.sha256) == (1, total)
    for shown in (
        "Exa Exporter",
        "9 December 2026, 12:30 UTC",
        "To hand the petition over",
        "Those that count",
        total[:12],
        total,
        "Ready to download",
    ):
        assert shown in words


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"why": " "}, "Say what you need the file for"),
        ({"why": "x" * 401}, "Use at most 400 characters"),
        ({"why": "a\u202eb"}, "cannot be seen"),
        ({"scope": "other"}, "Not a valid choice"),
        ({"preset": "other"}, "Not a valid choice"),
        ({"format": "other"}, "Not a valid choice"),
        (
            {"preset": "names", "scope": "everything"},
            "“Names and countries” choose those that count",
        ),
        ({"preset": "brevo", "format": "jsonl"}, "For “Brevo” choose CSV or Excel"),
        ({"preset": "civicrm", "format": "xlsx"}, "For “CiviCRM contacts” choose CSV"),
        ({"preset": "osdi", "format": "csv"}, "For “OSDI” choose JSON Lines"),
    ],
)
def test_bad_input_makes_no_export(
    log_in: LogIn, supporters: Supporters, values: dict[str, str], words: str
) -> None:
    answer = ask(log_in(), **values)

    assert answer.status_code == 422
    page = parse(answer.text)
    assert re.search(words, page.select_one(".error-summary").get_text())  # type: ignore[union-attr]
    assert session.query(Export).count() == 0


def test_an_export_made_before_a_withdrawal_is_to_be_corrected(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One")
    client = log_in()
    assert download(client).data
    assert "To be corrected" not in record(client)
    with transaction():
        withdraw(session.get_one(Signature, signature.id), now())

    assert "To be corrected: 1 signature" in record(client)
    assert f"delete these numbers wherever they are still in the file. {signature.id}" in record(
        client
    )


def test_where_a_file_has_no_numbers_of_ours_it_is_to_be_made_anew(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One")
    client = log_in()
    make(client, preset="names")
    with transaction():
        withdraw(session.get_one(Signature, signature.id), now())

    assert "To be corrected: 1 signature" in record(client)
    assert "make it anew, and delete this one" in record(client)
    assert "delete these numbers" not in record(client)


def test_a_file_for_recipients_has_names_and_countries_and_is_called_so(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One", reason="My brother")
    with time_machine.travel(AT, tick=False):
        client = log_in()
        answer = download(client, preset="names")
        words = record(client)

    assert answer.mimetype == "text/csv"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename={SLUG}-names-20261209T1230Z.csv"
    assert answer.get_data().decode("utf-8-sig") == "number,name,country\r\n1,Ada One,GB\r\n"
    assert "Names and countries, CSV" in words


def test_json_lines_are_told_by_their_type_their_name_and_the_button(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    with time_machine.travel(AT, tick=False):
        client = log_in()
        page = make(client, format="jsonl")
        assert "Download JSON Lines" in client.visit(page).get_text()
        assert "Spreadsheet, JSON Lines" in client.visit(page).get_text()
        answer = take(client, page, follow_redirects=True)

    assert answer.mimetype == "application/x-ndjson"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename={SLUG}-signatures-20261209T1230Z.jsonl"
    assert json.loads(answer.text)["name"] == "Ada One"


def test_an_excel_file_is_told_by_its_type_its_name_and_the_button(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    with time_machine.travel(AT, tick=False):
        client = log_in()
        page = make(client, format="xlsx")
        assert "Download Excel (XLSX)" in client.visit(page).get_text()
        answer = take(client, page, follow_redirects=True)

    assert str(answer.mimetype).endswith("spreadsheetml.sheet")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename={SLUG}-signatures-20261209T1230Z.xlsx"
    assert "Ada One" in read_workbook(answer.get_data())["Signatures"][1]


def test_an_auditor_reads_the_record_and_downloads_nothing(
    log_in: LogIn, supporters: Supporters
) -> None:
    page = make(log_in(Role.EXPORTER))
    auditor = log_in(Role.AUDITOR)

    assert "Exa Exporter" in record(auditor)
    assert auditor.visit(EXPORTS).select("main form") == []
    assert auditor.visit(page).select("main form") == []
    auditor.visit(f"{page}/file", status=403)


def test_an_export_can_be_cancelled_and_nothing_of_it_is_kept(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    page = str(ask(client).location)
    client.submit(page, client.visit(page), {}, form="form[action$='/cancel']")
    work_off()

    assert "Cancelled" in record(client)
    assert "It was cancelled" in client.visit(page).get_text()
    assert session.query(Export).one().finished_at is None


def test_the_same_is_made_anew_as_the_signatures_are_now(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    page = make(client, why="For the embassy", scope="everything", format="jsonl")
    supporters.sign("Ada One")
    answer = client.submit(page, client.visit(page), {}, form="form[action$='/anew']")
    work_off()

    again = session.query(Export).order_by(Export.id.desc()).first()
    assert again is not None
    assert (again.why, again.scope, again.row_count) == ("For the embassy", "everything", 1)
    assert again.format == "jsonl"
    assert "Ada One" in take(client, str(answer.location), follow_redirects=True).text


def test_who_had_it_made_who_cancelled_it_and_who_took_it_is_noted(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in(Role.EXPORTER)
    assert download(client).data
    cancelled = str(ask(client).location)
    client.submit(cancelled, client.visit(cancelled), {}, form="form[action$='/cancel']")

    first, second = session.query(Export).order_by(Export.id)
    made = {"scope": "confirmed", "preset": "spreadsheet", "format": "csv"}
    assert noted() == [
        (Act.EXPORT_MADE, Actor.ORGANISER, 1, {"export": first.id, **made}),
        (Act.EXPORT_DOWNLOADED, Actor.ORGANISER, 1, {"export": first.id, "rows": 1}),
        (Act.EXPORT_MADE, Actor.ORGANISER, 1, {"export": second.id, **made}),
        (Act.EXPORT_CANCELLED, Actor.ORGANISER, 1, {"export": second.id}),
    ]


def test_no_export_of_another_petition_opens_here(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    number = make(client).rpartition("/")[2]
    elsewhere = f"/organiser/petitions/{OTHER_SLUG}/exports"

    client.visit(elsewhere)
    client.visit(f"{elsewhere}/{number}", status=404)
    for spelling in ("999", f"0{number}", "0", str(2**63)):
        client.visit(f"{EXPORTS}/{spelling}", status=404)
