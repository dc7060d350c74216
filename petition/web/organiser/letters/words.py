"""What organisers read of letters, in words."""

from flask_babel import gettext as _

from petition.letters.decisions import Decision
from petition.letters.desk.numbers import Count
from petition.letters.desk.waiting import Wait, WaitingLetter
from petition.letters.drafting.own_words import OwnWords
from petition.letters.letter.models import LetterState


def count_labels() -> dict[Count, str]:
    """Return what each number counts, in the order of a letter's way."""
    return {
        Count.AWAITING: _("To confirm"),
        Count.QUEUED: _("Queued"),
        Count.ON_HOLD: _("On hold"),
        Count.SENT: _("Sent"),
        Count.BOUNCED: _("Bounced"),
        Count.FAILED: _("Failed"),
        Count.UNKNOWN: _("Unknown"),
        Count.STOPPED: _("Stopped"),
        Count.SENT_ELSEWHERE: _("Another way"),
    }


def wait_labels() -> dict[Wait, str]:
    """Return why letters wait for a person, or could leave after all."""
    labels = count_labels()
    unmailed = {Wait.UNMAILED: _("Nobody mailed yet")}
    return unmailed | {wait: labels[Count(wait)] for wait in Wait if wait not in unmailed}


def state_labels() -> dict[LetterState, str]:
    """Return each state on a letter's way."""
    return {
        LetterState.DRAFTED: _("Written"),
        LetterState.AWAITING: _("To confirm"),
        LetterState.QUEUED: _("Queued"),
        LetterState.SENDING: _("Being sent"),
        LetterState.SENT: _("Sent"),
        LetterState.BOUNCED: _("Bounced"),
        LetterState.FAILED: _("Failed"),
        LetterState.UNKNOWN: _("Unknown"),
        LetterState.STOPPED: _("Stopped"),
    }


def own_words_labels() -> dict[OwnWords, str]:
    """Return how much of a letter is its writer's own."""
    return {
        OwnWords.TEMPLATE: _("Template only"),
        OwnWords.PARTLY: _("Partly in their own words"),
        OwnWords.CLEARLY: _("Clearly in their own words"),
    }


def offered(letter: WaitingLetter) -> list[tuple[Decision, str]]:
    """Return what can be decided about a letter, each as its button says it."""
    if letter.wait == Wait.UNMAILED:
        return [(Decision.SEND, _("Accept and mail the link"))]
    if letter.wait == Wait.STOPPED:
        return [(Decision.SEND, _("Let it leave after all"))]
    if letter.wait == Wait.ON_HOLD:
        return [(Decision.SEND, _("Let it leave")), (Decision.STOP, _("Stop it"))]
    if letter.wait == Wait.FAILED:
        return [(Decision.SEND, _("Try again"))] if letter.may_leave else []
    again = [(Decision.SEND, _("Send it again"))] if letter.may_leave else []
    return [(Decision.ARRIVED, _("It arrived")), *again, (Decision.STOP, _("Do not send it"))]


def accepted(number: int, *, was_mailed: bool) -> tuple[str, str]:
    """Return what to say of a letter of which nobody was mailed before, and in which tone."""
    if not was_mailed:
        words = _("Letter %(n)s is accepted, but does not open: nobody is mailed.", n=number)
        return words, "error"
    words = _(
        "Letter %(n)s is accepted. Its writer is mailed the link now; once they have pressed the "
        "button there, it leaves in its office’s working hours.",
        n=number,
    )
    return words, "success"


def decided(decision: Decision, number: int) -> str:
    """Return what was decided about the letter with this number."""
    return {
        Decision.ARRIVED: _("Letter %(n)s is noted as sent.", n=number),
        Decision.SEND: _("Letter %(n)s leaves in its office’s working hours.", n=number),
        Decision.STOP: _("Letter %(n)s is stopped. It does not leave.", n=number),
    }[decision]
