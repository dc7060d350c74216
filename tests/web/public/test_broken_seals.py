"""Whoever's data do not open can still leave, and nobody else notices."""

import pytest

from petition.core.storage.database import transaction
from petition.letters.letter.models import Letter, LetterState
from petition.signatures.models import Signature, SignatureState
from petition.signatures.queries import shown
from tests.factories import address, let_reason_appear, newest_signature, rows, spoil
from tests.letters.posting import newest_letter
from tests.web.public.letters.test_managing import confirmed
from tests.web.public.letters.test_managing import press as press_about_letter
from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person, words
from tests.web.public.petitions.test_managing import press


@pytest.fixture
def manage(person: Person) -> str:
    """The path of the page with which somebody manages a confirmed signature."""
    return person.has_signed(reason="Because of it")


@pytest.fixture
def writer(person: Person) -> Writer:
    """Somebody who writes letters of the sample campaign."""
    return Writer(person.client)


def test_whose_data_do_not_open_can_still_withdraw_and_erase(manage: str, person: Person) -> None:
    spoil(Signature)
    assert "We cannot open them now; you can erase them" in words(person.client.visit(manage))

    press(person, manage, "withdraw")
    assert newest_signature().state == SignatureState.WITHDRAWN
    assert press(person, manage, "erase", sure="y").status_code == 200
    assert rows(Signature) == 0


def test_a_reason_that_does_not_open_leaves_the_others_on_the_page(person: Person) -> None:
    for name in ("Ada One", "Bea Two"):
        person.has_signed(
            name=name, email=address(), visibility="full_name", reason="Because " + name
        )
        with transaction() as writing:
            let_reason_appear(writing.merge(newest_signature()))
    spoil(Signature)

    assert [one.name for one in shown(newest_signature().petition_id).reasons] == ["Ada One"]


def test_a_letter_that_does_not_open_can_still_be_stopped_and_deleted(writer: Writer) -> None:
    path = confirmed(writer)
    spoil(Letter, "content")
    assert "We cannot open them now; you can erase them" in words(writer.client.visit(path))

    press_about_letter(writer, path, "scrub")
    assert newest_letter().content is None
    assert newest_letter().state == LetterState.STOPPED


def test_a_link_to_a_letter_that_does_not_open_says_so_and_confirms_nothing(
    writer: Writer,
) -> None:
    writer.writes()
    writer.sends()
    spoil(Letter, "content")
    path = writer.link()

    assert "We cannot open what is kept here" in words(writer.client.visit(path, status=503))
