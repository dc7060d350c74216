"""A row that does not open costs itself alone: lists, records and names stand, and say so."""

import pytest

from petition.exports.models import Export
from petition.letters.letter.models import Letter
from petition.organisers.models import Organiser, Role
from petition.signatures.models import Removal, Signature
from tests.factories import spoil
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.organiser.letters.waiting_cases import PAGE, case_of, held, words_of
from tests.web.organiser.signatures.test_exports import EXPORTS, download, record

LIST = f"/organiser/petitions/{SLUG}/signatures"


def text_of(client: ReadingClient, path: str) -> str:
    return client.visit(path).get_text(" ", strip=True)


def test_the_list_of_signatures_shows_the_others_and_counts_it(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two", reason="Because")
    spoil(Signature)
    text = text_of(log_in(), LIST)

    assert "Ada One" in text
    assert "Cannot be opened" in text
    assert "1 signature on this page cannot be opened with the keys in use." in text


def test_the_record_of_an_export_says_how_many_rows_have_empty_cells(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two")
    spoil(Signature)
    client = log_in(Role.EXPORTER)
    answer = download(client)

    assert answer.status_code == 200
    assert "Ada One" in answer.text
    assert "1 row has empty cells: it cannot be opened with the keys in use." in record(client)


def test_why_a_signature_was_invalidated_and_an_export_made_may_be_lost(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = client.visit(LIST)
    client.submit(LIST, page, {"why": "Not a person"}, form="form.desk__invalidate")
    assert download(client).text
    spoil(Removal, "why_box", key="why_key")
    spoil(Export, "why_box", key="why_key")

    assert "Not a person" not in text_of(client, LIST)
    assert "Ready to download" in text_of(client, EXPORTS)


def test_an_organiser_whose_name_does_not_open_is_a_number(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    assert download(client).text
    spoil(Organiser)

    assert "#1" in text_of(client, EXPORTS)
    assert client.get("/organiser/sessions").status_code == 200


@pytest.mark.usefixtures("letters_open")
def test_a_letter_on_hold_that_does_not_open_is_listed_with_the_others(log_in: LogIn) -> None:
    whole, broken = held(), held()
    spoil(Letter, "content", number=broken.id)
    page = log_in().visit(PAGE)

    assert "Read the letter" in words_of(case_of(page, whole))
    assert "Its words cannot be opened with the keys in use." in words_of(case_of(page, broken))
