"""The page of one export: how far it is, and its file, with a fresh code and from any byte."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.actions import begin_at_once, finish_at_once
from petition.exports.models import Contents, Export, ExportDownload
from petition.exports.rows import Count
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.models import Job, JobFailure, MadeFile
from petition.jobs.work import Whole
from petition.organisers import recovery_codes
from petition.organisers.models import Role
from petition.outbox import actions as outbox
from petition.petitions.models import Petition
from petition.signatures.models import Signature
from tests.audit.reading import acts
from tests.factories import rows, spoil
from tests.grounds.client import ReadingClient
from tests.grounds.exporting import KEPT, work_off
from tests.grounds.pages import parse
from tests.organisers.people import code_of, join
from tests.web.organiser.conftest import LogIn, Supporters, begin_session, whose
from tests.web.organiser.signatures.test_exports import EXPORTS, ask, make, take

AT = datetime(2026, 12, 9, 12, 30, tzinfo=UTC)


def words(client: ReadingClient, page: str) -> str:
    """Return what the page of an export says."""
    return client.visit(page).select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


def newest_job() -> int:
    """Return the number of the job that was asked for last."""
    found = session.query(Job.id).order_by(Job.id.desc()).limit(1).scalar()
    session.commit()
    assert isinstance(found, int)
    return found


def test_one_sees_how_far_it_is(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    page = str(ask(client).location)
    assert "Waiting for its turn" in words(client, page)
    assert "No worker is running" in words(client, page)
    with transaction():
        outbox.beat("one", now())
        claim = jobs.claim("one", ["export"], now())
        assert claim is not None
        jobs.note(claim, 12_000, 1_000_000)

    assert "12,000 of 1,000,000" in words(client, page)
    assert "No worker is running" not in words(client, page)
    bar = client.visit(page).select_one("progress")
    assert bar is not None
    assert (bar["value"], bar["max"]) == ("12000", "1000000")


def test_without_scripts_the_page_looks_again_by_itself_until_it_is_made(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    page = str(ask(client).location)
    assert client.visit(page).select_one("noscript meta[http-equiv=refresh]")
    work_off()

    assert not client.visit(page).select_one("noscript meta[http-equiv=refresh]")


def test_the_page_tells_of_rows_that_do_not_open(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    spoil(Signature, number=supporters.sign("Ada One").id)
    page = str(ask(client).location)
    work_off()

    assert "1 row has empty cells" in words(client, page)


@pytest.mark.parametrize("role", [Role.OWNER, Role.EXPORTER])
def test_where_exports_cannot_be_read_the_fault_has_its_page_all_the_same(
    log_in: LogIn, app: Flask, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(role)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with transaction() as writing:
        writing.execute(text("ALTER TABLE export RENAME TO was"))
    try:
        answer = client.get("/organiser/")
        missing = client.get("/organiser/nothing")
    finally:
        with transaction() as writing:
            writing.execute(text("ALTER TABLE was RENAME TO export"))

    assert (answer.status_code >= 500, missing.status_code) == (True, 404)
    assert "There is no such page" in missing.text


@pytest.mark.parametrize(
    ("failure", "said"),
    [(JobFailure.NO_ROOM, "The disk of the server is full"), (JobFailure.FAULT, "Try again")],
)
def test_one_that_was_not_made_says_why(
    log_in: LogIn, supporters: Supporters, failure: JobFailure, said: str
) -> None:
    client = log_in()
    page = str(ask(client).location)
    with transaction():
        claim = jobs.claim("one", ["export"], now())
        assert claim is not None
        jobs.fail(claim, failure, now())

    assert said in words(client, page)
    assert client.visit(page).select("form[action$='/anew']")


def test_a_code_is_good_for_one_download_and_a_recovery_code_will_do(
    log_in: LogIn, supporters: Supporters
) -> None:
    with time_machine.travel(AT, tick=False):
        client = log_in()
        page = make(client)
        code = code_of(whose(client))
        assert take(client, page, code).status_code == 303
        assert take(client, page, code).status_code == 422
        organiser = whose(client).id
        with transaction():
            spare = recovery_codes.renew(organiser)[0]
        assert take(client, page, spare).status_code == 303

    assert rows(ExportDownload) == 2


def test_a_refused_code_is_said_beside_it_and_noted(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    page = parse(take(client, make(client), "000000").text)

    assert page.select_one("input[name=code]")["value"] == "000000"  # type: ignore[index]
    assert page.select_one(".error-summary a")["href"] == "#code"  # type: ignore[index]
    assert acts()[-1] == Act.CODE_REFUSED
    assert rows(ExportDownload) == 0


def test_guessing_at_the_code_is_slowed_down_as_at_the_login(
    log_in: LogIn, supporters: Supporters
) -> None:
    with time_machine.travel(AT, tick=False):
        client = log_in()
        page = make(client)
        for _ in range(5):
            assert take(client, page, "000000").status_code == 422
        answer = take(client, page)

    assert answer.status_code == 429
    assert "Too many tries. Try again in 1 second" in answer.text


def test_without_a_code_no_address_opens_the_file(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = make(client)

    assert client.get(f"{page}/file").location == page
    assert take(client, page, follow_redirects=True).mimetype == "text/csv"
    assert log_in(Role.EXPORTER).get(f"{page}/file").location == page


def test_a_download_that_broke_off_goes_on_where_it_was(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = make(client)
    whole = take(client, page, follow_redirects=True)
    assert (whole.headers["Accept-Ranges"], whole.content_length) == ("bytes", len(whole.data))

    rest = client.get(f"{page}/file", headers={"Range": "bytes=100-"})
    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole.data) - 1}/{len(whole.data)}"
    assert whole.data[:100] + rest.data == whole.data
    assert hashlib.sha256(whole.data).hexdigest() == rest.get_etag()[0]
    middle = client.get(f"{page}/file", headers={"Range": "bytes=10-19"})
    assert middle.data == whole.data[10:20]
    beyond = client.get(f"{page}/file", headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416
    other = {"Range": "bytes=100-", "If-Range": '"another"'}
    assert client.get(f"{page}/file", headers=other).status_code == 200


def test_what_was_let_an_hour_ago_asks_for_a_code_again(
    log_in: LogIn, supporters: Supporters
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = log_in()
        page = make(client)
        assert take(client, page, follow_redirects=True).mimetype == "text/csv"
        for _ in range(3):
            clock.shift(timedelta(minutes=19))
            client.visit(page)
        assert client.get(f"{page}/file").status_code == 200
        clock.shift(timedelta(minutes=4))
        assert client.get(f"{page}/file").location == page


def test_a_file_whose_time_is_up_is_not_handed_over(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    page = make(client)
    assert take(client, page).status_code == 303
    with transaction():
        files.purge(now() + KEPT)

    assert "The file was deleted" in words(client, page)
    assert client.get(f"{page}/file").location == page
    assert client.visit(EXPORTS).find(string="File deleted")


def test_where_the_authenticator_is_put_off_there_is_no_code_to_ask_for(
    app: Flask, client: ReadingClient, supporters: Supporters
) -> None:
    begin_session(client, join())
    page = make(client)

    shown = client.visit(page)
    assert shown.select("input[name=code]") == []
    answer = client.submit(page, shown, {}, form="form.desk__form", follow_redirects=True)
    assert answer.mimetype == "text/csv"


def test_a_file_that_is_too_large_for_its_tool_says_how_many_rows_fit(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    page = make(client, preset="nationbuilder")
    assert "too large" not in words(client, page)
    with transaction():
        session.query(Export).one().row_count = 400_000
        session.query(MadeFile).one().size = 100_000_000

    assert "This file is too large for its tool" in words(client, page)
    assert "NationBuilder takes files of at most 50 MB" in words(client, page)
    assert "About 190,000 rows" in words(client, page)


def test_a_workbook_of_several_sheets_says_that_a_tool_may_read_the_first_alone(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    page = make(client, preset="brevo", format="xlsx")
    with transaction():
        session.query(Export).one().row_count = 1_500_000

    assert "may read the first alone, with 1,048,575 rows" in words(client, page)


def test_a_file_that_left_to_a_terminal_has_its_page_too(
    log_in: LogIn, supporters: Supporters, petition: Petition
) -> None:
    client = log_in()
    given = petition.id, whose(client).id, "For the embassy", Contents(), now()
    with transaction():
        export = begin_at_once(*given)
    page = f"{EXPORTS}/{export.id}"
    assert client.visit(EXPORTS).select(f"main a[href='{page}']")
    assert "It has not left as a whole" in client.visit(page).get_text()
    with transaction():
        finish_at_once(export, Count(), Whole(1, "0" * 64), now())
    shown = client.visit(page)
    assert "It left while it was made" in shown.get_text()
    assert "For the embassy" in shown.get_text()
    assert "Left at once" in client.visit(EXPORTS).get_text()
    assert client.submit(page, shown, {}, form="form[action$='/continue']").status_code == 303
    assert session.query(Export).count() == 2
