"""The letter on top of a pack, on one page: who hands over what, and how to check it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from petition.deliveries.pack.archive import MANIFEST
from petition.deliveries.pack.packing import KEY, VERIFIER, Counted, Pieces
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.verify import ROWS, SIGNATURE
from petition.deliveries.pack.writing.about import About, as_written, short_paper
from petition.deliveries.pack.writing.counts import COUNTS
from petition.deliveries.pack.writing.names import (
    FURTHER_SHEET,
    METHOD,
    REASONS,
    RECEIPT,
    SHEETS,
    TOP_SHEET,
)
from petition.deliveries.pack.writing.profiles import what_it_is
from petition.deliveries.pack.writing.tables import TABLE, WORKBOOK

LIBRARY = "python3 -m pip install cryptography"
GROUP = 8
"""So many characters of the root stand together: they are compared by eye."""


def cover_letter(
    about: About, counted: Counted, cut_off: datetime, day: date, files: Collection[str]
) -> Pieces:
    """Return the letter of a pack that also has these files."""
    return short_paper("cover.typ", cover_data(about, counted, cut_off, day, files))


def cover_data(
    about: About, counted: Counted, cut_off: datetime, day: date, files: Collection[str]
) -> dict[str, Any]:
    """Return what the template sets."""
    _ = about.speech.gettext
    return {
        "paper": about.paper,
        "lang": about.language,
        "dir": about.direction,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "day": about.day(day),
        "sender": about.organisation,
        "reach": [about.contact, about.site.url.partition("://")[2]],
        "address": about.address,
        "label": _("Petition"),
        "title": about.title,
        "salutation": about.salutation or f"{about.office},",
        "body": _body(about, counted, cut_off),
        "own": as_written(about.own.letter, about.language),
        "holds": {"title": _("In this pack"), "rows": _contents(about, files)},
        "check": _check(about, counted),
        "close": about.close or _("Yours faithfully,"),
    }


def _body(about: About, counted: Counted, cut_off: datetime) -> list[str]:
    _, ngettext, number = about.speech.gettext, about.speech.ngettext, counted.totals.signatures
    handed = ngettext(
        "We hand you %(count)s signature under this petition, confirmed up to %(until)s (UTC).",
        "We hand you %(count)s signatures under this petition, confirmed up to %(until)s (UTC).",
        number,
    ) % {"count": about.count(number), "until": about.until(cut_off)}
    held = {
        Tier.NAMES: _(
            "The pack has the name and country of everybody who signed, and no e-mail address. "
            "They were told that you get to know their names, and that the public does not "
            "unless they choose so: please keep the list confidential."
        ),
        Tier.COUNTS: _("The pack has the country of everybody who signed, and nobody’s name."),
    }[about.tier]
    answer = ngettext(
        "We ask you for an answer within %(num)s day of receiving it.",
        "We ask you for an answer within %(num)s days of receiving it.",
        about.answer_days,
    ) % {"num": about.answer_days}
    return [f"{handed} {held}", what_it_is(about.profile, _), answer]


def _contents(about: About, files: Collection[str]) -> list[dict[str, Any]]:
    """Return what stands in the list: some files, and what they are, of those that there are."""
    _ = about.speech.gettext
    known = (
        (("texts/",), _("the texts that people signed, word for word")),
        ((SHEETS,), _("the signatures on numbered sheets")),
        ((ROWS, TABLE, WORKBOOK), _("the same signatures for programs and spreadsheets")),
        ((COUNTS,), _("how many signed from where and when")),
        ((REASONS,), _("reasons that their authors let appear in public")),
        ((METHOD,), _("how signatures were collected and checked, and what they do not show")),
        ((RECEIPT,), _("a form of receipt: please sign it and return it to us")),
        ((TOP_SHEET, FURTHER_SHEET), _("blank sheets to be signed by hand")),
        ((MANIFEST, SIGNATURE, KEY, VERIFIER), _("what the pack is checked with")),
    )
    there = {*files, "texts/", ROWS, MANIFEST, SIGNATURE, KEY, VERIFIER}
    rows = (([name for name in names if name in there], words) for names, words in known)
    return [{"files": names, "words": words} for names, words in rows if names]


def _check(about: About, counted: Counted) -> dict[str, Any]:
    _ = about.speech.gettext
    return {
        "title": _("How to check it"),
        "url": about.checking_url,
        "from": _(
            "That page checks the pack in your browser, and uploads nothing. Or run verify.py, "
            "which needs Python 3.10 and the library cryptography; take it and our public key "
            "from that page, not from the pack: in a forged pack they are the forger’s."
        ),
        "commands": [LIBRARY, f"python3 {VERIFIER} PACK.zip --key KEY"],
        "about": _(
            "The program minisign checks the signature alone. See that our key has this ID on "
            "that page too."
        ),
        "alone": [f"minisign -Vm {MANIFEST} -P KEY"],
        "rows": [
            {"label": _("Public key"), "values": [about.key.line]},
            {"label": _("Its ID"), "values": [about.key.shown_id]},
            {"label": _("Root"), "values": grouped(counted.tree.root)},
        ],
        "note": _(
            "The root stands for all signatures in their order. Keep this letter: with the root "
            "you can ask for a sample that nobody can have arranged."
        ),
    }


def grouped(root: str) -> list[str]:
    """Return a root in two lines of groups, as it is compared by eye."""
    groups = [root[at : at + GROUP] for at in range(0, len(root), GROUP)]
    half = len(groups) // 2
    return [" ".join(groups[:half]), " ".join(groups[half:])]
