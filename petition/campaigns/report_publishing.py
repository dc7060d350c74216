"""Publishing reports: what did not change stays the row that it was, its files too."""

import hashlib
import mimetypes
from collections.abc import Mapping
from datetime import UTC

from sqlalchemy import delete, insert, select

from petition.campaigns.models import Campaign
from petition.campaigns.report_drafts import ReportDraft, ReportFileDraft
from petition.campaigns.reports import Report, ReportBrief, ReportFile, ReportText, report_gap
from petition.core.storage.database import session
from petition.core.storage.merging import bring_in_line, bring_texts_in_line, set_changed
from petition.gaps.models import Gap


def publish(draft: ReportDraft, campaign: Campaign, gaps: Mapping[str, Gap]) -> Report:
    """Bring a report in line with its draft, which has passed its checks."""
    report = session.scalar(select(Report).where(Report.slug == draft.slug))
    if report is None:
        report = Report(slug=draft.slug, campaign_id=campaign.id)
        session.add(report)
    published_at = draft.published_at.astimezone(UTC)
    set_changed(report, {"published_at": published_at, "authors": list(draft.authors)})
    session.flush()
    bring_texts_in_line(report.texts, draft.text, ReportText)
    _set_files(report, draft)
    _set_gaps(report, [gaps[slug] for slug in dict.fromkeys(draft.gaps)])
    return report


def _set_files(report: Report, draft: ReportDraft) -> None:
    bring_in_line(
        report.files,
        {one.file.name: _file_values(one) for one in draft.files},
        lambda file: file.name,
        ReportFile,
    )
    bring_in_line(
        report.briefs,
        {
            (one.jurisdiction, one.language): {
                "jurisdiction": one.jurisdiction,
                "language": one.language,
                "body": one.body,
            }
            for one in draft.briefs
        },
        lambda brief: (brief.jurisdiction, brief.language),
        ReportBrief,
    )


def _file_values(one: ReportFileDraft) -> dict[str, object]:
    return {
        "language": one.language,
        "name": one.file.name,
        "media_type": mimetypes.guess_type(one.file.name)[0] or "application/octet-stream",
        "size": len(one.file.content),
        "sha256": hashlib.sha256(one.file.content).hexdigest(),
        "content": one.file.content,
    }


def _set_gaps(report: Report, about: list[Gap]) -> None:
    session.execute(delete(report_gap).where(report_gap.c.report_id == report.id))
    rows = [
        {"report_id": report.id, "gap_id": gap.id, "position": position}
        for position, gap in enumerate(about)
    ]
    if rows:
        session.execute(insert(report_gap), rows)
    session.expire(report, ["gaps"])
