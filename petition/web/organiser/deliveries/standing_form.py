"""How a government stands towards a gap, as its answer to a delivery says."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from petition.core.clock import now
from petition.deliveries.models import Delivery, DeliveryStep
from petition.deliveries.steps import EARLY_ELSEWHERE
from petition.gaps.drafts import StandingDraft, check_next
from petition.gaps.models import Gap, GapStatus, Standing
from petition.recipients.jurisdictions import Jurisdiction
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import LongTextField, TextField, answered, at_most, plain_text
from petition.web.organiser.deliveries.forms import day_field, language_field
from petition.web.organiser.door.address_field import address_field
from petition.web.organiser.door.filter_fields import DayField
from petition.web.site.formats import long_date
from petition.web.words.jurisdictions import status_words

LONGEST_SOURCE = 300
LONGEST_BECAUSE = 1_000


class StandingForm(BoundedForm):
    """The next standing of a gap in the jurisdiction that has answered."""

    status = RadioField(
        label=lazy("How it stands"), validators=[answered(lambda: _("Choose how it stands"))]
    )
    as_of = day_field(lazy("As of"))
    source = TextField(
        label=lazy("Source"),
        description=lazy("What says so, as the public reads it."),
        validators=[answered(lambda: _("Say what says so")), at_most(LONGEST_SOURCE), plain_text()],
        render_kw={"dir": "auto"},
    )
    source_url = address_field(lazy("Where it can be read"))
    because = LongTextField(
        label=lazy("Why"),
        description=lazy("One or two sentences: what the answer says, and nothing it does not."),
        validators=[
            answered(lambda: _("Say why it stands so")),
            at_most(LONGEST_BECAUSE),
            plain_text(),
        ],
        render_kw={"rows": 3, "dir": "auto"},
    )
    language = language_field()

    def __init__(self, gap: Gap, jurisdiction: Jurisdiction, **kwargs: Any) -> None:
        self.gap, self.jurisdiction = gap, jurisdiction
        super().__init__(**kwargs)
        self.status.choices = [SelectChoice(one, status_words(one)) for one in GapStatus]

    @property
    def help(self) -> dict[GapStatus, str]:
        """What each status means."""
        return {
            GapStatus.GAP: _("It has not acted, and the answer changes nothing."),
            GapStatus.PARTIAL: _("It has done a part of what is asked, or binds itself to it."),
            GapStatus.ACTED: _("It has done what is asked. A promise is not an act."),
            GapStatus.DOES_NOT_APPLY: _("Nothing is asked of it here."),
        }

    def validate_as_of(self, field: DayField) -> None:
        """Refuse a day to come, and one of which there is a standing already."""
        if not field.data:
            return
        if field.data > now().date() + EARLY_ELSEWHERE:
            raise ValidationError(_("The day is still to come; enter when it was so"))
        if any(_is_of(one, self.jurisdiction, field.data) for one in self.gap.standings):
            raise ValidationError(
                _("There is a standing as of that day, and it never changes. Choose another day")
            )

    def to_draft(self) -> StandingDraft:
        """Return what was filled in."""
        return StandingDraft(
            jurisdiction=self.jurisdiction,
            status=GapStatus(self.status.data),
            as_of=self.as_of.data,
            source=self.source.data or "",
            because={self.language.data: self.because.data or ""},
            source_url=self.source_url.data or None,
        )

    def fits(self, gap: Gap) -> bool:
        """Whether the standing may be added to a gap, which is locked; else it says beside what."""
        for problem in check_next(self.to_draft(), gap):
            name = str(problem.field[0])
            self[name if name in self else "as_of"].errors = [problem.cause]
        return not self.errors


def _is_of(standing: Any, jurisdiction: Jurisdiction, day: date) -> bool:
    return bool(standing.jurisdiction == jurisdiction and standing.as_of == day)


def likely(delivery: Delivery, answer: DeliveryStep) -> dict[str, Any]:
    """Return what the answer says of a standing already."""
    office = delivery.office_in("en")
    return {
        "as_of": answer.day,
        "source": _("Answer of the %(office)s, %(day)s", office=office, day=long_date(answer.day)),
        "source_url": answer.source_url or "",
        "language": answer.language,
    }


def likely_back(
    delivery: Delivery, answer: DeliveryStep, latest: Standing, before: Standing | None
) -> dict[str, Any]:
    """Return what is so again, as of today, once an answer was taken back on which `latest` rests.

    `before` is how it stood until then. Of a day on which something was set already, no other
    standing can be: then it is the next one.
    """
    day = max(now().date(), latest.as_of + timedelta(days=1))
    office = delivery.office_in("en")
    because = _(
        "What was recorded as the answer of the %(office)s of %(day)s was a mistake. It stands as "
        "it did before.",
        office=office,
        day=long_date(answer.day),
    )
    filled: dict[str, Any] = {"as_of": day, "because": because, "language": "en"}
    if before is not None:
        filled |= {"status": before.status, "source": before.source}
        filled["source_url"] = before.source_url or ""
    return filled
