"""A letter to take away: on paper it is made once, and a crowd of readers costs next to nothing."""

import pytest
from sqlalchemy import event

from petition.core.printing import typesetting
from petition.core.storage.database import engine
from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person

pytestmark = pytest.mark.any_database


def statements_for(path: str, person: Person) -> int:
    """Get a file; return how often the database was asked for it."""
    asked = []

    def note(*_: object) -> None:
        asked.append(1)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        answer = person.client.get(path)
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    return len(asked)


def test_whoever_asks_for_a_paper_just_after_another_asks_the_database_nothing(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting._presses._lately, "fresh_seconds", 3600)
    writer = Writer(person.client)
    writer.writes()
    path = f"{writer.draft}/letter.pdf"

    assert statements_for(path, person) > 0
    assert statements_for(path, person) == 0


def test_a_paper_asked_for_a_while_later_is_looked_at_anew(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting._presses._lately, "fresh_seconds", 0)
    writer = Writer(person.client)
    writer.writes()
    path = f"{writer.draft}/letter.pdf"

    assert statements_for(path, person) > 0
    assert statements_for(path, person) > 0
