"""What the public reads of a delivery: what was handed over, to whom, and what was answered."""

from datetime import timedelta

import pytest
import time_machine

from petition.deliveries.models import StepKind
from tests.deliveries.making import OTHER_OFFICE, ago, go_on, handed_over, organiser, planned
from tests.factories import OTHER_SLUG, SLUG
from tests.web.public.people import Person, fresh, page_of, texts, words

LIST = "/en/deliveries/"
NOTED = ("/en/", page_of(), f"/en/gaps/{SLUG}")
"""Pages that note what was handed over: the campaign's, the petition's and the gap's."""


@pytest.fixture
def who(person: Person) -> int:
    """Somebody who records."""
    return organiser()


def page(number: int) -> str:
    """Return the address of a delivery."""
    return f"/en/deliveries/{number}"


def test_before_anything_was_handed_over_the_list_says_so_and_no_page_notes_it(
    person: Person, who: int
) -> None:
    number = planned(who, note="Ring before noon.")

    assert "Nothing has been handed over yet." in words(fresh(person, LIST))
    fresh(person, page(number), status=404)
    for path in NOTED:
        assert fresh(person, path).select(".handed") == []


def test_a_delivery_has_one_address(person: Person, who: int) -> None:
    number = handed_over(who)

    fresh(person, page(number))
    for spelling in (f"000{number}", "%D9%A1", "+1", "0", "-1", str(2**63), "9" * 40):
        fresh(person, f"/en/deliveries/{spelling}", status=404)


def test_the_page_says_what_was_handed_over_where_to_whom_and_by_whom(
    person: Person, who: int
) -> None:
    number = handed_over(who, ago(3), note="Ring before noon.")
    shown = fresh(person, page(number))
    facts = {
        row.dt.get_text(): row.dd.get_text()
        for row in shown.select(".timeline__facts > div")
        if row.dt and row.dd
    }

    assert texts(shown.select("h1")) == [
        "Foreign Secretary Use these sanctions against human trafficking"
    ]
    assert "Deliveries · United Kingdom" in words(shown)
    assert "1,243 signatures, handed over on 17 November 2026" in words(shown)
    assert facts == {
        "Signatures": "1,243",
        "Where": "King Charles Street, London",
        "To whom": "The private office of the Foreign Secretary",
        "By whom": "Sample Coalition",
        "We asked for an answer by": "17 December 2026",
    }
    assert shown.select_one(f"main a[href='{page_of()}']") is not None
    assert "Ring before noon." not in str(shown)
    assert "Olive Owner" not in str(shown)


def test_it_is_noted_in_the_list_and_on_the_pages_that_it_is_about(
    person: Person, who: int
) -> None:
    number = handed_over(who, ago(3))

    for path in (LIST, *NOTED):
        shown = fresh(person, path)
        assert shown.select_one(f"main a[href='{page(number)}']") is not None, path
        said = words(shown)
        for part in ("1,243 signatures", "Foreign Secretary", "United Kingdom", "No answer yet"):
            assert part in said, path
    assert fresh(person, "/en/petitions/say-who-was-harmed").select(".handed") == []


def test_the_campaign_s_page_notes_the_latest_three_with_their_petitions(
    person: Person, who: int
) -> None:
    handed_over(who, ago(9))
    others = [handed_over(who, ago(days)) for days in (5, 4)]
    latest = handed_over(who, ago(2), to=OTHER_OFFICE, slug=OTHER_SLUG)
    noted = fresh(person, "/en/").select(".handed li")

    links = [str(one["href"]) for line in noted for one in line.select("a")]
    assert links == [page(number) for number in (latest, *reversed(others))]
    assert "Say who was harmed" in noted[0].get_text()


def test_what_was_not_answered_in_time_is_said_with_the_days(
    person: Person, who: int, clock: time_machine.Traveller
) -> None:
    number = handed_over(who, answer_days=30)
    assert "No answer yet; we asked for one by 20 December 2026" in words(
        fresh(person, page(number))
    )
    clock.shift(timedelta(days=31))
    for path in (page(number), LIST, page_of()):
        assert "No answer after 31 days" in words(fresh(person, path))


def test_an_answer_is_shown_in_its_language_with_its_source(person: Person, who: int) -> None:
    number = handed_over(who, ago(9), to=OTHER_OFFICE)
    go_on(number, StepKind.ANSWERED, who, ago(1), words="Nous avons lu.", language="fr")
    shown = fresh(person, page(number))
    [answer] = shown.select("blockquote")

    assert (answer.get_text(), answer["lang"], answer["dir"]) == ("Nous avons lu.", "fr", "ltr")
    assert shown.select_one("a[href='https://example.org/answer'][rel*=noreferrer]") is not None
    assert "Answered on 19 November 2026" in words(shown)


def test_what_was_closed_without_an_answer_says_so(person: Person, who: int) -> None:
    number = handed_over(who, ago(9))
    go_on(number, StepKind.CLOSED, who, words="The minister has left office.")
    said = words(fresh(person, page(number)))

    assert "Closed on 20 November 2026 without an answer" in said
    assert "The minister has left office." in said


def test_an_entry_that_was_taken_back_leaves_its_day_and_the_reason_alone(
    person: Person, who: int
) -> None:
    number = handed_over(who, ago(9))
    go_on(number, StepKind.ANSWERED, who, ago(2), words="Written by mistake.")
    go_on(number, StepKind.RETRACTED, who, words="It was about another petition.")
    shown = fresh(person, page(number))

    assert texts(shown.select(".timeline__title")) == ["Handed over", "Answered"]
    assert "This entry was taken back on 20 November 2026 ." in words(shown)
    assert "It was about another petition." in words(shown)
    assert "Written by mistake." not in str(shown)
    assert "No answer yet" in words(shown)


def test_what_stands_comes_before_what_was_taken_back(person: Person, who: int) -> None:
    number = handed_over(who, ago(9))
    go_on(number, StepKind.RETRACTED, who)
    go_on(number, StepKind.HANDED_OVER, who, ago(8))
    go_on(number, StepKind.ANSWERED, who, ago(2))
    shown = fresh(person, page(number))

    assert texts(shown.select(".timeline__title")) == ["Handed over", "Answered", "Handed over"]
    [taken_back] = shown.select(".timeline__entry--off")
    assert "11 November 2026" in taken_back.get_text()
    assert shown.select(".timeline__entry")[-1] is taken_back


def test_a_hand_over_that_was_taken_back_keeps_its_page_and_is_noted_nowhere(
    person: Person, who: int
) -> None:
    number = handed_over(who)
    go_on(number, StepKind.RETRACTED, who)

    assert "The hand-over was taken back" in words(fresh(person, page(number)))
    assert "1,243" not in words(fresh(person, page(number)))
    for path in (LIST, *NOTED):
        assert fresh(person, path).select(f"a[href='{page(number)}']") == []


@pytest.mark.parametrize("number", ["7", str(2**63 - 1), str(2**63), "0", "x"])
def test_what_is_none_is_not_found(person: Person, number: str) -> None:
    fresh(person, f"/en/deliveries/{number}", status=404)


def test_its_pages_may_be_kept_by_anyone_and_set_no_cookie(person: Person, who: int) -> None:
    number = handed_over(who)
    for path in (LIST, page(number)):
        answer = person.client.get(path)
        assert answer.headers["Cache-Control"].startswith("public"), path
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "Royaume-Uni"), ("ar", "المملكة المتحدة"), ("ru", "Великобритания")]
)
def test_the_office_s_country_is_named_in_the_reader_s_language(
    person: Person, who: int, lang: str, said: str
) -> None:
    number = handed_over(who)

    for path in (f"/{lang}/deliveries/", f"/{lang}/deliveries/{number}", f"/{lang}/"):
        assert said in words(fresh(person, path)), path
