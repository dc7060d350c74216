"""The header of each page says which part of the site one is in."""

import pytest

from tests.factories import SLUG
from tests.web.public.people import Person, fresh

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", []),
        ("/privacy", []),
        (f"/petitions/{SLUG}", [("#petitions", "true")]),
        (f"/petitions/{SLUG}/share", [("#petitions", "true")]),
        ("/gaps/", [("/gaps/", "page")]),
        ("/gaps/eu-corruption-sanctions", [("/gaps/", "true")]),
        ("/events/", [("/events/", "page")]),
        ("/reports/four-lists-five-gaps/for/us", [("/reports/", "true")]),
        ("/letters/letter-on-human-trafficking", [("#letters", "true")]),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_header_marks_the_section_that_one_is_in(
    lang: str, path: str, current: list[tuple[str, str]], person: Person
) -> None:
    page = fresh(person, f"/{lang}{path}")
    marked = page.select(".masthead nav [aria-current]")

    assert [(link["href"], link["aria-current"]) for link in marked] == [
        (f"/{lang}/{where}" if where.startswith("#") else f"/{lang}{where}", kind)
        for where, kind in current
    ]
