"""Which records an office is to strike: their signers left after the hand-over; and a notice."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms.validators import ValidationError

from petition.core.clock import now
from petition.core.storage.database import session as rows
from petition.core.storage.database import transaction
from petition.deliveries.models import Delivery
from petition.deliveries.pack.queries import numbers_of
from petition.deliveries.queries import delivery_by_number, delivery_to_change
from petition.deliveries.steps import EARLY_ELSEWHERE
from petition.deliveries.striking.actions import note_sent
from petition.deliveries.striking.models import Sent
from petition.deliveries.striking.notice import notice_of
from petition.deliveries.striking.withdrawals import Withdrawals, withdrawals_of
from petition.organisers.queries import names_of
from petition.recipients.models import Recipient
from petition.signatures.models import RemovalCause
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import LongTextField, TextField, answered, at_most, plain_text
from petition.web.organiser.deliveries.forms import day_field
from petition.web.organiser.deliveries.listing import row_of
from petition.web.organiser.door import session
from petition.web.organiser.door.filter_fields import DayField
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.formats import long_date

LONGEST_LIST = 20_000
BETWEEN = re.compile(r"[,\s]+")
NUMBER = re.compile(r"[0-9]{1,9}")
blueprint = Blueprint("withdrawals", __name__, url_prefix="/deliveries/<number:number>/withdrawals")


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


def _who(label: Any, missing: Any) -> TextField:
    return TextField(
        label=label,
        validators=[answered(missing), at_most(200), plain_text()],
        render_kw={"dir": "auto"},
    )


class NoticeForm(BoundedForm):
    """When a notice was sent, to whom and by whom, and which records it named."""

    day = day_field(lazy("Day on which it was sent"))
    to_whom = _who(lazy("To whom"), lambda: _("Say to whom"))
    by_whom = _who(lazy("By whom"), lambda: _("Say by whom"))
    records = LongTextField(
        label=lazy("Records that it named"),
        description=lazy(
            "As the notice above has them now. Take out those that yours did not have: whoever "
            "left after you sent it."
        ),
        validators=[
            answered(lambda: _("Enter the numbers of the records")),
            at_most(LONGEST_LIST),
            plain_text(lines=True),
        ],
        render_kw={"rows": 2, "dir": "ltr", "inputmode": "numeric"},
    )

    def __init__(self, about: Withdrawals, **kwargs: Any) -> None:
        self.about = about
        super().__init__(**kwargs)

    def validate_day(self, field: DayField) -> None:
        """Refuse a day to come, and one from before the hand-over."""
        if not field.data:
            return
        if field.data > now().date() + EARLY_ELSEWHERE:
            raise ValidationError(_("The day is still to come; enter when it was sent"))
        if field.data < self.about.handed_over.day:
            raise ValidationError(_("The day is before the hand-over"))

    def validate_records(self, field: LongTextField) -> None:
        """Refuse what is no number, no record to strike, or of somebody who left later."""
        left = {one.record: one for one in self.about.open}
        if not self._words():
            raise ValidationError(_("Enter the numbers of the records"))
        for word in self._words():
            if not NUMBER.fullmatch(word):
                raise ValidationError(_("Enter the numbers with commas between them, like 3, 14"))
            one = left.get(int(word))
            if one is None:
                raise ValidationError(
                    _("Record %(number)s is none of which the office has to be told", number=word)
                )
            if not self.day.errors and self.day.data and one.day > self.day.data + EARLY_ELSEWHERE:
                raise ValidationError(
                    _(
                        "Whoever is record %(number)s left on %(day)s, after the notice was sent",
                        number=word,
                        day=long_date(one.day),
                    )
                )

    def to_records(self) -> list[int]:
        """Return the numbers of the records."""
        return [int(word) for word in self._words()]

    def to_sent(self) -> Sent:
        """Return between whom it went."""
        return Sent(self.to_whom.data or "", self.by_whom.data or "")

    def _words(self) -> list[str]:
        return [word for word in BETWEEN.split(self.records.data or "") if word]


def _likely(about: Withdrawals) -> dict[str, Any]:
    """Return what a notice sent today would have been."""
    return {"day": now().date(), "records": ", ".join(str(one.record) for one in about.next)}


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice that was sent."""

    day: date
    records: str
    to_whom: str
    by_whom: str
    recorded_at: datetime
    who: str


@blueprint.get("")
def show(number: int) -> ResponseReturnValue:
    """Show which records are to be struck, the notice for the office, and those sent before."""
    delivery, found = _found_or_404(number)
    return _page(delivery, found, NoticeForm(found, formdata=None, data=_likely(found)))


@blueprint.post("")
def record(number: int) -> ResponseReturnValue:
    """Record that a notice was sent."""
    delivery, found = _found_or_404(number)
    form = NoticeForm(found)
    if not form.validate_on_submit():
        return _page(delivery, found, form), 422
    with transaction():
        locked = delivery_to_change(number)
        about = withdrawals_of(locked) if locked else None
        records = form.to_records()
        if about is None or not set(records) <= {one.record for one in about.open}:
            flash(_("Something else was recorded meanwhile. Look here, then go on."), "error")
            return _to_page(number)
        said, who = form.to_sent(), session.present().organiser.id
        note_sent(about, records, form.day.data, said, who, now())
    flash(_("It is recorded that the notice was sent, and the public can read of it."), "success")
    return _to_page(number)


def _found_or_404(number: int) -> tuple[Delivery, Withdrawals]:
    delivery = delivery_by_number(number) or abort(404)
    return delivery, withdrawals_of(delivery) or abort(404)


def _to_page(number: int) -> ResponseReturnValue:
    return redirect(url_for("organiser.deliveries.withdrawals.show", number=number), 303)


def _page(delivery: Delivery, found: Withdrawals, form: NoticeForm) -> str:
    office, causes = rows.get_one(Recipient, delivery.recipient_id), cause_words()
    letter = notice_of(delivery, found, office.language) if found.open else None
    return render_template(
        "organiser/deliveries/withdrawals/show.html",
        delivery=row_of(delivery, title_of(delivery.petition)),
        pack=numbers_of(delivery.id)[found.pack.id],
        lines=[StruckLine(one.record, causes[one.cause], one.day) for one in found.open],
        letter=letter,
        height=_height(letter.text) if letter else 0,
        left=len(found.records),
        more=len(found.open) - len(found.next),
        notices=_notice_lines(found),
        form=form,
    )


def _height(text: str) -> int:
    """Return how many lines a text takes where the browser does not measure that itself."""
    return sum(max(1, math.ceil(len(line) / 70)) for line in text.splitlines()) + 1


def _notice_lines(found: Withdrawals) -> list[NoticeLine]:
    names = names_of(notice.organiser_id for notice in found.notices)
    return [
        NoticeLine(
            notice.sent_on,
            ", ".join(map(str, notice.records)),
            notice.sent.to_whom,
            notice.sent.by_whom,
            notice.recorded_at,
            names[notice.organiser_id],
        )
        for notice in found.notices
    ]
