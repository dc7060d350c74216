"""How the signatures of a pack were collected and checked, in twelve points, and what is not known.

The points are those of the practice in Washington, California, Switzerland and of the European
citizens' initiative. What we do not measure is said, and nothing is guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from petition.core.i18n import listed
from petition.deliveries.pack.packing import Counted, Pieces
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.sampling import LEAST_SAMPLE, usual_size
from petition.deliveries.pack.writing.about import About, short_paper
from petition.deliveries.pack.writing.cover import grouped
from petition.deliveries.pack.writing.figures import Figures
from petition.holds.models import OF_A_PROGRAM, HoldCause
from petition.signatures.removals import KEEP_UNCONFIRMED


@dataclass(frozen=True, slots=True)
class Point:
    """One of the twelve."""

    title: str
    words: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    """Figures, each with what it is of."""
    mono: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What is compared character by character, in lines, each with what it is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the statement is made of."""

    about: About
    counted: Counted
    figures: Figures
    cut_off: datetime
    made_on: date
    software: str


def method(known: Known) -> Pieces:
    """Return the statement."""
    return short_paper("method.typ", method_data(known))


def method_data(known: Known) -> dict[str, Any]:
    """Return what the template sets."""
    about, day = known.about, known.made_on
    _ = about.speech.gettext
    return {
        "paper": about.paper,
        "lang": about.language,
        "dir": about.direction,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "sender": about.organisation,
        "heading": _("How these signatures were collected and checked"),
        "title": about.title,
        "office": f"{about.office} · {about.country}",
        "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "points": [
            {
                "title": point.title,
                "words": point.words,
                "rows": [{"label": label, "value": value} for label, value in point.rows],
                "mono": [{"label": label, "values": values} for label, values in point.mono],
            }
            for point in points(known)
        ],
        "signing": [_("Name"), _("Signature"), _("Date")],
    }


def points(known: Known) -> list[Point]:
    """Return the twelve, in their order."""
    makers: tuple[Callable[[Known], Point], ...] = (
        *(_claim, _texts, _way, _confirmation, _duplicates, _abuse),
        *(_residence, _pack, _sample, _retention, _software, _signed),
    )
    return [make(known) for make in makers]


def _claim(known: Known) -> Point:
    _ = known.about.speech.gettext
    return Point(
        _("What was counted, and what is not claimed"),
        (
            _(
                "One signature for each petition and mailbox was counted, once the owner of the "
                "mailbox had confirmed it."
            ),
            _(
                "Nobody’s identity, age, nationality or residence was checked. A mailbox is not a "
                "person: somebody may have several, and a name is what they typed."
            ),
        ),
    )


def _texts(known: Known) -> Point:
    _, weeks = known.about.speech.gettext, sorted(known.counted.totals.weeks)
    between = _(
        "Confirmed from the week %(first)s to the week %(last)s (ISO 8601). All times are UTC."
    ) % {
        "first": known.about.apart(weeks[0]) if weeks else "–",
        "last": known.about.apart(weeks[-1]) if weeks else "–",
    }
    exact = _("The texts are in the pack, exactly as they were when they were signed.")
    each = ((name, known.about.count(number)) for name, number in _by_name(known.counted.signed))
    return Point(_("What was signed, and when"), (exact, between), tuple(each))


def _by_name(signed: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(signed.items())


def _way(known: Known) -> Point:
    _, figures, count = known.about.speech.gettext, known.figures, known.about.count
    rows = (
        (_("Begun, and never confirmed: deleted"), figures.never_confirmed),
        (_("Begun, and still to be confirmed"), figures.waiting),
        (_("Confirmed, and held back until somebody has looked"), figures.on_hold),
        (_("Withdrawn by their owners"), figures.withdrawn),
        (_("Erased by their owners after they were confirmed"), figures.erased),
        (_("Struck as not genuine"), figures.invalidated),
        (_("In this pack"), known.counted.totals.signatures),
    )
    return Point(
        _("From the form to the pack"),
        (
            _(
                "But for the last figure, these are of the whole petition at the moment when the "
                "pack was made, whatever its last day is."
            ),
            _(
                "Why one was struck is noted in words and not by kind: how many for which reason "
                "was not measured."
            ),
        ),
        tuple((label, count(number)) for label, number in rows),
    )


def _confirmation(known: Known) -> Point:
    _, days = known.about.speech.gettext, KEEP_UNCONFIRMED.days
    return Point(
        _("How a signature was confirmed"),
        (
            _(
                "By pressing a button on our page, behind a link that only the mailbox got. "
                "Opening the link confirms nothing: programs that look through mail open links."
            ),
            known.about.speech.ngettext(
                "What is not confirmed within %(num)s day is deleted.",
                "What is not confirmed within %(num)s days is deleted.",
                days,
            )
            % {"num": days},
            _("How long people took to confirm was not measured."),
        ),
    )


def _duplicates(known: Known) -> Point:
    _ = known.about.speech.gettext
    return Point(
        _("Signatures that came twice"),
        (
            _(
                "A mailbox has one signature, which the database enforces. Capitals make no other "
                "mailbox, nor does what follows a plus sign; at Gmail dots do not either."
            ),
            _(
                "How many came twice was not measured: whoever signs again gets the same answer "
                "as anybody. People with several mailboxes were not looked for."
            ),
        ),
    )


def _abuse(known: Known) -> Point:
    _, held = known.about.speech.gettext, known.figures.held
    by_program = sum(held.get(cause, 0) for cause in OF_A_PROGRAM)
    rows = (
        (_("Held: sent as programs do"), by_program),
        (_("Held: many from one network"), held.get(HoldCause.NETWORK, 0)),
        (_("Held: many from one small mail domain"), held.get(HoldCause.MAIL_DOMAIN, 0)),
    )
    return Point(
        _("Programs and floods"),
        (
            _(
                "A form that a program seems to have sent, and forms that come in numbers from "
                "one network or one small mail domain, wait for a person. Only what that person "
                "accepts is counted."
            ),
            _(
                "The shares of large mail domains, of throw-away addresses and of networks were "
                "not measured: networks are not kept. Erased signatures are in no figure here."
            ),
        ),
        tuple((label, known.about.count(number)) for label, number in rows),
    )


def _residence(known: Known) -> Point:
    _ = known.about.speech.gettext
    words = [_("The country is what people said, and was not checked.")]
    if known.about.asks_for_areas:
        words.append(_("So is the postcode. The pack counts its area and does not hold it."))
    return Point(_("Where people live"), tuple(words))


def _pack(known: Known) -> Point:
    _, about, tree = known.about.speech.gettext, known.about, known.counted.tree
    at = known.cut_off.astimezone(UTC)
    clock = about.apart(f"{at:%H:%M:%S} UTC")
    return Point(
        _("Which pack this is"),
        (
            _(
                "manifest.json has the SHA-256 of every file, and is signed under the key below. "
                "The root is that of a Merkle tree (RFC 6962) over the rows of signatures.jsonl."
            ),
        ),
        (
            (_("Confirmed before"), listed([about.day(at.date()), clock], about.language)),
            (_("Rows in the tree"), about.count(tree.size)),
        ),
        (
            (_("Root"), tuple(grouped(tree.root))),
            (_("Public key"), (about.key.line,)),
            (_("Its ID"), (about.key.shown_id,)),
        ),
    )


def _sample(known: Known) -> Point:
    _, about, size = known.about.speech.gettext, known.about, known.counted.totals.signatures
    return Point(
        _("How to check a sample"),
        (
            _(
                "Choose any words as a seed, after you have the root, and send them to us. Row k "
                "of the sample, from 0 on, is SHA-256(seed, k) modulo the number of rows; a row "
                "that was drawn before is skipped. docs/delivery-pack.md of the software says it "
                "to the byte."
            ),
            _(
                "We return each of these rows with the proof that it is under the root. Tell us "
                "which you find valid, invalid or double."
            ),
        ),
        (
            (
                _("Usual size: %(least)s rows or three per cent, whichever is more")
                % {"least": LEAST_SAMPLE},
                about.count(usual_size(size)),
            ),
        ),
    )


def _retention(known: Known) -> Point:
    _, about = known.about.speech.gettext, known.about
    told = {
        Tier.NAMES: _("People were told that the recipient gets their name and country."),
        Tier.COUNTS: _("The recipient gets countries, and nobody’s name."),
    }[about.tier]
    kept = _("We keep a signature until its owner erases it, or the campaign ends it.")
    where = _("Questions and complaints: %(contact)s. Who sees what, and for how long: %(url)s") % {
        "contact": about.contact,
        "url": f"{about.site.url.partition('://')[2]}/{about.language}/privacy",
    }
    return Point(_("Who has the data, and for how long"), (told, kept, where))


def _software(known: Known) -> Point:
    _ = known.about.speech.gettext
    words = _(
        "The pack was made by %(software)s. Which commit of its source was installed is not known."
    ) % {"software": known.software}
    return Point(_("The software"), (words,))


def _signed(known: Known) -> Point:
    _ = known.about.speech.gettext
    words = _("%(organisation)s answers for this statement.") % {
        "organisation": known.about.organisation
    }
    return Point(_("Who signs for it"), (words,))
