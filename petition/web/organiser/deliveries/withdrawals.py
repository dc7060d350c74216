"""Which records an office is to strike: their signers left after the hand-over; and a notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.storage.database import session as records
from petition.deliveries.queries import delivery_by_number
from petition.deliveries.striking.notice import notice_of
from petition.deliveries.striking.withdrawals import withdrawals_of
from petition.recipients.models import Recipient
from petition.signatures.models import RemovalCause
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.signatures.petitions import title_of

blueprint = Blueprint("withdrawals", __name__)


@dataclass(frozen=True, slots=True)
class StruckLine:
    """One record that is to be struck."""

    record: int
    cause: str
    day: date


def cause_words() -> Mapping[RemovalCause, str]:
    """Return why a signature left."""
    return {
        RemovalCause.WITHDRAWN: _("Withdrawn"),
        RemovalCause.ERASED: _("Erased"),
        RemovalCause.INVALIDATED: _("Invalidated"),
    }


@blueprint.get("/deliveries/<number:number>/withdrawals")
def show(number: int) -> ResponseReturnValue:
    """Show which records are to be struck, and the notice for the office."""
    delivery = delivery_by_number(number) or abort(404)
    found = withdrawals_of(delivery) or abort(404)
    office, causes = records.get_one(Recipient, delivery.recipient_id), cause_words()
    return render_template(
        "organiser/deliveries/withdrawals/show.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        pack=found.pack,
        lines=[StruckLine(one.record, causes[one.cause], one.day) for one in found.records],
        letter=notice_of(delivery, found, office.language) if found.records else None,
    )
