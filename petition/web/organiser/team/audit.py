"""The log of who did or looked at what, for owners and auditors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.audit.queries import (
    Filters,
    Listed,
    entries,
    logins_under_attack,
    names_read,
    was_changed,
)
from petition.core.clock import now
from petition.organisers.queries import all_organisers
from petition.web.organiser.door.filter_fields import DayField, FilterForm, ListedField
from petition.web.organiser.door.paging import ListPage, kept, requested
from petition.web.organiser.team.audit_words import about, actor_words, sentence, thing_labels, who

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
FILTERS = ("who", "act", "since", "until")
DAYS = 7
"""How many days the numbers are given for, today included."""


class AuditFilterForm(FilterForm):
    """Which entries to show."""

    who = ListedField(label=lazy("Who"), validators=[Optional()])
    act = ListedField(label=lazy("What"), validators=[Optional()])
    since = DayField(label=lazy("First day (UTC)"), validators=[Optional()])
    until = DayField(label=lazy("Last day (UTC)"), validators=[Optional()])

    def offer(self, names: dict[int, str]) -> None:
        """Fill in the choices; `names` are those of organisers."""
        everything = SelectChoice("", _("All"))
        people = [SelectChoice(str(number), name) for number, name in names.items()]
        others = [SelectChoice(one.value, words) for one, words in actor_words().items()]
        self.who.choices = [everything, *people, *others]
        self.act.choices = [everything, *(SelectChoice(one.value, one.sentence) for one in Act)]

    def validate_until(self, field: DayField) -> None:
        """Refuse a range that ends before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first"))

    def to_filters(self) -> Filters:
        """Return what was chosen; nothing, where the choice makes no sense."""
        if not self.validate():
            return Filters()
        asked = self.who.data or ""
        return Filters(
            actor=Actor(asked) if asked in set(Actor) else None,
            organiser_id=int(asked) if asked.isdigit() else None,
            act=Act(self.act.data) if self.act.data else None,
            since=self.since.data,
            until=self.until.data,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    what: str
    about: list[tuple[str, str]]

    @property
    def when(self) -> str:
        """The moment to the second, in UTC."""
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Reader:
    """How many pages of names an organiser has read on each day, and where they are listed."""

    name: str
    days: list[tuple[date, int, str]]


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List what was done, the newest first, below how much each organiser has read."""
    names = {one.id: one.identity_if_whole.name for one in all_organisers()}
    form = AuditFilterForm(formdata=request.args)
    form.offer(names)
    page = entries(form.to_filters(), requested())
    chosen = kept(*FILTERS)
    shown = render_template(
        "organiser/team/audit/index.html",
        form=form,
        here=url_for(".index"),
        filtered=bool(chosen),
        lines=_lines(page.rows, names),
        page=ListPage.of(page, **chosen),
        readers=_readers(names),
        days=_days(),
        was_changed=was_changed(),
        under_attack=[names.get(number, f"#{number}") for number in logins_under_attack(now())],
    )
    return shown, 422 if form.errors else 200


def _lines(rows: Iterable[Listed], names: dict[int, str]) -> list[Line]:
    labels = thing_labels()
    return [
        Line(row.at, who(row, names), sentence(row.act), about(row, names, labels)) for row in rows
    ]


def _days() -> list[date]:
    today = now().date()
    return [today - timedelta(days=back) for back in reversed(range(DAYS))]


def _readers(names: dict[int, str]) -> list[Reader]:
    days = _days()
    counted = names_read(days[0], days[-1])
    return [
        Reader(names.get(number, f"#{number}"), [_day(number, on, read.get(on, 0)) for on in days])
        for number, read in sorted(counted.items(), key=lambda item: -sum(item[1].values()))
    ]


def _day(organiser_id: int, on: date, count: int) -> tuple[date, int, str]:
    asked: dict[str, Any] = {"who": organiser_id, "act": Act.NAMES_READ, "since": on, "until": on}
    return on, count, url_for(".index", **asked)
