"""What the public sees of a delivery's files: those that were shown, and as long as they are."""

import pytest
from sqlalchemy import update

from petition.core.storage.database import rows_of, transaction
from petition.deliveries.files.models import DeliveryFile, FileWords
from petition.deliveries.models import StepKind
from tests.deliveries.files.keeping import PHOTO, RECEIPT, change, kept
from tests.deliveries.making import go_on, handed_over, organiser
from tests.web.public.deliveries.test_reading import page
from tests.web.public.people import Person, fresh, texts


@pytest.fixture
def who(person: Person) -> int:
    """Somebody who records."""
    return organiser()


def test_a_picture_lies_in_its_entry_with_what_it_shows_and_who_made_it(
    person: Person, who: int
) -> None:
    number = handed_over(who)
    go_on(number, StepKind.ANSWERED, who, language="fr")
    kept(number, who, shown=True)
    kept(number, who, RECEIPT, step=3, said=FileWords("La réponse", "Le ministère"), shown=True)
    kept(number, who)
    shown = fresh(person, page(number))
    first, second = shown.select(".timeline__entry")

    [picture] = first.select(".exhibit img")
    assert picture["src"] == f"{page(number)}/files/1/small"
    assert (picture["alt"], picture["lang"]) == ("Three people hold a box before a door", "en")
    assert (picture["width"], picture["height"]) == ("1600", "1200")
    assert texts(first.select("figcaption")) == ["Picture: Sample Coalition"]
    [link] = second.select(".exhibit a")
    assert (link["href"], link.get_text()) == (f"{page(number)}/files/2", "La réponse")
    assert link.bdi is not None
    assert link.bdi["lang"] == "fr"
    assert "PDF, 2 pages, 2,098 KB" in second.get_text()
    assert len(shown.select(".exhibit")) == 2


def test_what_is_shown_may_be_kept_by_caches_for_a_minute_and_is_asked_for_anew(
    person: Person, who: int
) -> None:
    number = handed_over(who)
    kept(number, who, shown=True)
    for path, octets in (("1", PHOTO.content), ("1/small", PHOTO.preview)):
        url = f"{page(number)}/files/{path}"
        answer = person.client.get(url)
        assert (answer.status_code, answer.data) == (200, octets)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["Content-Disposition"] == "inline; filename=delivery-1-1.jpg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        known = {"If-None-Match": answer.headers["ETag"]}
        again = person.client.get(url, headers=known)
        assert (again.status_code, again.data) == (304, b"")
    change(number, 1, "hide", who)
    for path in ("1", "1/small"):
        gone = person.client.get(f"{page(number)}/files/{path}", headers=known)
        assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")


def test_what_is_hidden_removed_or_of_an_entry_taken_back_is_not_there(
    person: Person, who: int
) -> None:
    number = handed_over(who)
    hidden, removed, taken = (kept(number, who, shown=True) for _file in range(3))
    change(number, hidden, "hide", who)
    change(number, removed, "remove", who)
    urls = [f"{page(number)}/files/{one}" for one in (hidden, removed, taken)]
    assert [person.client.get(url).status_code for url in urls] == [404, 404, 200]
    go_on(number, StepKind.RETRACTED, who)
    assert {person.client.get(url).status_code for url in urls} == {404}
    assert not fresh(person, page(number)).select(".exhibit")
    for path in ("/en/deliveries/9/files/1", f"{page(number)}/files/9", f"{page(number)}/files/01"):
        assert person.client.get(path).status_code == 404


@pytest.mark.parametrize("column", ["file_key", "preview"])
def test_a_file_that_does_not_open_is_not_there(person: Person, who: int, column: str) -> None:
    number = handed_over(who)
    kept(number, who, shown=True)
    files = rows_of(DeliveryFile)
    with transaction() as writing:
        writing.execute(update(files).values(**{column: b"x" * 60}))

    assert person.client.get(f"{page(number)}/files/1/small").status_code == 404
    fresh(person, page(number))
