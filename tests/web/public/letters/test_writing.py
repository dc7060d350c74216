"""Writing a letter: five pages, nothing typed is lost, nothing leaves by itself."""

from email import message_from_bytes, policy

import pytest

from petition.core.storage.database import session
from petition.letters.letter.models import Letter, LetterDraft, LetterState, LetterTransition
from tests.factories import address, rows
from tests.grounds.client import ReadingClient
from tests.web.public.letters.writers import STEPS, Writer
from tests.web.public.people import Person, mails_to, problems, words

RESTART = "form.panel__part[method=post]"


@pytest.fixture
def writer(person: Person) -> Writer:
    """Somebody who begins a letter of the sample campaign."""
    return Writer(person.client)


def only_letter() -> Letter:
    found = session.query(Letter).populate_existing().one()
    session.commit()
    return found


def test_a_letter_is_written_sent_and_confirmed(writer: Writer) -> None:
    writer.writes(reason_0="I met a survivor last year.")
    shown = words(writer.page("preview"))
    assert "I met a survivor last year." in shown
    assert "Nadia Sample via" in shown
    answer = writer.sends()
    assert "Check your inbox" in answer.text

    assert only_letter().state == LetterState.AWAITING
    page = writer.client.visit(writer.confirms())
    assert "Your letter is confirmed and will leave" in words(page)
    letter = only_letter()
    assert letter.state == LetterState.QUEUED
    written = letter.opened()
    assert written is not None
    assert "I met a survivor last year." in written.body


def test_every_change_of_a_letter_is_noted(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    writer.confirms()
    noted = session.query(LetterTransition).order_by(LetterTransition.id)

    assert [(one.before.value, one.after.value) for one in noted] == [
        ("drafted", "awaiting"),
        ("awaiting", "queued"),
    ]


def test_going_back_loses_nothing(writer: Writer) -> None:
    writer.writes(reason_1="My sister was one of them.")
    writer.does("edit", subject="A question about trafficking")

    you = writer.page("you")
    assert you.select_one("#name")["value"] == "Nadia Sample"  # type: ignore[index]
    assert you.select_one("#email")["value"] == writer.email  # type: ignore[index]
    assert "My sister" in words(writer.page("reasons"))
    edit = writer.page("edit")
    assert edit.select_one("#subject")["value"] == "A question about trafficking"  # type: ignore[index]


def test_an_edited_letter_follows_the_other_pages(writer: Writer) -> None:
    writer.writes(reason_0="I met a survivor last year.")
    body = writer.page("edit").select_one("#body")
    assert body is not None
    mine = body.get_text().removeprefix("\n").replace("I met", "In spring I met")
    writer.does("edit", body=mine)
    writer.does("you", name="Nadia Other")
    writer.does("reasons", reason_2="It happens here.")
    writer.chooses("Minister of Foreign Affairs")

    now = words(writer.page("preview"))
    assert "In spring I met a survivor last year." in now
    assert "It happens here." in now
    assert "Nadia Other" in now
    assert "Dear Foreign Secretary" not in now


def test_starting_again_keeps_the_sentences(writer: Writer) -> None:
    writer.writes(reason_0="I met a survivor last year.")
    writer.does("edit", body="All mine.")
    path = f"{writer.draft}/edit"
    assert writer.page("edit").select_one("button[name=restart]") is not None
    answer = writer.client.submit(path, writer.page("edit"), {"restart": "1"}, form=RESTART)
    writer.draft = answer.headers["Location"].rpartition("/")[0]

    assert "I met a survivor last year." in words(writer.page("edit"))


def test_a_letter_all_of_template_is_asked_about_once(writer: Writer) -> None:
    writer.begins()
    writer.chooses("Foreign Secretary")
    writer.does("reasons")
    first = writer.does("edit")
    assert first.headers["Location"].endswith("/reasons?nudge=1")
    assert "One sentence of your own?" in words(writer.client.visit(first.headers["Location"]))

    writer.does("reasons")
    assert writer.does("edit").headers["Location"].endswith("/preview")
    assert "template only" in words(writer.page("preview"))


def test_one_sentence_of_ones_own_is_enough(writer: Writer) -> None:
    writer.writes(reason_0="It empties our village.")

    assert "In your own words: partly yours" in words(writer.page("preview"))


def test_who_has_come_to_the_last_page_is_led_back_to_it_with_what_was_changed(
    writer: Writer,
) -> None:
    writer.begins()
    assert writer.page("you").select("button[name=onward]") == []
    writer.chooses("Foreign Secretary")
    writer.does("reasons", reason_0="I work with people who were trafficked to our town.")
    writer.does("edit")
    assert len(writer.page("you").select("button[name=onward]")) == 1

    answer = writer.does("you", name="Nadia Corrected", onward="preview")
    assert answer.headers["Location"] == f"{writer.draft}/preview"
    assert "Nadia Corrected via" in words(writer.page("preview"))


@pytest.mark.parametrize(("country", "name"), [("FR", "France"), ("DE", "Germany")])
def test_ones_own_minister_stands_before_the_unions(
    country: str, name: str, writer: Writer
) -> None:
    writer.begins(country=country)
    first = writer.page("ask").select_one(".office__place")

    assert first is not None
    assert first.get_text(strip=True) == name


def test_changed_facts_are_pointed_out_and_allowed(writer: Writer) -> None:
    writer.writes()
    writer.does("edit", body="Dear Foreign Secretary,\n\nPlease act.\n\nNadia")

    assert "You changed what is checked" in words(writer.page("preview"))
    assert writer.sends().status_code == 200


@pytest.mark.any_database
@pytest.mark.parametrize("step", STEPS[1:])
def test_a_page_that_needs_an_office_leads_to_the_choice(step: str, writer: Writer) -> None:
    writer.begins()
    answer = writer.client.get(f"{writer.draft}/{step}")

    if step == "ask":
        assert answer.status_code == 200
    else:
        assert answer.headers["Location"].endswith("/ask")


@pytest.mark.any_database
def test_mistakes_stand_beside_their_fields(writer: Writer) -> None:
    answer = writer.begins(name="", email="nadia@", country="")
    assert answer.status_code == 422
    assert problems(answer).keys() == {"#name", "#email", "#country"}

    writer.begins()
    writer.chooses("Foreign Secretary")
    assert writer.does("reasons", reason_0="x" * 301).status_code == 422
    many = {f"reason_{place}": "Because." for place in range(4)}
    assert "at most 3 reasons" in words(writer.does("reasons", **many).text)
    long = writer.does("edit", body="x" * 6001)
    assert long.status_code == 422
    assert "6,001" in words(long.text) or "6001" in words(long.text)


def test_nobody_opens_a_draft_without_its_link(writer: Writer, client: ReadingClient) -> None:
    writer.writes()
    other = Writer(writer.client)
    other.begins()

    assert other.draft != writer.draft
    guess = writer.draft[:-1] + ("A" if writer.draft[-1] != "A" else "B")
    assert client.get(f"{guess}/preview").status_code == 410
    assert "opens no draft any more" in client.get(f"{guess}/edit").text


def test_whoever_has_just_signed_types_nothing_twice(person: Person) -> None:
    email = address()
    receipt = f"{person.has_signed(name='Ada Sample', email=email, country='CA')}/receipt"
    page = person.client.visit(receipt)
    answer = person.client.submit(receipt, page, {}, form="form[action*='/letters/']")
    writer = Writer(person.client, draft=answer.headers["Location"].rpartition("/")[0])

    assert "Minister of Foreign Affairs" in words(writer.page("ask"))
    you = writer.page("you")
    assert you.select_one("#name")["value"] == "Ada Sample"  # type: ignore[index]
    assert you.select_one("#email")["value"] == email  # type: ignore[index]
    assert you.select_one("option[selected]")["value"] == "CA"  # type: ignore[index]


def test_a_representative_of_the_area_stands_first_and_wants_the_full_address(
    writer: Writer,
) -> None:
    writer.begins(postcode="ZZ8 2AB")
    first = writer.page("ask").select_one(".choice__label")
    assert first is not None
    assert first.get_text(strip=True).startswith("Member of Parliament for Example North")
    answer = writer.chooses("Member of Parliament")
    assert problems(answer).keys() == {"#address"}
    writer.chooses("Member of Parliament", address="1 Sample Road\nExample North ZZ8 2AB")

    assert "1 Sample Road" in words(writer.page("edit"))


@pytest.mark.any_database
def test_an_office_that_is_not_offered_cannot_be_chosen(writer: Writer) -> None:
    writer.begins()
    answer = writer.client.post(
        f"{writer.draft}/ask", data={"recipient": "999999"}, headers={"Sec-Fetch-Site": "none"}
    )

    assert answer.status_code == 422


def test_the_draft_goes_once_its_letter_is_confirmed(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    assert rows(LetterDraft) == 1
    writer.confirms()

    assert rows(LetterDraft) == 0


def test_a_subject_stays_a_subject_in_the_file_for_mail_programs(writer: Writer) -> None:
    writer.writes()
    writer.does("edit", subject="=?utf-8?q?Hi=0ABcc=3A_spy=40evil.example?=")
    mail = message_from_bytes(
        writer.client.get(f"{writer.draft}/letter.eml").data, policy=policy.default
    )

    assert mail["Bcc"] is None
    assert "spy" not in str(mail["To"])


def test_a_draft_is_sealed(writer: Writer) -> None:
    writer.writes()
    row = session.query(LetterDraft).one()

    assert b"Nadia" not in row.content
    assert writer.email.encode() not in row.content


def test_opening_the_link_sends_nothing(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    link = writer.link()
    for method in (writer.client.get, writer.client.head):
        method(link)
        method(f"{link}/decline")

    assert only_letter().state == LetterState.AWAITING


def test_a_second_letter_to_the_same_office_is_never_sent_and_looks_the_same(
    writer: Writer,
) -> None:
    writer.writes()
    first = writer.sends().text
    writer.confirms()
    writer.writes()
    second = writer.sends().text

    token = writer.draft.rpartition("/")[2]
    assert rows(Letter) == 1
    assert "/letters/manage/" in writer.link()
    assert second.replace(token, "").count("Check your inbox") == first.count("Check your inbox")


def test_the_owner_of_the_address_deletes_what_a_stranger_wrote(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    link = writer.link()
    answer = writer.client.submit(
        link, writer.client.visit(link), {}, form="form[action$='/decline']"
    )

    assert "It is deleted" in answer.text
    assert rows(Letter) == 0
    assert mails_to(writer.email) == []
