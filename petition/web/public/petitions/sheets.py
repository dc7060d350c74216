"""The petition on paper: the full text, and ruled lines for signatures in ink."""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.core.printing.typesetting import typeset_pdf
from petition.petitions.asks import Ask
from petition.petitions.blocks import to_blocks
from petition.web.drawings.qr import qr_svg
from petition.web.keeping.files import file_answer, kept_file
from petition.web.public.petitions.petition_page import (
    PetitionPage,
    ask_or_404,
    kind_label,
    petition_page,
    short_url,
)
from petition.web.site.formats import listed, long_date
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

blueprint = Blueprint("sheets", __name__)

PAPERS = {"a4": "a4", "letter": "us-letter"}


@blueprint.get("/petitions/<slug:slug>/sheet.pdf")
def petition(lang: str, slug: str) -> ResponseReturnValue:
    """Print the present version on the paper that is asked for."""
    ask, paper = ask_or_404(slug), request.args.get("paper", "a4")
    if paper not in PAPERS:
        abort(404)
    key = ("sheet", lang, paper, str(ask.text_id))
    file = kept_file(
        key, lambda: _contents(ask, paper), lambda data: typeset_pdf("sheet.typ", data)
    )
    return file_answer(file, "application/pdf", name=f"{slug}-{lang}-{paper}.pdf")


def _contents(ask: Ask, paper: str) -> dict[str, Any]:
    lang, page, address = present_language(), petition_page(ask), short_url(ask.slug)
    day = ask.published_at.date()
    return {
        "paper": PAPERS[paper],
        "lang": lang,
        "dir": text_direction(lang),
        "site": settings().site_name,
        "kind": kind_label(ask.kind),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "text": {
            "title": ask.title,
            "summary": ask.summary,
            "blocks": to_blocks(ask.source),
            "lang": ask.language,
            "dir": ask.direction,
        },
        "memo": _memo(page),
        "qr": qr_svg(address, border=0).decode(),
        "address": address.partition("://")[2],
        "lines": ask.is_open(now().date()),
        "words": _words(ask),
    }


def _memo(page: PetitionPage) -> list[dict[str, Any]]:
    offices = [listed((r.office, r.holder, r.jurisdiction)) for r in page.recipients]
    rows = [
        {"label": _("To"), "values": offices},
        {"label": _("From"), "values": [page.organisation + _(", and everyone who signs")]},
    ]
    if page.closes_on:
        rows.append({"label": page.closes_label, "values": [long_date(page.closes_on)]})
    return rows


def _words(ask: Ask) -> dict[str, Any]:
    version = _("Version %(number)s", number=ask.version)
    return {
        "version": listed([version, long_date(ask.published_at)]),
        "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "online": _("Sign online"),
        "sign": _("Sign on paper"),
        "privacy": _(
            "Names, countries and signatures are given to the recipients, e-mail addresses never: "
            "leave yours only if %(organisation)s may write to you. "
            "Whoever signs after you can read your line.",
            organisation=ask.organisation,
        ),
        "columns": [
            {"name": _("No."), "note": ""},
            {"name": _("Full name"), "note": ""},
            {"name": _("Country"), "note": ""},
            {"name": _("E-mail address"), "note": _("(optional)")},
            {"name": _("Signature"), "note": ""},
        ],
    }
