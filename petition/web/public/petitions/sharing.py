"""Passing a petition on: short link, QR code, paper sheet, and what other sites may embed."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from petition.petitions.asks import Ask
from petition.web.drawings.qr import qr_png, qr_svg
from petition.web.keeping.files import file_answer
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import rendered
from petition.web.public.petitions.petition_page import ask_or_404, petition_page, short_url
from petition.web.public.petitions.share_links import share_links
from petition.web.public.petitions.sheets import PAPERS
from petition.web.site.security import shows_our_pages
from petition.web.site.settings import settings

blueprint = Blueprint("sharing", __name__)

COUNTER_HEIGHT = 400
FORM_HEIGHT = 900


@blueprint.get("/petitions/<slug:slug>/share")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show every way to pass the petition on."""
    ask = ask_or_404(slug)
    shows_our_pages()  # the counter, as it looks on another site
    return cached_page(("share", lang, slug), lambda: _render(ask, lang))


@blueprint.get("/petitions/<slug:slug>/qr.svg")
def qr_as_svg(lang: str, slug: str) -> ResponseReturnValue:
    """Draw the QR code of the short link, sharp at any size."""
    return file_answer(qr_svg(short_url(ask_or_404(slug).slug)), "image/svg+xml")


@blueprint.get("/petitions/<slug:slug>/qr.png")
def qr_as_png(lang: str, slug: str) -> ResponseReturnValue:
    """Draw the QR code of the short link as a picture."""
    return file_answer(qr_png(short_url(ask_or_404(slug).slug)), "image/png")


def _render(ask: Ask, lang: str) -> str:
    petition = petition_page(ask)
    counter = url_for("public.petitions.embedding.show", lang=lang, slug=ask.slug)
    form = url_for("public.petitions.embedding.sign", lang=lang, slug=ask.slug)
    return rendered(
        "public/petitions/sharing/show.html",
        petition=petition,
        share_links=share_links(petition.title, petition.url),
        qr_svg_url=url_for(".qr_as_svg", lang=lang, slug=ask.slug),
        qr_png_url=url_for(".qr_as_png", lang=lang, slug=ask.slug),
        sheets={
            paper: url_for(
                "public.petitions.sheets.petition", lang=lang, slug=ask.slug, paper=paper
            )
            for paper in PAPERS
        },
        counter_url=counter,
        counter_height=COUNTER_HEIGHT,
        counter_snippet=frame_snippet(counter, petition.title, COUNTER_HEIGHT),
        form_snippet=frame_snippet(form, petition.title, FORM_HEIGHT),
        embed_origins=ask.embed_origins,
    )


def frame_snippet(path: str, title: str, height: int) -> str:
    """Return the HTML with which another site shows a page of ours in a frame."""
    return (
        f'<iframe src="{settings().url}{path}" title="{escape(title)}" width="100%" '
        f'height="{height}" loading="lazy" style="border:0"></iframe>'
    )
