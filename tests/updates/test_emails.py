"""What news say: the same in text and HTML, neutral on the outside, in each language."""

import pytest

from petition.core.i18n import LANGUAGES
from petition.links.letterhead import Addressee, Letterhead
from petition.outbox.messages import MailToWrite, Message
from petition.updates.emails import MOST_WORDS, News, beginning, links_for, news_mail
from petition.updates.models import UpdateKind
from tests.grounds.pages import parse

TITLE = "Use these sanctions <b>now</b> & always"
OFFICE, COUNTRY = "Foreign Secretary", "United Kingdom"
WORDS = "We have read it.\n\nWe will <i>consider</i> it."
LANGUAGE_OF = {"words_language": "en", "title_language": "en", "office_language": "en"}
SITE = "https://petitions.example.org"
TOKEN = "A" * 32


def mail(kind: UpdateKind, language: str = "en", **said: object) -> Message:
    """Return a mail with news."""
    given = {"words": WORDS, "country": COUNTRY, **LANGUAGE_OF, **said}
    news = News(TITLE, "Sample Coalition", OFFICE, "10 November 2026", 1243, "1,243", **given)  # type: ignore[arg-type]
    links = links_for(7, "sanction-human-trafficking", TOKEN)
    head = Letterhead("Magnitsky Month", SITE, language)
    return news_mail(kind, news, Addressee("ana@example.org", language), links, head).written()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", UpdateKind)
def test_both_parts_say_what_happened_and_how_to_get_no_more(
    kind: UpdateKind, language: str
) -> None:
    news = mail(kind, language)
    page, below = parse(news.html), f"{SITE}/{language}"
    words = page.get_text()

    assert news.is_news
    for said in (TITLE, OFFICE, "Sample Coalition", "We will <i>consider</i> it."):
        assert said in " ".join(words.split())
        assert said in " ".join(news.text.split())
    assert f"({COUNTRY})" in words
    assert {str(a["href"]) for a in page.select("a")} == {
        f"{below}/deliveries/7",
        f"{below}/unsubscribe/{TOKEN}",
        f"{below}/petitions/sanction-human-trafficking/manage",
    }
    assert all(str(a["href"]) in news.text for a in page.select("a"))
    assert news.link == f"{below}/unsubscribe/{TOKEN}"
    assert page.select("b, i, img, link, script, iframe, [background]") == []
    assert "url(" not in news.html
    assert page.select(f"html[lang={language}]")


@pytest.mark.parametrize("kind", UpdateKind)
def test_the_outside_tells_neither_campaign_nor_person(kind: UpdateKind) -> None:
    news = mail(kind)

    for outside in (news.subject, news.text[:200]):
        for word in ("sanction", "magnitsky", "petition ", "ana@"):
            assert word not in outside.lower()


def test_words_that_were_not_written_leave_no_gap() -> None:
    assert "\n\n\n" not in mail(UpdateKind.HANDED_OVER).text
    news = mail(UpdateKind.HANDED_OVER, words="")

    assert "blockquote" not in news.html.partition("</style>")[2]
    assert "\n\n\n" not in news.text


def test_long_words_are_quoted_from_their_beginning() -> None:
    assert beginning("word " * 100) == "word " * 100
    short = beginning("word, " * 1_000)
    assert len(short) <= MOST_WORDS + 2
    assert short.endswith("word …")
    assert beginning("x" * 5_000).endswith(" …")


def test_words_of_another_language_say_so_and_keep_their_direction() -> None:
    news = mail(UpdateKind.HANDED_OVER, "ar", why="The day was wrong.", is_correction=True)
    page = parse(news.html)

    marked = {one.get_text() for one in page.select("[lang=en]")}
    assert marked == {TITLE, OFFICE, "Sample Coalition", WORDS, "The day was wrong."}
    assert f"\u2068{OFFICE}\u2069" in news.text
    assert "\u2068Sample Coalition\u2069" in news.text
    assert parse(mail(UpdateKind.HANDED_OVER).html).select("bdi[lang]") == []
    assert "\u2068" not in mail(UpdateKind.HANDED_OVER, "fr").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", UpdateKind)
def test_a_correction_says_in_its_subject_that_it_is_one(kind: UpdateKind, language: str) -> None:
    first = mail(kind, language)
    right = mail(kind, language, is_correction=True, why="The day was wrong.")

    assert first.subject in right.subject
    assert first.subject != right.subject
    for part in (right.text, parse(right.html).get_text()):
        assert "The day was wrong." in part
    [title] = parse(right.html).select("h1")
    assert title.get_text().split() == right.subject.split()


def test_news_that_were_written_before_an_upgrade_are_put_into_words() -> None:
    news, links = mail(UpdateKind.ANSWERED), links_for(7, "act", TOKEN)
    said: dict[str, str | int] = {
        "petition_title": TITLE,
        "organisation": "Us",
        "office": OFFICE,
        "day": "1 May 2026",
    }
    said |= {"counted": "3", "words": WORDS, "words_language": "en"}
    said |= {"site_name": "Us", "delivery_url": f"{SITE}/{links.delivery}", "manage_url": SITE}
    said["count"] = 3
    told = MailToWrite(news.kind, "ana@example.org", "en", "unsubscribe_url", SITE, said)

    assert OFFICE in told.written().text
    assert OFFICE in told.written().html
