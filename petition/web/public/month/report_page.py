"""What pages show of a report."""

import datetime
from dataclasses import dataclass

from flask import url_for

from petition.campaigns.reports import Report
from petition.core.i18n import text_direction
from petition.web.site.formats import listed
from petition.web.site.languages import present_language


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as an entry in a list."""

    title: str
    summary: str
    lang: str
    dir: str
    url: str
    authors: str
    published_at: datetime.datetime


def report_line(report: Report) -> ReportLine:
    """Return the entry of a report."""
    text = report.text_in(present_language())
    return ReportLine(
        title=text.title,
        summary=text.summary,
        lang=text.language,
        dir=text_direction(text.language),
        url=url_for("public.month.reports.show", lang=present_language(), slug=report.slug),
        authors=listed(report.authors),
        published_at=report.published_at,
    )
