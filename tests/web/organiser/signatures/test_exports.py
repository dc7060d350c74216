"""Downloading signatures, and the record of it. What is in the file is tested with the exports."""

import hashlib
import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.models import Export
from petition.organisers import recovery_codes
from petition.organisers.models import Role
from petition.signatures.models import Signature
from petition.signatures.removals import withdraw
from tests.audit.reading import acts, noted
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import code_of, join
from tests.web.organiser.conftest import SLUG, LogIn, Supporters, begin_session, whose

EXPORTS = f"/organiser/petitions/{SLUG}/exports"
AT = datetime(2026, 12, 9, 12, 30, tzinfo=UTC)


def download(client: ReadingClient, **values: str) -> TestResponse:
    given = {"why": "To hand the petition over", "scope": "confirmed"}
    given |= {"code": code_of(whose(client))} | values
    return client.submit(EXPORTS, client.visit(EXPORTS), given, form="form.desk__form")


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
        "Complete",
    ):
        assert shown in words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"why": " "}, "Say what you need the file for"),
        ({"why": "x" * 401}, "Use at most 400 characters"),
        ({"why": "a\u202eb"}, "cannot be seen"),
        ({"scope": "other"}, "Not a valid choice"),
        ({"code": ""}, "Enter the code"),
        ({"code": "000000"}, "This code is not right, or it was used already"),
    ],
)
def test_bad_input_makes_no_export(
    log_in: LogIn, supporters: Supporters, values: dict[str, str], words: str
) -> None:
    answer = download(log_in(), **values)

    assert answer.status_code == 422
    page = parse(answer.text)
    assert re.search(words, page.select_one(".error-summary").get_text())  # type: ignore[union-attr]
    assert session.query(Export).count() == 0


def test_a_download_that_breaks_off_says_so(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = client.visit(EXPORTS)
    given = {"why": "test", "scope": "confirmed", "code": code_of(whose(client))}
    answer = client.submit(EXPORTS, page, given, form="form.desk__form", buffered=False)
    next(iter(answer.response))
    answer.close()

    assert "Broken off" in record(client)


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


def test_an_auditor_reads_the_record_and_downloads_nothing(
    log_in: LogIn, supporters: Supporters
) -> None:
    assert download(log_in(Role.EXPORTER)).data
    auditor = log_in(Role.AUDITOR)

    assert "Exa Exporter" in record(auditor)
    assert auditor.visit(EXPORTS).select("main form") == []


def test_a_code_is_good_for_one_export_and_a_recovery_code_will_do(
    log_in: LogIn, supporters: Supporters
) -> None:
    with time_machine.travel(AT, tick=False):
        client = log_in()
        code = code_of(whose(client))
        assert download(client, code=code).status_code == 200
        again = download(client, code=code)
        assert again.status_code == 422
        organiser = whose(client).id
        with transaction():
            spare = recovery_codes.renew(organiser)[0]
        assert download(client, code=spare).status_code == 200

    assert session.query(Export).count() == 2


def test_a_refused_code_keeps_what_was_typed_and_is_noted(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    page = parse(download(client, why="For the embassy", scope="everything", code="000000").text)

    assert page.select_one("textarea[name=why]").get_text().strip() == "For the embassy"  # type: ignore[union-attr]
    assert page.select_one("input[name=scope][checked]")["value"] == "everything"  # type: ignore[index]
    assert page.select_one("input[name=code]")["value"] == "000000"  # type: ignore[index]
    assert page.select_one(".error-summary a")["href"] == "#code"  # type: ignore[index]
    assert acts() == [Act.CODE_REFUSED]


def test_other_mistakes_do_not_use_the_code_up(log_in: LogIn, supporters: Supporters) -> None:
    with time_machine.travel(AT, tick=False):
        client = log_in()
        assert download(client, why="").status_code == 422
        assert download(client).status_code == 200


def test_guessing_at_the_code_is_slowed_down_as_at_the_login(
    log_in: LogIn, supporters: Supporters
) -> None:
    with time_machine.travel(AT, tick=False):
        client = log_in()
        for _ in range(5):
            assert download(client, code="000000").status_code == 422
        answer = download(client)

    assert answer.status_code == 429
    assert "Too many tries. Try again in 1 second" in answer.text
    assert session.query(Export).count() == 0


def test_an_export_is_noted_when_it_is_made_and_when_it_has_left(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    assert download(log_in(Role.EXPORTER)).data

    made = session.query(Export).one()
    assert noted() == [
        (Act.EXPORT_MADE, Actor.ORGANISER, 1, {"export": made.id, "scope": "confirmed"}),
        (Act.EXPORT_DOWNLOADED, Actor.ORGANISER, 1, {"export": made.id, "rows": 1}),
    ]


def test_where_the_authenticator_is_put_off_there_is_no_code_to_ask_for(
    app: Flask, client: ReadingClient, supporters: Supporters
) -> None:
    begin_session(client, join())

    page = client.visit(EXPORTS)
    assert page.select("input[name=code]") == []
    given = {"why": "To try it", "scope": "confirmed"}
    assert client.submit(EXPORTS, page, given, form="form.desk__form").mimetype == "text/csv"
    given = {"why": "", "scope": "confirmed"}
    assert client.submit(EXPORTS, page, given, form="form.desk__form").status_code == 422
