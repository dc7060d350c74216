"""The end of writing: the letter is handed in, or its writer has sent it."""

import pytest

from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, LetterDraft, SentElsewhere
from petition.recipients.models import Channel
from tests.factories import make_organiser, rows
from tests.grounds.client import ORIGIN
from tests.letters.posting import newest_letter
from tests.web.public.letters.writers import MAIN, Writer
from tests.web.public.people import Person, mails_to, words
from tests.worker.letter_work import stop_everything


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
    assert (rows(SentElsewhere), rows(LetterDraft), rows(Letter)) == (1, 0, 0)
    assert writer.client.get(path).status_code == 410


def test_whoever_comes_back_finds_the_page_that_asks_to_look_in_the_inbox(writer: Writer) -> None:
    send = f"{writer.draft}/send"
    page = f"{writer.draft}/preview"
    assert writer.client.get(send).location == page
    answer = writer.client.submit(page, writer.page("preview"), {}, form="form[action$='/send']")

    assert (answer.status_code, answer.location) == (303, send)
    for _ in range(2):
        shown = words(writer.client.visit(send))
        assert "Check your inbox" in shown
        assert writer.email in shown
    assert rows(Letter) == 1


def test_a_letter_like_a_programs_gets_the_same_answer_and_mails_nobody(writer: Writer) -> None:
    good = writer.sends().text
    suspect = Writer(writer.client)
    suspect.writes()
    suspect.does("you", website="http://example.org")
    answers = [suspect.sends().text for _ in range(2)]

    here, there = (one.draft.rpartition("/")[2] for one in (writer, suspect))
    assert {page.replace(there, here).replace(suspect.email, writer.email) for page in answers} == {
        good
    }
    assert mails_to(suspect.email) == []
    assert newest_letter().on_hold


def test_a_letter_begun_faster_than_anyone_types_mails_nobody(writer: Writer) -> None:
    hasty = Writer(writer.client)
    forget_everything()
    path = f"/en/letters/{hasty.slug}"
    typed = {"name": "Nadia Sample", "email": hasty.email, "country": "GB"}
    answer = writer.client.submit(path, writer.client.visit(path), typed, form=MAIN)
    hasty.draft = answer.headers["Location"].rpartition("/")[0]
    hasty.chooses("Foreign Secretary")
    hasty.does("reasons", reason_0="I work with people who were trafficked to our town.")
    hasty.does("edit")

    assert hasty.sends().status_code == 200
    assert mails_to(hasty.email) == []
    assert newest_letter().on_hold


def test_who_has_sent_it_after_all_cannot_send_it_a_second_time(writer: Writer) -> None:
    writer.sends()
    path = f"{writer.draft}/preview"
    form = "form:has([name=channel][value=email])"
    answer = writer.client.submit(path, writer.client.visit(path), {}, form=form)

    assert "We noted that you wrote" in answer.text
    assert (rows(SentElsewhere), rows(LetterDraft), rows(Letter)) == (1, 0, 0)
    assert mails_to(writer.email) == []


def test_a_mistyped_address_that_is_corrected_opens_nothing_any_more(writer: Writer) -> None:
    writer.sends()
    wrong, link = writer.email, writer.link()
    writer.email = "nadia@right.example"
    writer.does("you", email=writer.email)
    assert mails_to(wrong) == []
    writer.sends()

    assert writer.client.get(link).status_code == 404
    assert rows(Letter) == 1
    assert writer.client.get(writer.link()).status_code == 200


def test_another_spelling_of_the_address_keeps_no_link_to_the_first(writer: Writer) -> None:
    writer.sends()
    link, plain = writer.link(), writer.email
    writer.does("you", email=plain.replace("@", "+letters@"))

    assert writer.client.get(link).status_code == 404


def test_a_letter_stays_where_its_writer_changes_anything_but_the_address(writer: Writer) -> None:
    writer.sends()
    link = writer.link()
    writer.does("you", name="Nadia B. Sample", email=writer.email.upper())

    assert writer.client.get(link).status_code == 200


def test_a_letter_that_was_stopped_meanwhile_is_not_taken_and_says_why(writer: Writer) -> None:
    stop_everything(make_organiser())
    token = writer.draft.rpartition("/")[2]
    answer = writer.client.post(
        f"{writer.draft}/send", data={"reply_allowed": "y"}, headers={"Origin": ORIGIN}
    )

    assert answer.status_code == 303
    page = writer.client.visit(answer.headers["Location"])
    assert "This letter cannot be sent now" in words(page)
    assert "The organisers have stopped it for the moment." in words(page)
    assert page.select("form[method=post]") == []
    assert drafts.open_draft(token, now())[1].reply_allowed
    assert (rows(Letter), rows(LetterDraft)) == (0, 1)
