"""A copy is the same as what was made, and what is there already is not covered by it."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from petition.core.storage.database import Base, rows_of, session, transaction
from petition.organisers.models import Organiser
from tests.factories import make_organiser
from tests.grounds.copies import Copies

pytestmark = pytest.mark.usefixtures("database")


@dataclass
class Maker:
    """Makes organisers, and counts how often it was asked."""

    times: int = 0
    made: list[Organiser] = field(default_factory=list)

    def make(self) -> None:
        """Make two."""
        self.times += 1
        self.made += [make_organiser(), make_organiser()]


def everything() -> dict[str, set[str]]:
    """Return every row of every table."""
    names = [table.name for table in Base.metadata.sorted_tables]
    found = {name: session.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    session.commit()
    return {name: {str(row) for row in rows} for name, rows in found.items()}


def empty() -> None:
    """Take the organisers out again; what migrations put there stays."""
    with transaction() as writing:
        writing.execute(rows_of(Organiser).delete())
    session.remove()


def test_a_copy_is_the_same_and_more_can_be_added_to_it() -> None:
    copies, maker = Copies(), Maker()
    copies.make("two", maker.make)
    made = everything()
    empty()
    copies.make("two", maker.make)

    assert maker.times == 1
    assert everything() == made
    assert make_organiser().id > max(one.id for one in maker.made)


def test_what_is_added_to_what_stands_there_is_never_copied() -> None:
    copies, maker = Copies(), Maker()
    make_organiser()
    copies.make("two", maker.make)
    empty()
    make_organiser()
    copies.make("two", maker.make)

    assert maker.times == 2
    assert len(everything()["organiser"]) == 3
