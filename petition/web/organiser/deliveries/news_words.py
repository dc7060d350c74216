"""News of deliveries as organisers read of them: what a mail says, and what was told."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from petition.core.i18n import own_name, text_direction
from petition.deliveries.models import Delivery
from petition.deliveries.telling import step_to_tell
from petition.links.letterhead import Addressee
from petition.outbox.messages import MailToWrite
from petition.updates.emails import News, links_for, news_mail
from petition.updates.models import Update, UpdateKind
from petition.updates.queries import updates_of
from petition.web.site.letterhead import letterhead

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

    kind: UpdateKind
    update: Update | None
    words: str


def tell_words() -> Mapping[UpdateKind, str]:
    """Return what one does who tells of each."""
    return {
        UpdateKind.HANDED_OVER: _("Tell the signers of the hand-over"),
        UpdateKind.ANSWERED: _("Tell the signers of the answer"),
    }


def told_words() -> Mapping[UpdateKind, str]:
    """Return what each is called once it is told."""
    return {
        UpdateKind.HANDED_OVER: _("Told of the hand-over"),
        UpdateKind.ANSWERED: _("Told of the answer"),
    }


def told_lines(delivery: Delivery) -> list[ToldLine]:
    """Return what can be told of a delivery, and what was: that stays, whatever is taken back."""
    updates, to_tell, told = updates_of(delivery.id), tell_words(), told_words()
    return [
        ToldLine(kind, update, (told if update else to_tell)[kind])
        for kind in UpdateKind
        if (update := updates.get(kind)) or step_to_tell(delivery, kind)
    ]


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
