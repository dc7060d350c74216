"""What people are told of how their name appears, once they have signed."""

import pytest

from tests.web.public.people import Person, words


@pytest.mark.parametrize(
    ("reason", "visibility", "announced"),
    [
        ("Because", "full_name", "Saved: this is how your name appears from now on."),
        ("", "full_name", "Saved. You gave no reason"),
        ("Because", "private", "Saved: your name does not appear in public."),
        ("", "private", "Saved: your name does not appear in public."),
    ],
)
def test_a_new_appearance_is_announced_as_the_public_will_see_it(
    reason: str, visibility: str, announced: str, person: Person
) -> None:
    path = person.has_signed(reason=reason)
    page = person.client.visit(path)
    form = "form[action$='/appearance']"
    answer = person.client.submit(path, page, {"visibility": visibility}, form=form)

    assert announced in words(person.client.visit(answer.headers["Location"]))


def test_the_page_says_what_a_name_needs_to_appear_and_how_to_mend_a_slip(
    person: Person,
) -> None:
    page = person.client.visit(person.has_signed())

    hint = page.select_one("#visibility-hint")
    assert hint is not None
    assert "In public your name stands only beside your reason" in hint.get_text()
    assert "Something wrong in it? Erase everything , then sign again." in words(page)
    assert page.select_one("a[href='#erase']") is not None
