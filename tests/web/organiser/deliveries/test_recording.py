"""The record of a delivery: each step once, in its order, and mistakes taken back."""

from datetime import datetime

import pytest

from petition.core.storage.database import session
from petition.deliveries.models import DeliveryStep
from petition.organisers.models import Role
from tests.factories import NOON, spoil
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.organiser.deliveries.records import (
    FORM,
    HANDED_OVER,
    planned,
    record,
    recorded,
)
from tests.web.public.people import problems, texts, words

pytestmark = pytest.mark.usefixtures("letters_open")


@pytest.fixture
def one_signed(letters_open: None) -> datetime:
    """One signature of the petition."""
    Supporters().sign("Ada One", at=NOON)
    return NOON


def offered(page: object) -> list[str]:
    """Return what may be recorded next, as the page offers it."""
    return texts(page.select("section:has(#next) a"))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("one_signed")
def test_from_the_plan_to_the_answer_step_by_step(log_in: LogIn) -> None:
    client = log_in(Role.EXPORTER)
    page = planned(client)
    assert offered(client.visit(page)) == [
        *("Make a pack", "Record the hand-over", "Note that it is packed", "Close the delivery"),
    ]

    shown = recorded(client, page, "packed", note="In the grey box.")
    assert "In the grey box." in words(shown)
    shown = recorded(client, page, "handed_over", **HANDED_OVER, words="It rained.")
    assert "The hand-over is recorded, and the public can read of it." in words(shown)
    assert offered(shown) == ["Record an answer", "Close the delivery", "Take the last entry back"]
    answer = {"words": "We thank you.", "source_url": "example.org/answer"}
    shown = recorded(client, page, "answered", **answer)
    assert shown.select("a[href='https://example.org/answer']")
    shown = recorded(client, page, "closed")

    assert offered(shown) == ["Take the last entry back"]
    assert texts(shown.select(".timeline__title")) == [
        *("Planned", "Packed", "Handed over", "Answered", "Closed"),
    ]
    public = client.visit("/en/deliveries/1")
    assert "We thank you." in words(public)
    assert "It rained." in words(public)
    assert "In the grey box." not in str(public)


@pytest.mark.usefixtures("one_signed")
def test_the_form_offers_the_count_of_the_day_until_which_signatures_are_handed_over(
    log_in: LogIn,
) -> None:
    client = log_in()
    form = client.visit(f"{planned(client)}/handed_over")

    assert [field["value"] for field in form.select("#signature_count")] == ["1"]
    assert [field["value"] for field in form.select("#day")] == ["2026-11-20"]


@pytest.mark.any_database
@pytest.mark.usefixtures("one_signed")
@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"day": "2026-11-22"}, "#day", "The day is still to come; enter when it has happened"),
        ({"day": "2006-11-20"}, "#day", "The day is before the petition’s first; check the year"),
        ({"day": "0001-01-01"}, "#day", "The day is before the petition’s first; check the year"),
        ({"day": "soon"}, "#day", "Enter a day, like 2026-11-24"),
        (
            {"signature_count": "2"},
            "#signature_count",
            "So many never signed: enter a number from 1 to 1",
        ),
        ({"signature_count": "-1"}, "#signature_count", "from 1 to 1"),
        ({"signature_count": "many"}, "#signature_count", "Enter how many signatures"),
        ({"to_whom": ""}, "#to_whom", "Say to whom"),
        ({"place": "x" * 201}, "#place", "Use at most 200 characters"),
        ({"by_whom": "Sample\u202eCoalition"}, "#by_whom", "characters that cannot be seen"),
        ({"language": "xx"}, "#language", "Choose from the list"),
        ({"words": "x" * 30_000}, "#words", "Use at most 6000 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    log_in: LogIn, wrong: dict[str, str], field: str, said: str
) -> None:
    client = log_in()
    answer = record(client, planned(client), "handed_over", **{**HANDED_OVER, **wrong})
    [(where, message)] = problems(answer).items()

    assert answer.status_code == 422
    assert (where, said in message) == (field, True), message
    if field != "#by_whom":
        assert "Sample Coalition" in answer.text


@pytest.mark.any_database
@pytest.mark.usefixtures("one_signed")
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "example",
        "https://",
        "https://[",
        "https://a b",
        "data:text/html,x",
        "https://gov.uk@evil.example/",
        "https://gov.uk:pass@evil.example/",
        "https://evil.example\\.gov.uk/",
    ],
)
def test_only_an_address_of_the_web_is_a_source(log_in: LogIn, address: str) -> None:
    client = log_in()
    page = planned(client)
    recorded(client, page, "handed_over", **HANDED_OVER)
    answer = record(client, page, "answered", words="We thank you.", source_url=address)

    assert problems(answer).keys() == {"#source_url"}
    answer = record(client, page, "answered", words="")
    assert problems(answer) == {"#words": "Enter the answer, or what it says"}


@pytest.mark.usefixtures("one_signed")
def test_an_answer_from_before_the_hand_over_is_refused(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)
    recorded(client, page, "handed_over", **HANDED_OVER)
    answer = record(client, page, "answered", words="We thank you.", day="2026-11-19")

    assert problems(answer) == {"#day": "The day is before the last entry’s"}


@pytest.mark.usefixtures("one_signed")
def test_a_mistake_is_taken_back_with_a_reason_and_recorded_anew(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)
    recorded(client, page, "handed_over", **HANDED_OVER)
    refused = record(client, page, "retracted")
    assert problems(refused) == {"#words": "Say why; nothing was taken back"}
    shown = recorded(client, page, "retracted", words="It was another day.")

    assert texts(shown.select(".timeline__title")) == [
        *("Planned", "Handed over Taken back", "Taken back: Handed over"),
    ]
    assert "It was another day." in words(shown)
    form = client.visit(f"{page}/handed_over")
    assert "Filled in from the entry that was taken back" in words(form)
    assert [form.select_one(f"#{name}")["value"] for name in HANDED_OVER] == list(  # type: ignore[index]
        HANDED_OVER.values()
    )
    shown = recorded(client, page, "handed_over", day="2026-11-19")
    assert "19 November 2026" in words(shown)
    assert "Filled in" not in words(client.visit(f"{page}/answered"))


@pytest.mark.usefixtures("one_signed")
def test_of_an_answer_that_is_recorded_anew_the_address_has_to_be_entered_again(
    log_in: LogIn,
) -> None:
    client = log_in()
    page = planned(client)
    recorded(client, page, "handed_over", **HANDED_OVER)
    forged = {"words": "We thank you.", "source_url": "https://forged.example/"}
    recorded(client, page, "answered", **forged)
    recorded(client, page, "retracted", words="It was not genuine.")
    form = client.visit(f"{page}/answered")

    assert "We thank you." in words(form)
    assert "forged.example" not in str(form)
    assert "Where the answer can be read is left out" in words(form)


@pytest.mark.usefixtures("one_signed")
def test_the_words_of_a_mistake_can_be_removed_for_good_beside_it(log_in: LogIn) -> None:
    client = log_in(Role.EXPORTER)
    page = planned(client)
    written = {**HANDED_OVER, "to_whom": "Ms Example", "note": "Ms Example’s own number"}
    shown = recorded(client, page, "handed_over", **written)
    assert shown.select("form[action$='/empty']") == []
    taken_back = recorded(client, page, "retracted", words="Nobody is to be named.")
    button = "form[action$='/empty']"
    answer = client.submit(page, taken_back, {}, form=button)
    shown = client.visit(str(answer.location))

    assert "The words of the entry are removed for good." in words(shown)
    assert "Nobody is to be named." in words(shown)
    assert "Example" not in words(shown)
    assert [str(form["action"]) for form in shown.select(button)] == [f"{page}/steps/3/empty"]
    assert client.submit(page, taken_back, {}, form=button).status_code == 404

    assert "Filled in" not in words(client.visit(f"{page}/handed_over"))  # nothing is left of it
    client.submit(page, shown, {}, form=button)
    shown = client.visit(page)
    assert "Nobody is to be named." not in words(shown)
    assert "Taken back: Handed over" in words(shown)
    assert shown.select(button) == []
    public = words(client.visit("/en/deliveries/1"))
    assert "This entry was taken back on" in public
    assert "Nobody is to be named." not in public


@pytest.mark.usefixtures("one_signed")
def test_who_has_not_seen_the_newest_step_is_asked_to_look_again(log_in: LogIn) -> None:
    first, second = log_in(Role.OWNER), log_in(Role.EXPORTER)
    page = planned(first)
    path = f"{page}/closed"
    form = second.visit(path)
    recorded(first, page, "handed_over", **HANDED_OVER)
    answer = second.submit(path, form, {}, form=FORM)

    assert "Something else was recorded meanwhile." in words(second.visit(str(answer.location)))
    assert session.query(DeliveryStep).count() == 2
    session.commit()


def test_what_cannot_come_next_leads_back_to_the_record(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)
    for kind in ("answered", "retracted"):
        assert client.get(f"{page}/{kind}").location == page
    client.visit(f"{page}/planned", status=404)
    client.visit(f"{page}/nothing", status=404)
    client.visit("/organiser/deliveries/7", status=404)


def test_who_only_looks_is_offered_nothing(log_in: LogIn) -> None:
    page = planned(log_in(Role.EXPORTER))
    auditor: ReadingClient = log_in(Role.AUDITOR)

    assert offered(auditor.visit(page)) == []
    assert auditor.get(f"{page}/closed").status_code == 403


def test_a_note_that_does_not_open_costs_itself_alone(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)
    recorded(client, page, "packed", note="In the grey box.")
    spoil(DeliveryStep, "note_box", key="note_key")
    shown = words(client.visit(page))

    assert "Packed" in shown
    assert "In the grey box." not in shown


@pytest.mark.usefixtures("one_signed")
def test_each_step_is_in_the_log_with_its_delivery(log_in: LogIn) -> None:
    client = log_in()
    page = planned(client)
    recorded(client, page, "handed_over", **HANDED_OVER)
    log = words(client.visit("/organiser/audit"))

    for said in ("Recorded that a delivery was handed over", "Planned a delivery"):
        assert f"Olive Owner {said} Petition: {SLUG} · Delivery: 1" in log
