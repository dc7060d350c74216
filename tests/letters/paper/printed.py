"""Letters to be set on paper, and what is printed of them."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

from PIL import Image, ImageChops

from petition.core.printing.typesetting import typeset_png
from petition.letters.letter.written import Writer, Written
from petition.letters.paper.setting import letter_on_paper, paper_data
from petition.recipients.models import Mailroom, Paper, Recipient

DAY = date(2026, 11, 10)
MILLIMETRE = 72 / 25.4
BODY = """Dear Secretary of State,

I write about those who traffic people.
They are named in two places:
- in case files
- in court

I ask you to list them before 10 December.

Yours sincerely,

Nadia Haddad"""
ADDRESSES = {
    "BE": "High Representative\nRond-point Schuman 9A\n1046 Brussels",
    "CA": "Minister of Foreign Affairs\n125 Sussex Drive\nOttawa ON  K1A 0G2",
    "DE": "Auswärtiges Amt\nWerderscher Markt 1\n10117 Berlin",
    "FR": "Ministre de l’Europe et des Affaires étrangères\n37 quai d’Orsay\n75007 Paris",
    "GB": "Foreign Secretary\nForeign, Commonwealth and Development Office\nLondon SW1A 2AH",
    "US": "Secretary of State\n2201 C Street NW\nWashington, DC 20520",
}


def mailroom(country: str = "GB", **given: Any) -> Mailroom:
    """Return how an office in a country takes letters."""
    paper = Paper.LETTER if country in {"US", "CA"} else Paper.A4
    made = {"country": country, "paper": paper, "address": ADDRESSES.get(country)} | given
    return Mailroom(**made)


def written(body: str = BODY, **given: Any) -> Written:
    """Return a letter by Nadia Haddad, who lives in the United Kingdom unless it is `given`."""
    writer = Writer(name="Nadia Haddad", email="nadia@example.org", country="GB")
    subject = given.pop("subject", "Sanctions against those who traffic people")
    return Written(replace(writer, **given), subject, body, reply_allowed=True)


def data_of(letter: Written, room: Mailroom | None = None, language: str = "en") -> dict[str, Any]:
    """Return what is set."""
    return paper_data(**_set(letter, room, language))


def pdf_of(letter: Written, room: Mailroom | None = None, language: str = "en") -> bytes:
    """Return the letter on paper."""
    return letter_on_paper(**_set(letter, room, language))


def _set(letter: Written, room: Mailroom | None, language: str) -> dict[str, Any]:
    office, room = Recipient(office={"en": "Foreign Secretary"}), room or mailroom()
    return {
        "written": letter,
        "office": office,
        "mailroom": room,
        "language": language,
        "day": DAY,
    }


def close(text: str) -> str:
    """Return text without spaces and unseen marks: a paper breaks lines where it likes."""
    return "".join(c for c in text if not c.isspace() and c not in "\u2068\u2069\u200b\xad")


def ink_on(data: dict[str, Any]) -> Image.Image:
    """Return the only page, with what is printed in white on black, one pixel to a point."""
    picture = Image.open(io.BytesIO(typeset_png("letter.typ", data))).convert("L")
    return ImageChops.invert(picture)


def cropped(
    picture: Image.Image, left: float, top: float, right: float, bottom: float
) -> Image.Image:
    """Return a part of a picture, its edges in millimetres of the sheet."""
    box = (left * MILLIMETRE, top * MILLIMETRE, right * MILLIMETRE, bottom * MILLIMETRE)
    return picture.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def in_millimetres(box: tuple[int, int, int, int] | None) -> tuple[float, float, float, float]:
    """Return a rectangle of a picture as one of the sheet: left, top, right, bottom."""
    assert box is not None
    left, top, right, bottom = (edge / MILLIMETRE for edge in box)
    return left, top, right, bottom
