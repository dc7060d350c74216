"""News of deliveries as organisers read of them: what a mail says, and what was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.i18n import own_name, text_direction
from petition.deliveries.models import Delivery
from petition.deliveries.telling import step_to_tell, to_correct
from petition.links.letterhead import Addressee
from petition.outbox.messages import MailToWrite
from petition.updates.emails import News, links_for, news_mail
from petition.updates.models import Update, UpdateKind
from petition.updates.queries import updates_of
from petition.web.site.letterhead import letterhead

DASH, CORRECTION = "-", "correction"
READERS_OWN = "…"
"""Stands where each mail has its reader's own link."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as its reader gets it, in one language."""

    name: str
    """Of the language."""
    lang: str
    dir: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldLine:
    """What can be told of a delivery, or was."""

    page: str
    """The end of its address."""
    update: Update | None
    words: str


@dataclass(frozen=True, slots=True)
class NewsPage:
    """Which news a page is about."""

    kind: UpdateKind
    is_correction: bool = False

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the page with this end of its address."""
        kind, _dash, correction = name.partition(DASH)
        return cls(UpdateKind(kind), bool(correction))

    @property
    def name(self) -> str:
        """The end of its address."""
        return f"{self.kind.value}{DASH}{CORRECTION}" if self.is_correction else self.kind.value

    @property
    def title(self) -> str:
        """What one does there who tells."""
        return {
            (UpdateKind.HANDED_OVER, False): _("Tell the signers of the hand-over"),
            (UpdateKind.ANSWERED, False): _("Tell the signers of the answer"),
            (UpdateKind.HANDED_OVER, True): _("Correct what the signers read of the hand-over"),
            (UpdateKind.ANSWERED, True): _("Correct what the signers read of the answer"),
        }[self.kind, self.is_correction]

    @property
    def told_title(self) -> str:
        """What it is called once that is done."""
        return {
            (UpdateKind.HANDED_OVER, False): _("Told of the hand-over"),
            (UpdateKind.ANSWERED, False): _("Told of the answer"),
            (UpdateKind.HANDED_OVER, True): _("Correction about the hand-over"),
            (UpdateKind.ANSWERED, True): _("Correction about the answer"),
        }[self.kind, self.is_correction]


PAGES = tuple(NewsPage(kind, is_one) for kind in UpdateKind for is_one in (False, True))


def told_lines(delivery: Delivery) -> list[ToldLine]:
    """Return what can be told of a delivery, and what was: that stays, whatever is taken back."""
    updates = {(one.kind, one.is_correction): one for one in updates_of(delivery.id)}
    lines = []
    for page in PAGES:
        update = updates.get((page.kind, page.is_correction))
        if update is not None:
            lines.append(ToldLine(page.name, update, page.told_title))
        elif _can_be_told(delivery, page):
            lines.append(ToldLine(page.name, None, page.title))
    return lines


def _can_be_told(delivery: Delivery, page: NewsPage) -> bool:
    if page.is_correction:
        return to_correct(delivery, page.kind, now()) is not None
    return step_to_tell(delivery, page.kind) is not None


def previews_of(delivery: Delivery, kind: UpdateKind, news: Mapping[str, News]) -> list[Preview]:
    """Return the mail in each language in which it is written."""
    links = links_for(delivery.id, delivery.petition.slug, READERS_OWN)
    return [
        _preview(lang, news_mail(kind, said, Addressee("", lang), links, letterhead(lang)))
        for lang, said in news.items()
    ]


def _preview(lang: str, mail: MailToWrite) -> Preview:
    written = mail.written()
    return Preview(own_name(lang), lang, text_direction(lang), written.subject, written.text)
