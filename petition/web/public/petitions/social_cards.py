"""The picture and the words that go with a link to a page, where others show them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from babel.core import get_global
from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from petition.campaigns.models import Campaign
from petition.campaigns.queries import present_campaign
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.core.printing.typesetting import typeset_png
from petition.petitions.asks import Ask
from petition.petitions.queries import petitions_of
from petition.signatures.queries import tallied
from petition.signatures.tally import counts
from petition.web.keeping.files import Contents, file_answer, kept_file
from petition.web.public.petitions.petition_page import ask_or_404, kind_label, public_url
from petition.web.site.formats import long_date, number
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

blueprint = Blueprint("social_cards", __name__)

WIDTH, HEIGHT = 1200, 630


@dataclass(frozen=True, slots=True)
class SocialCard:
    """What a page says of itself to those who show a link to it."""

    title: str
    description: str
    url: str
    image: str
    image_alt: str
    locale: str
    width: int = WIDTH
    height: int = HEIGHT


@blueprint.get("/card.png")
def campaign(lang: str) -> ResponseReturnValue:
    """Draw the card of the campaign that runs, or the next, or the last."""
    present = present_campaign(now().date())
    if present is None:
        abort(404)
    return _picture(("campaign-card", lang, present.slug), lambda: _of_campaign(present))


@blueprint.get("/petitions/<slug:slug>/card.png")
def petition(lang: str, slug: str) -> ResponseReturnValue:
    """Draw the card of a petition with the count of these minutes."""
    ask = ask_or_404(slug)
    return _picture(("card", lang, str(ask.text_id)), lambda: _of_petition(ask))


def image_alt(ask: Ask, count: int) -> str:
    """Return what a petition's picture shows, in words."""
    return f"{ask.title} – {counted(count)}" if count else ask.title


def petition_social_card(ask: Ask, alt: str) -> SocialCard:
    """Return what the petition's page says of itself; `alt` says what its picture shows."""
    image = url_for(
        "public.petitions.social_cards.petition", lang=present_language(), slug=ask.slug
    )
    return SocialCard(
        title=ask.title,
        description=ask.summary,
        url=public_url(ask.slug),
        image=settings().url + image,
        image_alt=alt,
        locale=locale_of(ask.language),
    )


def campaign_social_card(shown: Campaign) -> SocialCard:
    """Return what the campaign's page says of itself."""
    text, lang = shown.text_in(present_language()), present_language()
    return SocialCard(
        title=text.title,
        description=text.summary,
        url=settings().url + url_for("public.month.campaign.show", lang=lang),
        image=settings().url + url_for("public.petitions.social_cards.campaign", lang=lang),
        image_alt=text.title,
        locale=locale_of(text.language),
    )


def locale_of(language: str) -> str:
    """Return a language with its likeliest territory, `fr_FR`, as OpenGraph wants it."""
    likeliest = get_global("likely_subtags").get(language.replace("-", "_"), language)
    parts = str(likeliest).split("_")
    return f"{parts[0]}_{parts[-1]}" if len(parts) > 1 else language


def counted(count: int) -> str:
    """Return a count in words: “12,408 people have signed”."""
    return f"{number(count)} {ngettext('person has signed', 'people have signed', count)}"


def _picture(key: tuple[str, ...], contents: Callable[[], Contents]) -> ResponseReturnValue:
    file = kept_file(key, contents, lambda data: typeset_png("card.typ", data))
    return file_answer(file, "image/png")


def _of_petition(ask: Ask) -> dict[str, Any]:
    count = tallied(ask.petition_id)
    first = _("Be among the first to sign") if ask.is_open(now().date()) else ""
    words = ngettext("person has signed", "people have signed", count) if count else first
    return _contents(
        label=kind_label(ask.kind),
        title={"text": ask.title, "lang": ask.language, "dir": ask.direction},
        figure=number(count) if count else "",
        words=words,
    )


def _of_campaign(shown: Campaign) -> dict[str, Any]:
    text = shown.text_in(present_language())
    count = sum(counts([petition.id for petition in petitions_of(shown.id)]).values())
    words = ngettext("signature", "signatures", count) if count else _("Read and sign")
    return _contents(
        label=f"{long_date(shown.starts_on)} – {long_date(shown.ends_on)}",
        title={
            "text": text.title,
            "summary": text.summary,
            "lang": text.language,
            "dir": text_direction(text.language),
        },
        figure=number(count) if count else "",
        words=words,
    )


def _contents(**own: Any) -> dict[str, Any]:
    lang = present_language()
    return {
        "site": settings().site_name,
        "address": urlsplit(settings().url).netloc,
        "lang": lang,
        "dir": text_direction(lang),
        **own,
    }
