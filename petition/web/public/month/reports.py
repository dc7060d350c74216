"""The reports: a list, a page for each, its files and its one-pagers.

Before its embargo ends, nothing of a report is there.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from petition.campaigns.queries import present_campaign
from petition.campaigns.reports import Report, ReportBrief, ReportFile, report_out, reports_out
from petition.core.clock import now
from petition.core.i18n import text_direction, written_for
from petition.gaps.models import GapText
from petition.petitions.markdown import to_html
from petition.recipients.jurisdictions import Jurisdiction
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.public.month.event_page import language_names
from petition.web.public.month.report_page import ReportLine, report_line
from petition.web.site.settings import settings
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint("reports", __name__)
FILE_CACHE = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file to download."""

    url: str
    language: str
    kind: str
    kilobytes: int


@dataclass(frozen=True, slots=True)
class BriefLine:
    """What a report says to one government."""

    jurisdiction: str
    url: str
    lang: str
    dir: str
    body: Markup


@dataclass(frozen=True, slots=True)
class Cited:
    """What names a page of a report to those who quote it."""

    authors: list[str]
    title: str
    year: int
    url: str


@blueprint.get("/reports/")
def index(lang: str) -> ResponseReturnValue:
    """List the reports that are out."""
    return cached_page(("reports", lang), _render_index)


def _render_index() -> str:
    return rendered("public/month/reports/index.html", reports=_lines())


@part
def _lines() -> list[ReportLine]:
    campaign = present_campaign(now().date())
    found = reports_out(campaign.id, now()) if campaign else []
    return [report_line(report) for report in found]


def report_or_404(slug: str) -> Report:
    """Return the report at `slug` once it is out, or answer 404."""
    report = report_out(slug, now())
    if report is None or not report.texts:
        abort(404)
    return report


@blueprint.get("/reports/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show what a report says, and where to get the whole of it."""
    return cached_page(("report", lang, slug), lambda: _render(report_or_404(slug), lang))


def _render(report: Report, lang: str) -> str:
    text = report.text_in(lang)
    return render_template(
        "public/month/reports/show.html",
        line=report_line(report),
        text=text,
        text_dir=text_direction(text.language),
        body=to_html(text.body),
        files=[_file_line(report, file, lang) for file in report.files],
        briefs=[_brief_line(report, brief, lang) for brief in _briefs(report, lang)],
        gaps=_gaps(report, lang),
        cited=_cited(report, text.title, url_for(".show", lang=lang, slug=report.slug)),
    )


def _cited(report: Report, title: str, path: str) -> Cited:
    return Cited(report.authors, title, report.published_at.year, settings().url + path)


def _gaps(report: Report, lang: str) -> list[tuple[str, GapText, str]]:
    return [(gap.reference, gap.text_in(lang), gap.slug) for gap in report.gaps]


def _file_line(report: Report, file: ReportFile, lang: str) -> FileLine:
    return FileLine(
        url=url_for(".download", lang=lang, slug=report.slug, name=file.name),
        language=language_names([file.language])[0],
        kind=file.name.rpartition(".")[2].upper(),
        kilobytes=-(-file.size // 1000),
    )


def _briefs(report: Report, lang: str) -> list[ReportBrief]:
    """Return one brief for each jurisdiction, in the reader's language where there is one."""
    found = []
    for jurisdiction in Jurisdiction:
        written = {b.language: b for b in report.briefs if b.jurisdiction == jurisdiction}
        if brief := written_for(lang, written):
            found.append(brief)
    return found


def _brief_line(report: Report, brief: ReportBrief, lang: str) -> BriefLine:
    code = brief.jurisdiction.value.lower()
    return BriefLine(
        jurisdiction=jurisdiction_name(brief.jurisdiction),
        url=url_for(".brief", lang=lang, slug=report.slug, code=code),
        lang=brief.language,
        dir=text_direction(brief.language),
        body=to_html(brief.body),
    )


@blueprint.get("/reports/<slug:slug>/for/<any(us,ca,gb,eu):code>")
def brief(lang: str, slug: str, code: str) -> ResponseReturnValue:
    """Show what a report says to one government, on one page."""
    return cached_page(("brief", lang, slug, code), lambda: _render_brief(slug, code, lang))


def _render_brief(slug: str, code: str, lang: str) -> str:
    report = report_or_404(slug)
    briefs = _briefs(report, lang)
    wanted = next((one for one in briefs if one.jurisdiction.value.lower() == code), None)
    if wanted is None:
        abort(404)
    line, brief = report_line(report), _brief_line(report, wanted, lang)
    title = _("%(reference)s: %(title)s", reference=line.title, title=brief.jurisdiction)
    return render_template(
        "public/month/reports/brief.html",
        line=line,
        brief=brief,
        title=title,
        others=[_brief_line(report, one, lang) for one in briefs if one is not wanted],
        gaps=_gaps(report, lang),
        cited=_cited(report, title, brief.url),
    )


@blueprint.get("/reports/<slug:slug>/files/<name>")
def download(lang: str, slug: str, name: str) -> ResponseReturnValue:
    """Hand out a file of a report."""
    report = report_or_404(slug)
    file = next((file for file in report.files if file.name == name), None)
    if file is None:
        abort(404)
    answer = Response(mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    answer.headers["Cache-Control"] = FILE_CACHE
    answer.set_etag(file.sha256)
    if not request.if_none_match.contains(file.sha256):
        answer.data = file.content
    return answer.make_conditional(request)
