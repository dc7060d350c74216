"""The letters of one letter campaign that wait for a person, or were stopped: what is decided."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.core.storage.database import transaction
from petition.letters import decisions
from petition.letters.decisions import Decision, TooLate
from petition.letters.desk.numbers import numbers_of
from petition.letters.desk.waiting import (
    Wait,
    WaitingLetter,
    count_stopped,
    count_waiting,
    letter_to_decide,
    waiting_letters,
)
from petition.letters.letter.mailing import mail_at_last
from petition.organisers.permissions import Permission, may
from petition.organisers.queries import names_of
from petition.web.organiser.door import session
from petition.web.organiser.door.hold_words import hold_words
from petition.web.organiser.door.noting import note, note_look
from petition.web.organiser.door.paging import PLACE, ListPage, by_number, kept, requested
from petition.web.organiser.letters.campaigns import head_of, letter_campaign_or_404
from petition.web.organiser.letters.words import (
    accepted,
    decided,
    offered,
    state_labels,
    wait_labels,
)
from petition.web.site.letterhead import letterhead

blueprint = Blueprint("waiting", __name__, url_prefix="/letters/<slug:slug>/waiting")


def _asked_wait() -> Wait | None:
    asked = request.args.get("wait", "")
    return Wait(asked) if asked in set(Wait) else None


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """List the letters that wait, the newest first, or those that were stopped."""
    found, wait = letter_campaign_or_404(slug), _asked_wait()
    reads = may(session.present().organiser.role, Permission.READ_LETTERS)
    page = waiting_letters(found.id, wait, requested(), with_words=reads)
    read = sum(letter.written is not None for letter in page.rows)
    if read:
        note_look(Act.LETTERS_READ, letter_campaign=slug, rows=read)

    def address(**values: Any) -> str:
        return url_for(".index", slug=slug, **values)

    return render_template(
        "organiser/letters/waiting/index.html",
        letter=head_of(found, {}),
        page=ListPage.of(page, wait=wait),
        wait=wait,
        kinds=[(address(wait=one), one, n) for one, n in _counted(found.id).items()],
        everything=address(),
        decide=by_number(".decide", slug=slug, **kept("wait", *PLACE)),
        names=_names(page.rows),
        words=_words(),
    )


def _counted(letter_campaign_id: int) -> dict[Wait, int]:
    waiting = count_waiting(numbers_of(letter_campaign_id))
    if not waiting[Wait.UNMAILED]:
        del waiting[Wait.UNMAILED]  # rare, and of no use to look for
    return {**waiting, Wait.STOPPED: count_stopped(letter_campaign_id)}


def _names(letters: list[WaitingLetter]) -> dict[int, str]:
    """Return the names of the organisers who had a hand in these letters."""
    deciders = (way.organiser_id for letter in letters for way in letter.ways)
    return names_of(number for number in deciders if number is not None)


def _words() -> dict[str, Any]:
    return {
        "hold_words": hold_words(),
        "wait_labels": wait_labels(),
        "state_labels": state_labels(),
        "offered": offered,
        "text_direction": text_direction,
    }


@blueprint.post("/<number:number>")
def decide(slug: str, number: int) -> ResponseReturnValue:
    """Decide about one letter, unless somebody has done so since it was shown."""
    asked = request.form.get("decision", "")
    if asked not in set(Decision):
        abort(400)
    found, decision = letter_campaign_or_404(slug), Decision(asked)
    try:
        with transaction():
            letter = letter_to_decide(found.id, number, request.form.get("mark", ""))
            if letter is None:
                abort(404)
            decisions.decide(letter, decision, session.present().organiser.id, now())
            was_mailed = mail_at_last(letter, letterhead(letter.language), now())
            note(Act.LETTER_DECIDED, letter_campaign=slug, letter=number, decision=decision)
    except TooLate:
        flash(_too_late(number), "error")
    else:
        said = (decided(decision, number), "success")
        flash(*(said if was_mailed is None else accepted(number, was_mailed=was_mailed)))
    return redirect(url_for(".index", slug=slug, **kept("wait", *PLACE)), 303)


def _too_late(number: int) -> str:
    return _(
        "Nothing was changed: somebody has decided about letter %(n)s since you opened the page, "
        "or it has moved on by itself.",
        n=number,
    )
