"""The page of a petition: what it says, and who may keep it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from petition.core.clock import now
from petition.core.drafts.shapes import Markdown
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.petitions.drafts import PetitionTextDraft
from petition.petitions.models import Petition, PetitionText
from petition.petitions.publishing import publish_version
from petition.petitions.queries import petition_by_slug
from petition.signatures.models import Visibility
from petition.web.public.petitions.petition_page import progress
from tests.factories import SLUG, let_reason_appear, newest_signature
from tests.web.public.people import Person, fresh, given, page_of, texts, without_tokens, words

NEW_WORDS = {"en": PetitionTextDraft("A new title", "A summary", Markdown("A *new* text"))}


def change(**values: object) -> None:
    """Change how every petition is configured."""
    with transaction() as writing:
        writing.execute(update(Petition).values(**values))


def test_the_petition_shows_text_recipients_and_way_to_the_next_milestone(person: Person) -> None:
    page = fresh(person, page_of())

    assert page.h1 is not None
    assert page.h1.get_text() == "Use these sanctions against human trafficking"
    assert page.select(".prose p") != []
    assert "Foreign Secretary" in words(page)
    assert "Nobody has signed yet. Be the first." in words(page)
    assert "100 more to go" in words(page)


def test_the_petition_leads_to_its_gap(person: Person) -> None:
    leads = fresh(person, page_of()).select(".memo a")

    assert [str(link["href"]) for link in leads] == ["/en/gaps/sanction-human-trafficking"]
    assert leads[0].get_text().startswith("GAP-03: ")
    change(gap_id=None)
    assert fresh(person, page_of()).select(".memo a") == []


@pytest.mark.parametrize(
    ("count", "milestone"),
    [(0, 100), (99, 100), (100, 250), (499, 500), (500, 1000), (1000, 2500), (999_999, 1_000_000)],
)
def test_milestones_grow_with_the_count(count: int, milestone: int) -> None:
    assert progress(count).milestone == milestone
    assert 0 <= progress(count).percent < 100


@pytest.mark.parametrize(
    ("visibility", "signer"),
    [
        (Visibility.FIRST_NAME, "Nadia, United Kingdom"),
        (Visibility.FULL_NAME, "Nadia Sample, United Kingdom"),
        (Visibility.PRIVATE, None),
    ],
)
def test_a_reason_appears_with_the_name_as_its_owner_chose(
    visibility: Visibility, signer: str | None, person: Person
) -> None:
    person.has_signed(visibility=visibility.value, reason="Because <b>of</b> it")
    assert "Because" not in words(fresh(person, page_of()))
    signature = newest_signature()
    with transaction() as writing:
        let_reason_appear(writing.merge(signature))
    page = fresh(person, page_of())

    shown = texts(page.select(".reason"))
    if signer is None:
        assert shown == []
    else:
        assert len(shown) == 1
        assert shown[0].startswith(f"Because <b>of</b> it {signer}")
        assert page.select(".reason b") == []
        assert [time["datetime"] for time in page.select(".reason time")] == ["2026-11-20"]


def test_a_closed_petition_takes_no_signature_but_can_be_read(
    person: Person, clock: time_machine.Traveller
) -> None:
    open_page = fresh(person, page_of())
    change(closes_on=datetime(2026, 11, 21, tzinfo=UTC).date())
    clock.shift(timedelta(days=1))
    assert fresh(person, page_of()).select("#sign form") != []
    clock.shift(timedelta(days=1))
    page = fresh(person, page_of())

    assert page.select("#sign form") == []
    assert "This petition is closed" in words(page)
    answer = person.client.submit(page_of(), open_page, given(), form="#sign form[method=post]")
    assert answer.status_code == 409


def test_a_petition_takes_no_signature_before_it_opens(
    person: Person, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 10, 31, 23, 59, 50, tzinfo=UTC))

    assert fresh(person, page_of()).select("#sign form") == []


def test_the_privacy_page_follows_what_the_petitions_ask(person: Person) -> None:
    page = fresh(person, "/en/privacy")
    [petitions] = page.select("section[aria-labelledby=each-title] .seen")
    assert len(page.select("h3 ~ p a[href$='/manage']")) == 5
    assert "Your postcode" not in words(str(petitions))
    assert "Sample Coalition runs this site" in words(page)
    change(routes_by_area=True)
    page = fresh(person, "/en/privacy")

    [asked] = page.select("section[aria-labelledby=each-title] .seen")
    assert words(str(asked)).count("Your postcode") == 1


@pytest.mark.any_database
def test_the_table_under_the_button_is_that_of_the_privacy_page(person: Person) -> None:
    for configured in (False, True):
        change(routes_by_area=configured)
        under_the_button = texts(fresh(person, page_of()).select(".seen tbody tr"))
        privacy = fresh(person, "/en/privacy")
        of_this = privacy.select(".seen")[0]

        assert texts(of_this.select("tbody tr")) == under_the_button


@pytest.mark.any_database
@pytest.mark.parametrize("path", ["/en/", page_of(), "/en/privacy"])
def test_pages_to_read_are_the_same_for_everyone_and_may_be_kept(
    path: str, person: Person, app: Flask
) -> None:
    other = app.test_client()
    first = person.client.get(path, headers={"Accept-Language": "fr", "User-Agent": "one"})
    second = other.get(path, headers={"Accept-Language": "en", "User-Agent": "two"})

    assert without_tokens(first.text) == without_tokens(second.text)
    assert first.headers["Cache-Control"] == "public, max-age=5, stale-while-revalidate=60"
    assert "Vary" not in first.headers
    assert len(first.data) < 100_000


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "target"), [("/", "/en/"), (f"/p/{SLUG}", page_of())])
def test_short_addresses_lead_to_the_visitors_language(
    path: str, target: str, person: Person
) -> None:
    answer = person.client.get(path)

    assert answer.status_code == 302
    assert answer.headers["Location"] == target
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_page_that_is_not_there_says_so_in_a_page(person: Person) -> None:
    for path in ("/en/nothing", "/xx/", "/en/petitions/nothing", "/p/nothing/else"):
        page = person.client.visit(path, status=404)
        assert "There is no such page" in words(page)


def test_a_new_version_is_what_the_next_reader_signs(
    person: Person, clock: time_machine.Traveller
) -> None:
    opened_before = fresh(person, page_of())
    with transaction():
        petition = petition_by_slug(SLUG)
        assert petition is not None
        first = petition.version.id
        publish_version(petition, NEW_WORDS, [], now())
    session.remove()
    assert "A new title" in words(fresh(person, page_of()))
    clock.shift(timedelta(minutes=5))

    typed = given(email="early@example.org")
    answer = person.client.submit(page_of(), opened_before, typed, form="#sign form[method=post]")
    assert answer.status_code == 200
    early = newest_signature()
    person.signs(email="late@example.org")
    late = newest_signature()

    assert version_of(early.text_id) == first
    assert version_of(late.text_id) > first


def test_the_receipt_names_the_version_that_was_signed(person: Person) -> None:
    manage = person.has_signed(email="early@example.org")
    with transaction():
        petition = petition_by_slug(SLUG)
        assert petition is not None
        publish_version(petition, NEW_WORDS, [], now())
    session.remove()
    forget_everything()

    receipt = words(person.client.visit(f"{manage}/receipt"))
    assert "Version 1" in receipt
    assert "A new title" not in receipt


def version_of(text_id: int) -> int:
    """Return the version that a text belongs to."""
    found = session.get_one(PetitionText, text_id).version_id
    session.commit()
    return found


def test_a_petition_that_has_still_to_open_says_when(person: Person) -> None:
    change(opens_on=date(2026, 12, 1), closes_on=date(2026, 12, 31))

    page = words(fresh(person, page_of()))
    assert "This petition is not open yet It can be signed from 1 December 2026 on." in page
    assert "Open until 31 December 2026" in page
    home = words(fresh(person, "/en/"))
    assert "opens on 1 December 2026" in home
    assert "closed" not in home
    assert "Read the petitions" in home
