"""What the styleguide shows of letters. Plain English: no visitor ever reads it."""

from typing import Any

from flask import url_for
from wtforms.fields import SelectChoice

from petition.web.development.styleguide_examples import LONG
from petition.web.public.letters.forms import AskForm, SendForm, YouForm
from petition.web.public.letters.letter_page import LetterPage, OfficeLine
from petition.web.public.letters.preview import Preview, Way

BODY = """Dear Foreign Secretary,

I met a survivor last year. She asked me why nobody had been named.

Yours faithfully,

Nadia Sample"""
WAYS = ("email", "form", "post", "representative")


def letter_examples() -> dict[str, Any]:
    """Return everything that the templates of the styleguide show of letters."""
    offices = [office(1, "Foreign Secretary"), office(2, LONG, is_representative=True)]
    return {
        "letters": [letter_page("A letter that can be written"), letter_page(LONG, is_open=False)],
        "preview": preview(),
        "ways": [Way(way, way, way == "email") for way in WAYS],
        "send_form": SendForm(formdata=None, prefix="send"),
        "you": YouForm(formdata=None, prefix="you"),
        "ask_form": ask_form("ask", offices),
        "wrong_ask_form": refused(ask_form("wrong-ask", offices)),
        "offices": offices,
        "five_steps": [(name, "#") for name in ("You", "To whom", "Reasons", "Letter", "Send")],
    }


def ask_form(prefix: str, offices: list[OfficeLine]) -> AskForm:
    """Return the form that asks to whom the letter goes."""
    form = AskForm(formdata=None, prefix=prefix, recipient=1)
    form.recipient.choices = [SelectChoice(one.id, one.office) for one in offices]
    return form


def refused(form: AskForm) -> AskForm:
    """Give the choice an error."""
    form.recipient.errors = ["Choose to whom you write"]
    return form


def office(number: int, name: str, *, is_representative: bool = False) -> OfficeLine:
    """Return an office to choose."""
    return OfficeLine(
        id=number,
        office=name,
        holder=None if is_representative else "Somebody Sample",
        jurisdiction="United Kingdom",
        ask="I ask you to name those who gain by it.",
        ways="e-mail, post",
        constituents_only=is_representative,
        is_representative=is_representative,
    )


def letter_page(title: str, *, is_open: bool = True) -> LetterPage:
    """Return a letter campaign that is in no database."""
    return LetterPage(
        slug="example",
        title=title,
        summary="What it is about, in a sentence.",
        lang="en",
        dir="ltr",
        url="#",
        organisation="Sample Coalition",
        gap_reference="GAP-07",
        gap_title="A gap",
        gap_lang="en",
        gap_url="#",
        is_halted=False,
        is_open=is_open,
        not_open_words="",
    )


def preview() -> Preview:
    """Return a letter as it will arrive."""
    return Preview(
        office="Foreign Secretary",
        holder=None,
        sender="Nadia Sample via Magnitsky Month",
        to="office@example.org",
        subject="Sanctions against those behind it",
        body=BODY,
        lang="en",
        dir="ltr",
        own_words="clearly yours",
        changed="the facts",
        reads="",
        boxes="",
        ways=[],
        takes_mail=True,
        form_url="https://example.org/write",
        mailto=None,
        paper_url="#",
        text_url="#",
        mail_url="#",
        send_action=url_for("public.letters.reading.begin", lang="en", slug="example"),
        sent_elsewhere_action=url_for("public.letters.reading.begin", lang="en", slug="example"),
        seen=[("Name", "Nadia Sample")],
    )
