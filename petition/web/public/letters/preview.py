"""The last page of a letter: what arrives, what its office sees of the writer, how it can go."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.i18n import countries, text_direction
from petition.letters.drafting.composing import changed_parts
from petition.letters.drafting.own_words import OwnWords, in_words
from petition.letters.paper.setting import boxes_on_paper
from petition.recipients.models import Channel
from petition.web.public.letters.letter_page import channel_words
from petition.web.public.letters.open_draft import AddressedDraft
from petition.web.site.formats import listed, name_of_language
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

MOST_BOXES = 30
LONGEST_MAILTO = 1600
"""Encoded characters; some mail programs cut off what is longer."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the letter can go to this office."""

    channel: str
    words: str
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it will arrive."""

    office: str
    holder: str | None
    sender: str
    to: str | None
    subject: str
    body: str
    lang: str
    dir: str
    own_words: str
    changed: str
    """What of the facts and the ask was changed, in words."""
    reads: str
    """The languages that the office reads, where the letter's is none of them."""
    boxes: str
    """The characters that come out as empty boxes on paper; empty where all are printed."""
    ways: list[Way]
    takes_mail: bool
    form_url: str | None
    mailto: str | None
    """None where the letter is too long for one."""
    paper_url: str
    text_url: str
    mail_url: str
    send_action: str
    sent_elsewhere_action: str
    seen: list[tuple[str, str]]
    """What the office will see about the writer."""


def preview_of(there: AddressedDraft) -> Preview:
    """Return what the last page shows of a letter."""
    here, office, mailroom = there.here, there.office, there.office.mailroom
    writer, lang = here.draft.writer, present_language()

    def address(endpoint: str) -> str:
        return url_for(f"public.letters.{endpoint}", lang=lang, token=here.token)

    ways = mailroom.channels if mailroom else []
    return Preview(
        office=there.named.office_in(lang),
        holder=office.holder,
        sender=_("%(name)s via %(site)s", name=writer.name, site=settings().site_name),
        to=office.email,
        subject=there.subject,
        body=there.body,
        lang=here.text.language,
        dir=text_direction(here.text.language),
        own_words=own_words_label(there.own_share),
        changed=listed(map(part_words, changed_parts(there.template, there.body))),
        reads=_read_instead(there),
        boxes=_boxes(there),
        ways=[Way(way, channel_words(Channel(way)), way == ways[0]) for way in ways],
        takes_mail=there.takes(Channel.EMAIL),
        form_url=mailroom.form_url if mailroom else None,
        mailto=mailto(office.email, there.subject, there.body),
        paper_url=address("files.paper"),
        text_url=address("files.text"),
        mail_url=address("files.mail"),
        send_action=address("handing_in.send"),
        sent_elsewhere_action=address("handing_in.sent_elsewhere"),
        seen=_seen(there),
    )


def _read_instead(there: AddressedDraft) -> str:
    written_in = there.here.text.language
    if written_in in there.office.languages:
        return ""
    return listed(name_of_language(code) for code in there.office.languages)


def _boxes(there: AddressedDraft) -> str:
    """Return what cannot be printed, kept apart from the words around it."""
    mailroom = there.office.mailroom
    if mailroom is None:
        return ""
    boxes = boxes_on_paper(
        written=there.written,
        office=there.named,
        mailroom=mailroom,
        language=there.here.text.language,
        day=now().date(),
    )
    shown = [f"\u2068{one}\u2069" for one in boxes[:MOST_BOXES]]
    return " ".join([*shown, *(["…"] if boxes[MOST_BOXES:] else [])])


def _seen(there: AddressedDraft) -> list[tuple[str, str]]:
    writer = there.here.draft.writer
    country = countries(present_language()).get(writer.country, writer.country)
    never = _("not unless you write it in the letter")
    by_mail = _("only if you allow it below, or send the letter yourself by e-mail")
    country_on_paper = _("%(country)s: only on paper, or where you write it", country=country)
    seen = [
        (_("Name"), writer.name),
        (_("E-mail address"), by_mail if there.takes(Channel.EMAIL) else never),
        (_("Country"), never if writer.address else country_on_paper),
        (_("Postcode"), never),
        (_("Address"), writer.address or never),
    ]
    if there.takes(Channel.FORM):
        seen.append((_("In their web form"), _("what it asks of you")))
    return seen


def own_words_label(share: int) -> str:
    """Return how much of a letter is its writer's own, in one of three words."""
    return {
        OwnWords.TEMPLATE: _("template only"),
        OwnWords.PARTLY: _("partly yours"),
        OwnWords.CLEARLY: _("clearly yours"),
    }[in_words(share)]


def part_words(part: str) -> str:
    """Return a part of the letter in words."""
    return {"facts": _("the facts"), "ask": _("what is asked")}[part]


def mailto(to: str | None, subject: str, body: str) -> str | None:
    """Return a link that opens the letter in a mail program (RFC 6068); None where it is too long.

    Line breaks are CRLF, as the RFC has them.
    """
    lines = body.replace("\n", "\r\n")
    link = f"mailto:{quote(to or '', safe='@')}?subject={quote(subject)}&body={quote(lines)}"
    return link if to and len(link) <= LONGEST_MAILTO else None
