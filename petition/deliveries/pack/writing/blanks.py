"""Blank sheets for a petition of its own to a parliament, to be signed by hand.

They hold nothing of ours but the words that an organiser wrote for them: no sign, no link, no
number, no name. What is said around these is said in the language of the house.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.packing import Pieces
from petition.deliveries.pack.writing.about import About, short_paper
from petition.deliveries.pack.writing.names import FURTHER_SHEET, TOP_SHEET
from petition.deliveries.pack.writing.profiles import LANGUAGES_OF_SHEETS

MOST_ROWS = 18
"""On a sheet, where there is room for so many."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands on the sheets of a house, in one language."""

    before: tuple[str, ...]
    declares: str
    requests: str
    after: tuple[str, ...]
    columns: tuple[str, str, str]
    representative: str = ""
    """Who speaks for all, where the house wants to know."""


UK = Wording(
    ("To the House of Commons.", "The petition of residents of the United Kingdom,"),
    "Declares that {declares}",
    "The petitioners therefore request that the House of Commons {requests}",
    ("And the petitioners remain, etc.",),
    ("Name", "Address", "Signature"),
)
CANADA = Wording(
    ("To the House of Commons in Parliament assembled",),
    "We, the undersigned citizens and residents of Canada, draw the attention of the House of "
    "Commons to the following: {declares}",
    "Therefore we request the House of Commons to {requests}",
    (),
    ("Name", "Address", "Signature"),
)
CANADA_IN_FRENCH = Wording(
    ("À la Chambre des communes réunie en Parlement",),
    "Nous soussignés, citoyens et résidents du Canada, attirons l’attention de la Chambre des "
    "communes sur ce qui suit : {declares}",
    "C’est pourquoi nous demandons à la Chambre des communes de {requests}",
    (),
    ("Nom", "Adresse", "Signature"),
)
EUROPE = Wording(
    ("Petition to the European Parliament",),
    "{declares}",
    "We ask the European Parliament to {requests}",
    (),
    ("Name", "Permanent address", "Signature"),
    "Representative of the petitioners: name and permanent address",
)
EUROPE_IN_FRENCH = Wording(
    ("Pétition au Parlement européen",),
    "{declares}",
    "Nous demandons au Parlement européen de {requests}",
    (),
    ("Nom", "Adresse permanente", "Signature"),
    "Représentant des pétitionnaires : nom et adresse permanente",
)
EUROPE_IN_SPANISH = Wording(
    ("Petición al Parlamento Europeo",),
    "{declares}",
    "Pedimos al Parlamento Europeo que {requests}",
    (),
    ("Nombre", "Dirección permanente", "Firma"),
    "Representante de los peticionarios: nombre y dirección permanente",
)
WORDINGS: Mapping[tuple[Profile, str], Wording] = {
    (Profile.UK_PAPER, "en"): UK,
    (Profile.CANADA_PAPER, "en"): CANADA,
    (Profile.CANADA_PAPER, "fr"): CANADA_IN_FRENCH,
    (Profile.EUROPEAN_PARLIAMENT, "en"): EUROPE,
    (Profile.EUROPEAN_PARLIAMENT, "fr"): EUROPE_IN_FRENCH,
    (Profile.EUROPEAN_PARLIAMENT, "es"): EUROPE_IN_SPANISH,
}


def blank_sheets(about: About) -> dict[str, Pieces]:
    """Return the top sheet and the further one, where the pack is for a body that wants them."""
    if about.profile not in LANGUAGES_OF_SHEETS:
        return {}
    return {
        TOP_SHEET: short_paper("blank.typ", blank_data(about, is_top=True)),
        FURTHER_SHEET: short_paper("blank.typ", blank_data(about, is_top=False)),
    }


def language_of_sheets(profile: Profile, language: str) -> str:
    """Return in which language the sheets for an office are that is written to in this one."""
    allowed = LANGUAGES_OF_SHEETS[profile]
    return language if language in allowed else allowed[0]


def blank_data(about: About, *, is_top: bool) -> dict[str, Any]:
    """Return what the template sets."""
    language = language_of_sheets(about.profile, about.language)
    wording = WORDINGS[about.profile, language]
    declares, requests = (_in_one_line(one) for one in (about.own.declares, about.own.requests))
    request = wording.requests.replace("{requests}", requests)
    top = [*wording.before, wording.declares.replace("{declares}", declares)]
    return {
        "paper": "us-letter" if about.profile is Profile.CANADA_PAPER else "a4",
        "lang": language,
        "title": wording.before[0],
        "lines": [*top, request, *wording.after] if is_top else [wording.before[0], request],
        "representative": wording.representative if is_top else "",
        "columns": wording.columns,
        "rows": MOST_ROWS,
    }


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
