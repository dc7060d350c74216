"""Sharing: short link, QR code, paper, and what other sites may show."""

import io
from collections.abc import Mapping

import pytest
from PIL import Image
from sqlalchemy import update

from petition.core.memory import forget_everything
from petition.core.storage.database import transaction
from petition.petitions.models import Petition
from petition.web.drawings.qr import qr_svg
from tests.factories import SLUG
from tests.grounds.pages import parse
from tests.web.public.people import Person, page_of, words

pytestmark = pytest.mark.any_database

SHARE = f"{page_of()}/share"


def change(**values: object) -> None:
    """Change how every petition is configured."""
    with transaction() as writing:
        writing.execute(update(Petition).values(**values))
    forget_everything()


def snippets(person: Person) -> Mapping[str, str]:
    """Return the fields of the share page to copy from, by id."""
    page = person.client.visit(SHARE)
    return {str(tag["id"]): str(tag["value"]) for tag in page.select("input[readonly]")}


def test_the_petition_and_the_receipt_lead_to_the_share_page(person: Person) -> None:
    manage = person.has_signed()
    for path in (page_of(), f"{manage}/receipt"):
        assert len(person.client.visit(path).select(f"a[href='{SHARE}']")) == 1


def test_the_share_page_gives_the_short_link_and_every_file(person: Person) -> None:
    page = person.client.visit(SHARE)

    assert snippets(person)["short-url"] == f"http://localhost/p/{SLUG}"
    links = {str(link["href"]) for link in page.select("main a")}
    files = {
        f"{page_of()}/qr.svg": "image/svg+xml",
        f"{page_of()}/qr.png": "image/png",
        f"{page_of()}/sheet.pdf?paper=a4": "application/pdf",
        f"{page_of()}/sheet.pdf?paper=letter": "application/pdf",
    }
    assert files.keys() <= links
    for path, kind in files.items():
        assert person.client.get(path).mimetype == kind


def test_the_qr_code_is_that_of_the_short_link(person: Person) -> None:
    svg = person.client.get(f"{page_of()}/qr.svg")
    png = Image.open(io.BytesIO(person.client.get(f"{page_of()}/qr.png").data))

    assert svg.data == qr_svg(f"http://localhost/p/{SLUG}")
    assert b"<script" not in svg.data
    assert b"style" not in svg.data
    assert png.width == png.height > 300
    assert svg.headers["Cache-Control"].startswith("public, max-age=300")


def test_the_snippet_of_the_counter_is_one_frame_of_our_page(person: Person) -> None:
    (frame,) = parse(snippets(person)["counter-snippet"]).select("iframe")

    assert frame["src"] == f"http://localhost/en/embed/{SLUG}"
    assert frame["title"] == "Use these sanctions against human trafficking"


def test_the_share_page_shows_the_counter_as_it_looks_and_nothing_else_in_a_frame(
    person: Person,
) -> None:
    answer = person.client.get(SHARE)
    (shown,) = parse(answer.text).select("iframe")
    (given,) = parse(snippets(person)["counter-snippet"]).select("iframe")

    assert (f"http://localhost{shown['src']}", shown["height"]) == (given["src"], given["height"])
    assert shown["loading"] == "lazy"
    assert "frame-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    for path in ("/en/", page_of(), str(shown["src"])):
        assert "frame-src" not in person.client.get(path).headers["Content-Security-Policy"]


def test_the_form_is_offered_only_where_the_petition_lists_a_site(person: Person) -> None:
    assert "form-snippet" not in snippets(person)
    change(embed_origins=["https://partner.example.org"])

    (frame,) = parse(snippets(person)["form-snippet"]).select("iframe")
    assert frame["src"] == f"http://localhost/en/embed/{SLUG}/sign"
    assert "https://partner.example.org" in words(person.client.visit(SHARE))


@pytest.mark.parametrize("name", ["share", "qr.svg", "qr.png"])
def test_a_petition_that_does_not_exist_cannot_be_shared(name: str, person: Person) -> None:
    person.client.visit(f"/en/petitions/nothing/{name}", status=404)
