"""News end by a button, or by one click in a mail program, and by nothing else."""

import pytest

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.storage.database import session, transaction
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from petition.updates.emails import links_for
from petition.updates.unsubscribing import token_for
from tests.factories import make_ask, newest_signature, signed, signer
from tests.grounds.client import ReadingClient
from tests.web.public.people import words

pytestmark = pytest.mark.any_database

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(client: ReadingClient) -> str:
    """The path of the link of somebody who said yes."""
    signature, _ = signed(make_ask(), signer(mail_allowed=True))
    return f"/en/unsubscribe/{token_for(signature.id)}"


def may_be_mailed() -> bool:
    """Whether the newest signer may be mailed."""
    return newest_signature().mail_allowed


def test_opening_the_link_changes_nothing_and_its_button_does(
    client: ReadingClient, path: str
) -> None:
    page = client.visit(path)
    client.head(path)
    assert may_be_mailed()
    answer = client.submit(path, page, {})

    assert answer.status_code == 200
    assert "nobody may e-mail you about this any more" in answer.text
    assert not may_be_mailed()
    assert newest_signature().state == "confirmed"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("in_parts", [False, True])
def test_a_mail_program_ends_them_in_one_click_however_often_and_is_led_nowhere(
    client: ReadingClient, path: str, headers: dict[str, str], in_parts: bool
) -> None:
    kind = "multipart/form-data" if in_parts else None
    for _ in range(2):
        answer = client.post(path, data=ONE_CLICK, headers=headers, content_type=kind)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert not may_be_mailed()


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "x"}, {"other": "One-Click"}])
def test_any_other_post_shows_the_button_and_changes_nothing(
    client: ReadingClient, path: str, data: dict[str, str]
) -> None:
    answer = client.post(path, data=data)

    assert answer.status_code == 422
    assert "Stop e-mail" in answer.text
    assert may_be_mailed()


def test_once_used_it_says_so_and_does_not_tell_what_became_of_the_signature(
    client: ReadingClient, path: str
) -> None:
    answers = [client.post(path, data=ONE_CLICK).text for _ in range(2)]
    page = client.visit(path)
    assert "You get no more of these e-mails" in words(page)
    assert page.select("main form") == []
    pages = [client.get(path).text, client.post(path, data={}).text]
    with transaction():
        erase(session.get_one(Signature, newest_signature().id), now())
    pages.append(client.get(path).text)
    answers.append(client.post(path, data=ONE_CLICK).text)

    assert len(set(pages)) == len(set(answers)) == 1


def test_a_link_that_is_none_of_ours_is_said_to_be_none_and_told_to_nobody(
    client: ReadingClient, path: str
) -> None:
    for token in ("unknown", "A" * 32, path[-32:].swapcase(), f"{path[-32:]}x"):
        for answer in (
            client.get(f"/en/unsubscribe/{token}"),
            client.post(f"/en/unsubscribe/{token}", data=ONE_CLICK),
        ):
            assert answer.status_code == 404
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert may_be_mailed()
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_links_in_a_mail_lead_to_pages_that_there_are(
    client: ReadingClient, path: str, lang: str
) -> None:
    links = links_for(7, make_ask().slug, path[-32:])
    urls = client.application.url_map.bind("localhost")
    assert [urls.match(f"/{lang}/{below}")[0] for below in (links.delivery, links.manage)] == [
        "public.deliveries.reading.show",
        "public.petitions.managing.request_link",
    ]
    assert words(client.visit(f"/{lang}/{links.unsubscribe}"))
