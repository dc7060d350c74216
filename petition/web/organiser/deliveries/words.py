"""What organisers read of deliveries, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from petition.deliveries.answer_clock import AnswerClock, AnswerState
from petition.deliveries.models import StepKind
from petition.deliveries.steps import DayFault
from petition.web.site.formats import long_date


def kind_words() -> dict[StepKind, str]:
    """Return what each step is called once it is done."""
    return {
        StepKind.PLANNED: _("Planned"),
        StepKind.PACKED: _("Packed"),
        StepKind.HANDED_OVER: _("Handed over"),
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
        StepKind.RETRACTED: _("Taken back"),
    }


def act_words() -> dict[StepKind, str]:
    """Return what one does to record each step."""
    return {
        StepKind.PACKED: _("Note that it is packed"),
        StepKind.HANDED_OVER: _("Record the hand-over"),
        StepKind.ANSWERED: _("Record an answer"),
        StepKind.CLOSED: _("Close the delivery"),
        StepKind.RETRACTED: _("Take the last entry back"),
    }


def done_words() -> dict[StepKind, str]:
    """Return what is said once a step is recorded."""
    return {
        StepKind.PACKED: _("It is noted that the delivery is packed."),
        StepKind.HANDED_OVER: _("The hand-over is recorded, and the public can read of it."),
        StepKind.ANSWERED: _("The answer is recorded, and the public can read it."),
        StepKind.CLOSED: _("The delivery is closed."),
        StepKind.RETRACTED: _("The entry is taken back. It stays in the record, with your reason."),
    }


def lead_words() -> dict[StepKind, str]:
    """Return what each step is about, above its form."""
    public = _("Everything here but your own note is for the public. Name nobody who has signed.")
    return {
        StepKind.PACKED: _("What is to be handed over is ready. The public does not read this."),
        StepKind.HANDED_OVER: public,
        StepKind.ANSWERED: public,
        StepKind.CLOSED: _(
            "Nothing more is expected. If the delivery was handed over, the public reads that it "
            "is closed, and what you write here."
        ),
        StepKind.RETRACTED: _(
            "An entry is never changed. Taken back, it no longer counts, and you can record it "
            "anew. The public reads no more of it than its day and your reason."
        ),
    }


def day_fault_words(fault: DayFault) -> str:
    """Return what is wrong with a day."""
    return {
        DayFault.TO_COME: _("The day is still to come; enter when it has happened"),
        DayFault.BEFORE_THE_LAST: _("The day is before the last entry’s"),
        DayFault.BEFORE_THE_PETITION: _("The day is before the petition’s first; check the year"),
    }[fault]


def clock_words(clock: AnswerClock) -> str:
    """Return how it stands with the answer."""
    if clock.state is AnswerState.WAITING:
        return _("Expected by %(day)s", day=long_date(clock.due_on))
    if clock.state is AnswerState.OVERDUE:
        return ngettext("None after %(num)s day", "None after %(num)s days", clock.days)
    if clock.state is AnswerState.ANSWERED:
        if clock.days == 0:
            return _("The same day")
        return ngettext("After %(num)s day", "After %(num)s days", clock.days)
    return _("None")
