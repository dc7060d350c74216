"""Frames on other sites: the counter for any of them, the form for those listed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.signatures.models import Signature, SignatureState
from tests.factories import SLUG, newest_signature, rows
from tests.grounds.pages import parse
from tests.web.public.people import Person, given, page_of, problems, without_tokens, words
from tests.web.public.petitions.test_sharing import change

pytestmark = pytest.mark.any_database

COUNTER = f"/en/embed/{SLUG}"
FORM = f"{COUNTER}/sign"
PARTNERS = ["https://partner.example.org", "https://other.example:8443"]


def signs(person: Person, **changes: str) -> TestResponse:
    """Read the form in the frame for a while, fill it in and send it."""
    forget_everything()
    page = person.client.visit(FORM)
    with time_machine.travel(now() + timedelta(seconds=30)):
        return person.client.submit(FORM, page, given(**changes))


def framing(headers: Headers) -> tuple[str, str | None]:
    """Return who may show an answer in a frame, and what the older header says."""
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    return policy.partition("frame-ancestors ")[2], headers.get("X-Frame-Options")


def test_any_site_may_show_the_counter_which_is_the_same_for_everyone(person: Person) -> None:
    person.has_signed()
    forget_everything()
    answer = person.client.get(COUNTER)
    page = parse(answer.text)

    assert framing(answer.headers) == ("*", None)
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert "Set-Cookie" not in answer.headers
    assert "1 person has signed" in words(page)
    assert page.select("script, form") == []


def test_every_link_of_the_counter_opens_a_new_tab_that_does_not_know_the_old(
    person: Person,
) -> None:
    links = person.client.visit(COUNTER).select("a")

    assert f"http://localhost{page_of()}#sign" in {link["href"] for link in links}
    assert {(link.get("target"), *link.get_attribute_list("rel")) for link in links} == {
        ("_blank", "noopener")
    }


def test_nobody_may_show_the_form_unless_the_petition_lists_them(person: Person) -> None:
    assert framing(person.client.get(FORM).headers) == ("'none'", "DENY")
    change(embed_origins=PARTNERS)

    assert framing(person.client.get(FORM).headers) == (" ".join(PARTNERS), None)


def test_every_answer_in_the_frame_says_who_may_show_it(person: Person) -> None:
    change(embed_origins=PARTNERS)
    wrong, good = signs(person, name=""), signs(person)
    change(closes_on=datetime(2026, 11, 1, tzinfo=UTC).date())
    closed = person.client.post(FORM, headers={"Origin": "http://localhost"})

    assert [answer.status_code for answer in (wrong, good, closed)] == [422, 200, 409]
    for answer in (wrong, good, closed):
        assert framing(answer.headers) == (" ".join(PARTNERS), None)
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_unknown_petition_may_show_no_form_and_is_no_page(person: Person) -> None:
    for path, expected in (("/en/embed/nothing", "*"), ("/en/embed/nothing/sign", "'none'")):
        answer = person.client.get(path)
        assert answer.status_code == 404
        assert framing(answer.headers)[0] == expected


def test_other_pages_stay_out_of_frames_while_a_petition_lists_sites(person: Person) -> None:
    change(embed_origins=PARTNERS)
    person.client.get(COUNTER)
    for path in ("/en/", page_of(), f"{page_of()}/share", "/en/privacy", "/en/nothing"):
        assert framing(person.client.get(path).headers) == ("'none'", "DENY")


def test_a_signature_from_a_frame_is_one_like_any_other(person: Person) -> None:
    typed = given(name="Nadia Sample", reason="Because")
    assert signs(person, **typed).status_code == 200

    signature = newest_signature()
    assert signature.state == SignatureState.PENDING
    assert signature.opened().name == "Nadia Sample"
    person.confirms(typed["email"])
    assert newest_signature().state == SignatureState.CONFIRMED


def test_the_first_and_the_repeated_answer_in_a_frame_are_the_same(person: Person) -> None:
    typed = given(email="nadia@example.org")
    first, again = signs(person, **typed), signs(person, **typed)
    person.confirms(typed["email"])
    after = signs(person, **typed)

    assert len({without_tokens(answer.text) for answer in (first, again, after)}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in (first, again, after)}) == 1
    assert rows(Signature) == 1


def test_the_inbox_page_stays_in_the_frame(person: Person) -> None:
    in_frame = parse(signs(person, email="nadai@example.org").text)
    on_page = parse(person.signs().text)

    for page in (in_frame, on_page):  # to the address that was posted to
        assert {form["action"] for form in page.select("form")} == {"#sign"}
    assert in_frame.select(".masthead") == []
    corrected = person.client.submit(FORM, in_frame, {"email": "nadia@example.org"})
    assert corrected.status_code == 200
    assert newest_signature().opened().email == "nadia@example.org"


def test_a_mistake_in_a_frame_is_named_there_and_nothing_typed_is_lost(person: Person) -> None:
    answer = signs(person, email="nobody", reason="Because")
    page = parse(answer.text)

    assert list(problems(answer).values()) == [
        "Enter an e-mail address in full, like name@example.org"
    ]
    assert page.select_one("textarea").get_text().strip() == "Because"  # type: ignore[union-attr]
    assert page.select(".masthead") == []
    assert rows(Signature) == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_of_the_framing_page_itself_is_refused(site: str, person: Person) -> None:
    change(embed_origins=PARTNERS)
    headers = {"Sec-Fetch-Site": site, "Origin": PARTNERS[0]}

    assert person.client.post(FORM, data=given(), headers=headers).status_code == 403
    assert rows(Signature) == 0


def test_the_text_in_a_frame_is_whole_and_its_links_leave_the_frame(person: Person) -> None:
    framed, page = (person.client.visit(path).select_one(".prose") for path in (FORM, page_of()))
    assert framed is not None
    assert page is not None

    assert words(str(framed)) == words(str(page))
    assert {link.get("target") for link in framed.select("a")} == {"_blank"}


def test_a_closed_petition_says_so_in_the_frame(person: Person) -> None:
    change(closes_on=now().date().replace(day=1))

    assert "This petition is closed" in words(person.client.visit(COUNTER))
    page = person.client.visit(FORM)
    assert page.select("form") == []
    assert "This petition is closed" in words(page)
