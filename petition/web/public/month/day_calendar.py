"""The days of a campaign, week by week, with what each of them stands for."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from babel.dates import format_date

from petition.campaigns.events import Event
from petition.campaigns.models import Campaign
from petition.core.i18n import writing_locale
from petition.web.public.month.event_page import event_url
from petition.web.site.languages import present_language
from petition.web.words.translated import in_language

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a day stands for."""

    words: str
    url: str | None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day; outside the campaign it has no marks."""

    day: datetime.date
    is_within: bool
    opens_month: bool
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """A campaign's days as rows of weeks, and the marked ones as a list."""

    weekdays: list[tuple[str, str]]
    """Short and full name of each, Monday first."""
    weeks: list[list[CalendarDay]]

    @property
    def marked(self) -> list[CalendarDay]:
        """The days that stand for something, in their order."""
        return [day for week in self.weeks for day in week if day.marks]


def day_calendar(campaign: Campaign, events: list[Event]) -> DayCalendar:
    """Return the calendar of a campaign; an event stands on its day where it is held."""
    marks = _marks(campaign, events)
    first = campaign.starts_on - campaign.starts_on.weekday() * DAY
    last = campaign.ends_on + (6 - campaign.ends_on.weekday()) * DAY
    days = [first + number * DAY for number in range((last - first).days + 1)]
    shown = [_day(day, campaign, marks) for day in days]
    return DayCalendar(
        weekdays=[(_name(day, "EEEEEE"), _name(day, "EEEE")) for day in days[:7]],
        weeks=[shown[start : start + 7] for start in range(0, len(shown), 7)],
    )


def _marks(campaign: Campaign, events: list[Event]) -> dict[datetime.date, list[Mark]]:
    marks: dict[datetime.date, list[Mark]] = defaultdict(list)
    for marked in campaign.days:
        marks[marked.day].append(Mark(in_language(marked.words), None))
    for event in events:
        if not event.is_cancelled:
            text = event.text_in(present_language())
            day = event.starts_at.astimezone(event.zone).date()
            marks[day].append(Mark(text.title, event_url(event), text.language))
    return marks


def _day(
    day: datetime.date, campaign: Campaign, marks: dict[datetime.date, list[Mark]]
) -> CalendarDay:
    is_within = campaign.starts_on <= day <= campaign.ends_on
    return CalendarDay(
        day=day,
        is_within=is_within,
        opens_month=day.day == 1 or day == campaign.starts_on,
        marks=marks.get(day, []) if is_within else [],
    )


def _name(day: datetime.date, pattern: str) -> str:
    return str(format_date(day, pattern, locale=writing_locale(present_language())))
