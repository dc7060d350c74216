"""Papers speak the language of the office where we speak it, and say how it wants to be called."""

from typing import Any

import pytest
from sqlalchemy import update

from petition.core.storage.database import session, transaction
from petition.deliveries.pack.keys import signing_key
from petition.deliveries.pack.models import OwnWords
from petition.deliveries.pack.writing.about import MOST_LINES, About, about, as_written
from petition.recipients.models import Recipient
from tests.deliveries.making import OFFICE, organiser, planned
from tests.deliveries.pack.asking import SITE, asked
from tests.factories import make_ask

pytestmark = pytest.mark.any_database


def found(to: str = OFFICE, **changes: Any) -> About:
    """Return what the papers of a pack for an office are about."""
    make_ask()
    with transaction():
        if changes:
            session.execute(update(Recipient).where(Recipient.slug == to).values(changes))
    pack = asked(planned(organiser(), to=to), organiser())
    made = about(pack, SITE, signing_key().public)
    session.remove()
    return made


@pytest.mark.usefixtures("database")
def test_it_names_sender_office_and_petition_in_the_language_of_the_office() -> None:
    english = found()
    assert (english.language, english.title["text"]) == (
        "en",
        "Use these sanctions against human trafficking",
    )
    assert english.address[0] == "Foreign Secretary"
    assert english.country == "United Kingdom"
    assert english.own == OwnWords()

    french = found("fr-foreign-minister")
    assert (french.language, french.direction) == ("fr", "ltr")
    assert french.salutation == "Madame la Ministre, Monsieur le Ministre,"
    assert french.title["lang"] == "fr"
    assert french.checking_url == "https://petition.example.org/fr/deliveries/verify"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("languages", "expected"), [(["de", "fr"], "fr"), (["de"], "en"), ([], "en"), (["ar"], "ar")]
)
def test_the_first_language_that_we_speak_is_taken(languages: list[str], expected: str) -> None:
    assert found(languages=languages).language == expected


def test_what_somebody_typed_takes_few_lines_and_runs_as_it_begins() -> None:
    many = as_written("\n\n".join(f"line  {number}" for number in range(20)), "ar")

    assert len(many["lines"]) == MOST_LINES
    assert many["lines"][0] == "line 0"
    assert many["lines"][-1].endswith("line 19")
    assert many["dir"] == "ltr"
    assert as_written("", "en")["lines"] == []
