"""A picture or a receipt beside a hand-over: brought, looked at, shown or not, and removed."""

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from petition.audit.acts import Act
from petition.core.storage.database import session
from petition.core.uploads.faults import Fault
from petition.deliveries.files.models import DeliveryFilePiece
from petition.deliveries.files.queries import files_of
from petition.deliveries.models import StepKind
from petition.organisers.models import Role
from petition.web.organiser.door import guard
from petition.web.organiser.evidence import file_form
from petition.web.organiser.evidence.file_form import fault_words
from petition.web.site.uploads import (
    LARGEST_FILE,
    LARGEST_UPLOAD,
    know_organisers,
    may_be_organiser,
)
from tests.audit.reading import acts
from tests.deliveries.files.keeping import RECEIPT, kept
from tests.deliveries.making import ago, found, go_on, handed_over, organiser, planned
from tests.factories import NOON, rows
from tests.grounds.brought import photo, polyglots, receipt
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.deliveries.records import FORM
from tests.web.public.people import problems, texts, words

pytestmark = [pytest.mark.usefixtures("letters_open"), pytest.mark.any_database]
PAGE = "/organiser/deliveries/1"
STEP = f"{PAGE}/steps/2/file"
FILE = f"{PAGE}/files/1"
PUBLIC = "/en/deliveries/1"
ABOUT = "Three people hand a box to a clerk"


def bring(client: ReadingClient, octets: bytes, name: str = "x.jpg", **typed: str) -> TestResponse:
    """Choose a file, say what it shows, and send it."""
    values: dict[str, Any] = {"about": ABOUT, **typed}
    if name:
        values["file"] = (io.BytesIO(octets), name)
    return client.submit(STEP, client.visit(STEP), values, form=FORM)


def brought(client: ReadingClient, octets: bytes, **typed: str) -> BeautifulSoup:
    """Bring a file; return the record that follows."""
    answer = bring(client, octets, **typed)
    assert answer.status_code == 303, problems(answer)
    return client.visit(str(answer.location))


def press(client: ReadingClient, verb: str) -> BeautifulSoup:
    """Press a button of the file in the record; return the record that follows."""
    answer = client.submit(PAGE, client.visit(PAGE), {}, form=f"form[action$='/{verb}']")
    assert answer.status_code == 303
    return client.visit(str(answer.location))


def test_a_picture_is_for_organisers_alone_until_one_lets_the_public_see_it(
    log_in: LogIn, client: ReadingClient
) -> None:
    handed_over(organiser())
    exporter = log_in(Role.EXPORTER)
    shown = brought(exporter, photo(1600, 1200), credit="Sample Coalition")
    assert "The file is kept, and organisers alone see it." in words(shown)
    [picture] = shown.select(".exhibit img")
    assert (picture["alt"], picture["width"], picture["height"]) == (ABOUT, "1600", "1200")
    for url, width in ((FILE, 1600), (f"{FILE}/small", 720)):
        answer = exporter.get(url)
        assert Image.open(io.BytesIO(answer.data)).width == width
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{PUBLIC}/files/1").status_code == 404
    assert not client.visit(PUBLIC).select("img[src*=files]")

    assert "Public" in texts(press(exporter, "show").select(".exhibit .tag"))
    answer = client.get(f"{PUBLIC}/files/1")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    shown = press(exporter, "hide")
    assert "Organisers alone" in texts(shown.select(".exhibit .tag"))
    assert client.get(f"{PUBLIC}/files/1").status_code == 404


def test_a_receipt_is_shown_at_once_where_that_was_ticked(
    log_in: LogIn, client: ReadingClient
) -> None:
    handed_over(organiser())
    shown = brought(log_in(), receipt(2), shown="y", about="The receipt of the office")
    assert "The file is kept, and the public can see it." in words(shown)
    answer = client.get(f"{PUBLIC}/files/1")

    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == "attachment; filename=delivery-1-1.pdf"
    assert client.get(f"{PUBLIC}/files/1/small").status_code == 404
    assert "The receipt of the office" in words(client.visit(PUBLIC))


def test_what_is_wrong_with_a_file_is_said_beside_it_and_nothing_is_kept(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_form, "LARGEST_FILE", 200_000)
    handed_over(organiser())
    owner = log_in()
    for name, octets in polyglots().items():
        found = problems(bring(owner, octets))
        assert found == {"#file": fault_words(Fault.TWO_KINDS)}, name
    for octets, said in (
        (b"<html>", fault_words(Fault.NO_KIND)),
        (photo()[:400], fault_words(Fault.BROKEN)),
        (photo() + bytes(200_000), "This file has more than 10 MB. Make it smaller"),
    ):
        answer = bring(owner, octets)
        assert (answer.status_code, problems(answer)) == (422, {"#file": said})
        assert ABOUT in answer.text
    assert problems(bring(owner, b"", "")) == {"#file": "Choose a file"}
    again = "Choose the file once more: your browser does not keep it"
    assert problems(bring(owner, photo(), about="")) == {
        "#file": again,
        "#about": "Say what it shows",
    }
    assert problems(bring(owner, photo(), about="x" * 301))["#about"].startswith("Use at most 300")
    assert rows(DeliveryFilePiece) == 0


def test_far_too_large_a_file_is_not_read_and_the_page_says_why(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LARGEST_FILE < LARGEST_UPLOAD
    monkeypatch.setattr(guard, "LARGEST_UPLOAD", 200_000)
    handed_over(organiser())
    answer = bring(log_in(), bytes(200_000))

    assert answer.status_code == 413
    assert "That file is too large" in answer.text
    assert f'href="{STEP}"' in answer.text


def test_more_than_a_form_is_read_of_nobody_but_who_may_bring_a_file(
    log_in: LogIn, client: ReadingClient
) -> None:
    handed_over(organiser())
    octets = photo() + bytes(300_000)
    sent = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    for visitor in (client, log_in(Role.AUDITOR)):
        data: dict[str, Any] = {"file": (io.BytesIO(octets), "x.jpg")}
        answer = visitor.post(STEP, data=data, **sent)
        assert answer.status_code == 413
    owner = log_in(Role.OWNER)
    assert brought(owner, octets)
    elsewhere = owner.post(f"{PAGE}/closed", data={"words": "x" * 300_000}, **sent)
    assert elsewhere.status_code == 413


def test_only_what_was_handed_over_or_answered_and_stands_takes_a_file(log_in: LogIn) -> None:
    who = organiser()
    number, owner = planned(who), log_in()
    takes_none = "This entry takes no file: it was taken back, or has ten already."
    assert takes_none in words(owner.visit(f"{PAGE}/steps/1/file"))
    go_on(number, StepKind.HANDED_OVER, who)
    form = owner.visit(STEP)
    go_on(number, StepKind.RETRACTED, who)
    values: dict[str, Any] = {"about": ABOUT, "file": (io.BytesIO(photo()), "x.jpg")}
    answer = owner.submit(STEP, form, values, form=FORM)
    assert takes_none in words(owner.visit(str(answer.location)))
    for path in ("/organiser/deliveries/9/steps/1/file", f"{PAGE}/files/1", f"{FILE}/small"):
        owner.visit(path, status=404)


def test_a_file_is_removed_for_good_and_so_are_those_of_an_entry_that_is_emptied(
    log_in: LogIn,
) -> None:
    who = organiser()
    number, owner = handed_over(who), log_in()
    kept(number, who, RECEIPT)
    kept(number, who, shown=True)
    shown = press(owner, "1/remove")
    assert "The file is removed for good." in words(shown)
    assert "removed for good on" in words(shown)
    owner.visit(FILE, status=404)
    go_on(number, StepKind.RETRACTED, who)
    answer = owner.submit(PAGE, owner.visit(PAGE), {}, form="form[action$='/empty']")
    assert answer.status_code == 303
    owner.visit(f"{PAGE}/files/2", status=404)
    assert rows(DeliveryFilePiece) == 0


def test_an_auditor_sees_files_and_changes_none(log_in: LogIn) -> None:
    who = organiser()
    kept(handed_over(who), who)
    auditor = log_in(Role.AUDITOR)
    shown = auditor.visit(PAGE)

    assert len(shown.select(".exhibit")) == 1
    assert not shown.select(".exhibit form, a[href$='/file']")
    assert auditor.get(FILE).status_code == 200
    auditor.visit(STEP, status=403)


def test_who_has_logged_in_is_known_by_the_cookie_before_a_byte_of_a_file_is_read(
    app: Flask, log_in: LogIn, client: ReadingClient
) -> None:
    know_organisers(app, "token")
    client.visit("/organiser/login")
    [stranger], [owner] = (
        [one.value for one in visitor._cookies.values()]  # type: ignore[union-attr]
        for visitor in (client, log_in())
    )
    name = app.config["SESSION_COOKIE_NAME"]

    assert may_be_organiser(f"{name}={owner}".encode())
    for cookies in (f"{name}={stranger}", f"{name}={owner}x", f"x={owner}", "\xff", ""):
        assert not may_be_organiser(cookies.encode("latin-1"))


def test_what_was_kept_comes_along_with_a_hand_over_that_is_recorded_anew(
    log_in: LogIn, client: ReadingClient
) -> None:
    who = organiser()
    handed_over(who)
    owner = log_in()
    brought(owner, photo(), shown="y")
    brought(owner, receipt(1))
    go_on(1, StepKind.RETRACTED, who)
    assert client.get(f"{PUBLIC}/files/1").status_code == 404
    path = f"{PAGE}/handed_over"
    form = owner.visit(path)
    assert len(form.select("#bring[checked]")) == 1
    Supporters().sign("Ada One", at=NOON)
    given = {"signature_count": "1", "day": str(ago(0))}
    assert owner.submit(path, form, given, form=FORM).status_code == 303

    last, files = found(1).steps[-1], files_of(1)
    assert [file.step_id for file in files] == [last.id, last.id]
    assert [file.shown_at is not None for file in files] == [True, False]
    session.commit()
    assert client.get(f"{PUBLIC}/files/1").status_code == 200
    assert acts()[-2:] == [Act.DELIVERY_FILE_BROUGHT] * 2
    go_on(1, StepKind.RETRACTED, who)
    owner.submit(path, owner.visit(path), {**given, "bring": ""}, form=FORM)
    assert {file.step_id for file in files_of(1)} == {last.id}
    session.commit()
