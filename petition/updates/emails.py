"""The mails with news of a delivery."""

from dataclasses import asdict, dataclass
from typing import Any

from petition.links.letterhead import Addressee, Letterhead
from petition.outbox.messages import NEWS, MailToWrite

MOST_WORDS = 700
"""Characters of what was written that a mail quotes; the page has all of it."""
UNSUBSCRIBE = "unsubscribe"
"""The page that ends news, below its language."""


@dataclass(frozen=True, slots=True)
class News:
    """What a mail says in one language, all of which the public can read."""

    petition_title: str
    organisation: str
    """Who may mail those who said yes."""
    office: str
    day: str
    count: int
    """How many signatures were handed over."""
    counted: str
    """The same, as the language writes it."""
    words: str = ""
    """What was answered, or what happened; perhaps the beginning alone."""
    words_language: str = "en"
    title_language: str = ""
    """In which the petition's title and the organisation's name are written."""
    office_language: str = ""
    country: str = ""
    """That of the office."""
    is_correction: bool = False
    """Whether it puts right what was mailed before."""
    why: str = ""
    """What was wrong with that."""
    why_language: str = "en"

    def as_fields(self) -> dict[str, Any]:
        """Return it in values that JSON knows."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class NewsLinks:
    """Where a mail leads, as paths below its language; the last one its reader alone has."""

    delivery: str
    manage: str
    unsubscribe: str


def links_for(delivery_id: int, slug: str, token: str) -> NewsLinks:
    """Return the links of news of this delivery, of the petition with this slug.

    The worker mails them and has no routes to ask. What is held about somebody opens for some
    hours only, so news lead to where its link is asked for.
    """
    return NewsLinks(
        delivery=f"deliveries/{delivery_id}",
        manage=f"petitions/{slug}/manage",
        unsubscribe=f"{UNSUBSCRIBE}/{token}",
    )


def news_mail(
    kind: str, news: News, to: Addressee, links: NewsLinks, letterhead: Letterhead
) -> MailToWrite:
    """Return the mail with news of this kind; the letterhead is in its reader's language."""
    below = f"{letterhead.url}/{letterhead.language}"
    context = news.as_fields() | {
        "site_name": letterhead.site_name,
        "delivery_url": f"{below}/{links.delivery}",
        "manage_url": f"{below}/{links.manage}",
    }
    link = f"{below}/{links.unsubscribe}"
    return MailToWrite(f"{NEWS}{kind}", to.email, to.language, "unsubscribe_url", link, context)


def beginning(words: str) -> str:
    """Return the beginning of what was written, with an ellipsis where more follows."""
    if len(words) <= MOST_WORDS:
        return words
    return words[:MOST_WORDS].rsplit(maxsplit=1)[0].rstrip(",;:.") + " …"
