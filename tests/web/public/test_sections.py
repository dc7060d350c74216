"""The header of each page says which part of the site one is in."""

import pytest

from petition.core.memory import forget_everything
from tests.deliveries.making import handed_over, organiser
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


def test_deliveries_stand_in_the_header_once_there_are_any(person: Person) -> None:
    def leading() -> list[str]:
        return [str(link["href"]) for link in fresh(person, "/fr/").select(".masthead nav a")]

    assert "/fr/deliveries/" not in leading()
    handed_over(organiser())
    forget_everything()
    assert leading()[-1] == "/fr/deliveries/"
    [here] = fresh(person, "/fr/deliveries/").select(".masthead nav [aria-current=page]")
    assert here.get_text() == "Remises"
