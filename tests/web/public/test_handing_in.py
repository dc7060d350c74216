"""The end of writing: the letter is handed in, or its writer has sent it."""

import pytest

from petition.letters.letter import Letter, LetterDraft, ToldLetter
from petition.recipients.models import Channel
from tests.cli.letter_work import stop_everything
from tests.factories import make_organiser, rows
from tests.web.public.people import Person, words
from tests.web.public.writers import Writer


@pytest.fixture
def writer(person: Person) -> Writer:
    """Somebody who has written a letter to an office that takes e-mail, among other ways."""
    made = Writer(person.client)
    made.writes()
    return made


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.POST])
def test_a_letter_sent_another_way_is_noted_as_told(channel: Channel, writer: Writer) -> None:
    path = f"{writer.draft}/preview"
    page = writer.client.visit(path)
    form = f"form:has([name=channel][value={channel.value}])"
    answer = writer.client.submit(path, page, {}, form=form)

    assert "We noted that you wrote" in answer.text
    assert (rows(ToldLetter), rows(LetterDraft), rows(Letter)) == (1, 0, 0)
    assert writer.client.get(path).status_code == 410


def test_a_letter_that_was_stopped_meanwhile_is_not_taken_and_says_why(writer: Writer) -> None:
    stop_everything(make_organiser())
    answer = writer.sends()

    assert answer.status_code == 303
    shown = words(writer.client.visit(answer.headers["Location"]))
    assert "This letter cannot be sent now" in shown
    assert "The organisers have stopped it for the moment." in shown
    assert (rows(Letter), rows(LetterDraft)) == (0, 1)
