"""What the pages about one petition show of it."""

from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from flask import abort, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from petition.core.clock import now
from petition.gaps.kinds import GapKind
from petition.petitions.asks import Ask, AskedGap, AskedOffice, find_ask
from petition.web.keeping.parts import part
from petition.web.site.formats import long_date
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

MILESTONES = (100, 250, 500)


@dataclass(frozen=True, slots=True)
class PetitionPage:
    """A petition as templates see it."""

    slug: str
    title: str
    summary: str
    body: Markup
    kind_label: str
    gap: AskedGap | None
    gap_url: str | None
    recipients: tuple[AskedOffice, ...]
    organisation: str
    is_open: bool
    not_open_title: str
    """Why nobody can sign: it has closed, or has still to open."""
    not_open_words: str
    closes_label: str
    closes_on: date | None
    version: int
    version_date: datetime
    url: str
    short_url: str
    share_url: str
    lang: str
    dir: str
    routes_by_area: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """The way to the next milestone."""

    count: int
    milestone: int

    @property
    def remaining(self) -> int:
        """How many signatures are missing."""
        return self.milestone - self.count

    @property
    def percent(self) -> int:
        """How far the way is done, in whole percent."""
        return self.count * 100 // self.milestone


def progress(count: int) -> Progress:
    """Return the way from `count` to the next of 100, 250, 500, 1,000, 2,500, 5,000 and so on."""
    scale = 1
    while True:
        for step in MILESTONES:
            if count < step * scale:
                return Progress(count, step * scale)
        scale *= 10


def ask_or_404(slug: str) -> Ask:
    """Return the petition in the language of the page, or answer 404."""
    # PostgreSQL has no text with NUL in it, and so no petition either.
    ask = None if "\0" in slug else find_ask(slug, present_language())
    if ask is None:
        abort(404)
    return ask


def as_read(ask: Ask) -> tuple[str, ...]:
    """Return what names this very text, open or not, in the language of the page.

    What surrounds a form is kept by it: nobody may read one text and sign another.
    """
    is_open = ask.is_open(now().date())
    return present_language(), ask.slug, str(ask.text_id), "open" if is_open else "not open"


def petition_page(ask: Ask) -> PetitionPage:
    """Return the petition as templates see it."""
    return _page_below(request.script_root, ask, now().date())


@part
def _page_below(_script_root: str, ask: Ask, today: date) -> PetitionPage:
    """Return the same as it is on this day, with addresses below this root."""
    names = Locale.parse(present_language()).territories
    offices = tuple(
        AskedOffice(r.office, r.holder, names.get(r.jurisdiction, r.jurisdiction))
        for r in ask.recipients
    )
    not_open_title, not_open_words = _why_not_open(ask)
    may_be_signed_yet = ask.is_open(today) or ask.is_to_come(today)
    return PetitionPage(
        slug=ask.slug,
        title=ask.title,
        summary=ask.summary,
        body=ask.body,
        kind_label=kind_label(ask.kind),
        gap=ask.gap,
        gap_url=_gap_url(ask.gap),
        recipients=offices,
        organisation=ask.organisation,
        is_open=ask.is_open(today),
        not_open_title=not_open_title,
        not_open_words=not_open_words,
        closes_label=_("Open until") if may_be_signed_yet else _("Closed on"),
        closes_on=ask.closes_on,
        version=ask.version,
        version_date=ask.published_at,
        url=public_url(ask.slug),
        short_url=short_url(ask.slug),
        share_url=url_for("public.petitions.sharing.show", lang=present_language(), slug=ask.slug),
        lang=ask.language,
        dir=ask.direction,
        routes_by_area=ask.routes_by_area,
    )


def _gap_url(gap: AskedGap | None) -> str | None:
    if gap is None:
        return None
    return url_for("public.month.gaps.show", lang=present_language(), slug=gap.slug)


def _why_not_open(ask: Ask) -> tuple[str, str]:
    if ask.is_to_come(now().date()):
        day = long_date(ask.opens_on)
        return _("This petition is not open yet"), _("It can be signed from %(day)s on.", day=day)
    return _("This petition is closed"), _(
        "It takes no more signatures. The text and the count stay here to read."
    )


def public_url(slug: str) -> str:
    """Return the full address of a petition's page in the present language."""
    path = url_for("public.petitions.reading.show", lang=present_language(), slug=slug)
    return settings().url + path


def short_url(slug: str) -> str:
    """Return the short address, which leads each reader to the page in their own language."""
    return settings().url + url_for("public.short_link", slug=slug)


def kind_label(kind: GapKind) -> str:
    """Return the theme's name in the present language."""
    return {
        GapKind.MULTILATERAL: _("Listed by one, not by all"),
        GapKind.ABUSE: _("Abuse overlooked"),
        GapKind.VICTIMS: _("Victims unrecognised"),
        GapKind.ALLY: _("Partners spared"),
        GapKind.LEGAL: _("Power missing"),
    }[kind]
