"""The last page of a letter says what will become of it, before anything is sent or printed."""

import pytest

from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person, words


@pytest.mark.parametrize(
    ("name", "boxes"), [("Tashi བཀྲ", "ཀ"), ("สมชาย ใจดี", None)], ids=["no font", "a font"]
)
def test_what_comes_out_as_boxes_on_paper_is_said_before(
    name: str, boxes: str | None, person: Person
) -> None:
    writer = Writer(person.client)
    writer.begins(name=name)
    writer.chooses("Foreign Secretary")
    writer.does("reasons", reason_0="I work with people who were trafficked to our town.")
    writer.does("edit")
    said = words(writer.page("preview"))

    assert ("some characters come out as empty boxes" in said) == (boxes is not None)
    assert boxes is None or f"print these with: \u2068བ\u2069 \u2068{boxes}\u2069" in said
