"""A petition as an entry in a list."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from petition.core.clock import now
from petition.petitions.asks import Ask
from petition.web.public.petitions.petition_page import kind_label
from petition.web.site.formats import long_date
from petition.web.site.languages import present_language


@dataclass(frozen=True, slots=True)
class PetitionCard:
    """A petition in a list."""

    title: str
    summary: str
    url: str
    count: int
    kind_label: str
    is_open: bool
    note: str
    """Since when nobody can sign, or from when on."""
    lang: str
    dir: str


def petition_card(ask: Ask, count: int) -> PetitionCard:
    """Return the entry of a petition that `count` people have signed."""
    today = now().date()
    return PetitionCard(
        title=ask.title,
        summary=ask.summary,
        url=url_for("public.petitions.reading.show", lang=present_language(), slug=ask.slug),
        count=count,
        kind_label=kind_label(ask.kind),
        is_open=ask.is_open(today),
        note="" if ask.is_open(today) else _note(ask),
        lang=ask.language,
        dir=ask.direction,
    )


def _note(ask: Ask) -> str:
    if ask.is_to_come(now().date()):
        return _("opens on %(day)s", day=long_date(ask.opens_on))
    return _("closed")
