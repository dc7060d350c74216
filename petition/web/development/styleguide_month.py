"""What the styleguide shows of the month: gaps, events, days, reports, partners."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from petition.campaigns.events import EventState
from petition.deliveries.answer_clock import AnswerState
from petition.deliveries.striking.offices import Has
from petition.gaps.models import GapStatus
from petition.recipients.jurisdictions import Jurisdiction
from petition.web.public.deliveries.delivery_page import DeliveryLine, Entry, Exhibit, Title
from petition.web.public.month.day_calendar import CalendarDay, DayCalendar, Mark
from petition.web.public.month.event_page import EventLine, LocalTime
from petition.web.public.month.gap_matrix import MatrixCell, MatrixRow
from petition.web.public.month.gaps import Change, StandingLine
from petition.web.public.month.partners import PartnerLine
from petition.web.public.month.report_page import ReportLine
from petition.web.public.month.reports import Cited
from petition.web.public.petitions.signed_petition import HandedTo
from petition.web.site.assets import asset
from petition.web.words.jurisdictions import jurisdiction_name, jurisdiction_short, status_words

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = AT.date()
SUMMARY = "What it is about, in a sentence or two that need a second line."


def month_examples() -> dict[str, Any]:
    """Return what the templates of the styleguide show of the month."""
    return {
        "matrix": [_row(1, None), _row(2, GapStatus.GAP)],
        "standings": [_standing(None), *(_standing(status) for status in GapStatus)],
        "changes": [
            Change(DAY, "Canada", GapStatus.GAP, GapStatus.PARTIAL, "Something was done."),
            Change(DAY, "Canada", GapStatus.PARTIAL, GapStatus.GAP, "It was undone."),
        ],
        "event_lines": [
            *(_event(state, is_past=past) for state in EventState for past in (False, True)),
            _event(EventState.PLANNED, is_on=True),
        ],
        "times": [LocalTime("Washington", "Fri 20 Nov", "7:00 am")] * 4,
        "starts_at": AT,
        "calendar": _calendar(),
        "report_lines": [ReportLine("A report", SUMMARY, "en", "ltr", "#", "Somebody", AT)],
        "delivery_lines": [_delivery(state) for state in AnswerState],
        "delivery_entries": [_step("Handed over"), _step("Answered"), _step("Closed")],
        "delivery_files": [_exhibit(is_picture=True), _exhibit(is_picture=False)],
        "moments": {"whole-day": "{date} (UTC)"},
        "handed": [_handed(has) for has in Has],
        "cited": Cited(
            ["Somebody", "Somebody else"], "A report", 2026, "https://example.org/report"
        ),
        "partners": [
            PartnerLine("With a site", "Leads the campaign", "#", "Canada"),
            PartnerLine("Without one", "Writes " * 20, None, "Belgium"),
        ],
    }


def _row(number: int, first: GapStatus | None) -> MatrixRow:
    statuses = [first, *list(GapStatus)[1:]]
    cells = [
        MatrixCell(
            jurisdiction=jurisdiction_name(jurisdiction),
            short=jurisdiction_short(jurisdiction),
            url="#",
            status=status,
            words=status_words(status) if status else "",
            as_of=DAY if status else None,
        )
        for jurisdiction, status in zip(Jurisdiction, statuses, strict=True)
    ]
    return MatrixRow(f"GAP-0{number}", "Something left undone", SUMMARY, "en", "ltr", "#", cells)


def _standing(status: GapStatus | None) -> StandingLine:
    return StandingLine(
        code=f"example-{status or 'none'}",
        jurisdiction="Canada",
        status=status,
        as_of=DAY if status else None,
        because="Because of what a source says.",
        source="A source",
        source_url="#" if status == GapStatus.GAP else None,
        ask="Do something about it." if status != GapStatus.ACTED else "",
    )


def _delivery(state: AnswerState) -> DeliveryLine:
    return DeliveryLine(
        url="#",
        office="Minister of Foreign Affairs",
        country="Canada",
        signatures="1,243 signatures",
        day=DAY,
        state=state,
        answer=f"As it is: {state}",
        petition=Title("A petition", "en", "ltr", "#"),
    )


def _handed(has: Has) -> HandedTo:
    answer = "No answer yet; we asked for one by 20 December 2026"
    asked_on = DAY if has is Has.COUNTRY else None
    return HandedTo("Foreign Secretary", "United Kingdom", "#", DAY, has, answer, asked_on)


def _exhibit(*, is_picture: bool) -> Exhibit:
    return Exhibit(
        url="#",
        small_url=asset("img/favicon.svg"),
        is_picture=is_picture,
        about="Three people hand a box to a clerk" if is_picture else "The receipt",
        credit="Sample Coalition",
        what="Picture, 240 KB" if is_picture else "PDF, 2 pages, 130 KB",
        width=320,
        height=240,
    )


def _step(title: str) -> Entry:
    is_answer = title == "Answered"
    return Entry(
        title=title,
        day=DAY,
        facts=(("Where", "Ottawa"), ("To whom", "An office")) if title == "Handed over" else (),
        words=SUMMARY,
        lang="en",
        dir="ltr",
        is_answer=is_answer,
        source_url="https://example.org/answer" if is_answer else None,
        retracted_on=DAY if title == "Closed" else None,
    )


def _event(state: EventState, *, is_past: bool = False, is_on: bool = False) -> EventLine:
    return EventLine(
        title="A panel about something",
        summary=SUMMARY,
        lang="en",
        dir="ltr",
        url="#",
        starts_at=AT,
        ends_at=AT + timedelta(hours=1),
        day="Friday, 20 November 2026",
        clock="7:00 am–8:00 am",
        ends_clock="8:00 am",
        place="Washington",
        where="1 Example Street" if is_on else None,
        host="Sample Coalition",
        state=state,
        is_past=is_past,
        is_on=is_on,
    )


def _calendar() -> DayCalendar:
    first = date(2026, 11, 16)
    marks = {0: [Mark("Something to remember", None)], 3: [Mark("A panel", "#", "en")]}
    days = [
        CalendarDay(first + timedelta(days=n), n < 12, n == 0, marks.get(n, [])) for n in range(14)
    ]
    names = [(f"{day.day:%a}"[:2], f"{day.day:%A}") for day in days[:7]]
    return DayCalendar(weekdays=names, weeks=[days[:7], days[7:]])
