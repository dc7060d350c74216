"""What the pages about one letter campaign show of it, and of the offices that it can go to."""

from dataclasses import dataclass

from flask import abort, url_for
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.letters.campaigns.models import LetterCampaign, LetterText, LetterVersion
from petition.letters.campaigns.queries import (
    letter_campaign_by_slug,
    letter_campaigns_about,
    letter_campaigns_of,
    offices_of,
)
from petition.letters.letter.written import Writer
from petition.recipients.models import Channel, Mailroom, Recipient
from petition.recipients.queries import representatives_of
from petition.web.forms.fields import EU
from petition.web.keeping.parts import part
from petition.web.site.formats import listed, long_date
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter campaign as templates see it."""

    slug: str
    title: str
    summary: str
    lang: str
    dir: str
    url: str
    organisation: str
    gap_reference: str
    gap_title: str
    gap_lang: str
    gap_url: str
    is_open: bool
    is_halted: bool
    not_open_words: str


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office that a letter can go to."""

    id: int
    office: str
    holder: str | None
    jurisdiction: str
    ask: str
    """What it can do, in the language of the letter."""
    ways: str
    """How it takes letters, the way that it prefers first."""
    constituents_only: bool
    is_representative: bool


def letter_campaign_or_404(slug: str) -> LetterCampaign:
    """Return the letter campaign at `slug`, or answer 404."""
    found = letter_campaign_by_slug(slug)
    if found is None:
        abort(404)
    return found


def letter_page(letter_campaign: LetterCampaign) -> LetterPage:
    """Return a letter campaign as somebody meets it who reads the page's language."""
    return page_of_text(letter_campaign.version.text_in(present_language()))


@part
def letters_of(campaign_id: int) -> list[LetterPage]:
    """Return the letters of a campaign, in the order in which they were written."""
    return [letter_page(one) for one in letter_campaigns_of(campaign_id)]


@part
def letters_about(gap_id: int) -> list[LetterPage]:
    """Return the letters about a gap, in the order in which they were written."""
    return [letter_page(one) for one in letter_campaigns_about(gap_id)]


def page_of_text(text: LetterText) -> LetterPage:
    """Return the letter campaign as this text has it."""
    letter_campaign = text.version.letter_campaign
    gap, lang, today = letter_campaign.gap, present_language(), now().date()
    gap_text = gap.text_in(lang)
    return LetterPage(
        slug=letter_campaign.slug,
        title=text.title,
        summary=text.summary,
        lang=text.language,
        dir=text_direction(text.language),
        url=url_for("public.letters.reading.show", lang=lang, slug=letter_campaign.slug),
        organisation=letter_campaign.campaign.organisation,
        gap_reference=gap.reference,
        gap_title=gap_text.title,
        gap_lang=gap_text.language,
        gap_url=url_for("public.month.gaps.show", lang=lang, slug=gap.slug),
        is_open=letter_campaign.is_open(today) and letter_campaign.halt is None,
        is_halted=letter_campaign.halt is not None,
        not_open_words=_why_not_open(letter_campaign),
    )


def _why_not_open(letter_campaign: LetterCampaign) -> str:
    if letter_campaign.is_to_come(now().date()):
        day = long_date(letter_campaign.opens_on)
        return _("You can write this letter from %(day)s on.", day=day)
    if letter_campaign.halt is not None:
        return _("The organisers have stopped it for the moment. Please come back later.")
    return _("It takes no more letters. What was asked stays here to read.")


def offices_for(version: LetterVersion, writer: Writer) -> list[Recipient]:
    """Return who can get a letter from this writer, the nearest first.

    First those who speak for the writer's own area, then the writer's own government, then others.
    """
    own = representatives_of(writer.country, writer.postcode) if writer.postcode else []
    ours = {office.id for office in own}
    offices = [
        office
        for office in offices_of(version)
        if office.id in ours or not (office.areas and _answers_its_own(office))
    ]
    near = [office for office in offices if _governs(office, writer.country)]
    near.sort(key=lambda office: not _is_in(office, writer.country))
    found = [*(office for office in own if office.mailroom), *near, *offices]
    return list({office.id: office for office in found}.values())


def _answers_its_own(office: Recipient) -> bool:
    return office.mailroom is not None and office.mailroom.constituents_only


def _is_in(office: Recipient, country: str) -> bool:
    return office.mailroom is not None and office.mailroom.country == country


def _governs(office: Recipient, country: str) -> bool:
    if office.jurisdiction == "EU" and office.mailroom is not None and country in EU:
        return office.mailroom.country in {country, "BE"}
    return office.jurisdiction == country


def office_line(office: Recipient, text: LetterText) -> OfficeLine:
    """Return what a page shows of an office, and of what this letter asks of it."""
    mailroom, named = office.mailroom, text.version.naming(office)
    ways = mailroom.channels if mailroom else []
    return OfficeLine(
        id=office.id,
        office=named.office_in(present_language()),
        holder=office.holder,
        jurisdiction=jurisdiction_name(_place(named.jurisdiction, mailroom)),
        ask=text.ask_of(named.jurisdiction),
        ways=listed(channel_words(Channel(way)) for way in ways),
        constituents_only=bool(mailroom and mailroom.constituents_only),
        is_representative=bool(office.areas),
    )


def _place(jurisdiction: str, mailroom: Mailroom | None) -> str:
    """Return where an office governs; a minister of one of the EU's members, in that country."""
    country = mailroom.country if mailroom else "BE"
    return country if jurisdiction == "EU" and country != "BE" else jurisdiction


def channel_words(channel: Channel) -> str:
    """Return a way of sending a letter in words."""
    return {
        Channel.EMAIL: _("e-mail"),
        Channel.FORM: _("their web form"),
        Channel.POST: _("post"),
        Channel.REPRESENTATIVE: _("your representative"),
    }[channel]
