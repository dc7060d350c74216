"""Load a campaign, its partners, events and reports from a folder."""

import hashlib
import mimetypes
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from petition.campaigns.event_loading import load_event
from petition.campaigns.models import Campaign, CampaignText, MarkedDay, Partner, campaign_gap
from petition.campaigns.reports import Report, ReportBrief, ReportFile, ReportText, report_gap
from petition.core.database import session
from petition.core.folder import Document, read_each
from petition.gaps.loading import gap_named
from petition.gaps.models import Gap
from petition.recipients.jurisdictions import Jurisdiction


def load_campaign(folder: Path, gaps: dict[str, Gap], at: datetime) -> Campaign:
    """Bring a campaign and what it holds in line with its folder. Raises CampaignFolderError."""
    campaign = _load(Document.read(folder / "campaign.toml"))
    _hold_gaps(campaign, gaps)
    if (folder / "partners.toml").exists():
        _load_partners(campaign, Document.read(folder / "partners.toml"))
    read_each(folder / "events", lambda document: load_event(document, campaign, gaps, at))
    read_each(folder / "reports", lambda document: _load_report(document, campaign, gaps))
    return campaign


def _load(document: Document) -> Campaign:
    slug = document.slug()
    campaign = session.scalar(select(Campaign).where(Campaign.slug == slug))
    campaign = campaign or Campaign(slug=slug)
    organisation = Document(document.file, document.need("organisation", dict))
    campaign.organisation = organisation.need("name", str)
    campaign.contact = organisation.need("contact", str)
    campaign.starts_on, campaign.ends_on = document.day("starts_on"), document.day("ends_on")
    if campaign.ends_on < campaign.starts_on:
        raise document.mistake("“ends_on” lies before “starts_on”.")
    session.add(campaign)
    known = {text.language: text for text in campaign.texts}
    for words in document.words():
        text = known.get(words.language)
        if text is None:
            text = CampaignText(language=words.language)
            campaign.texts.append(text)
        text.title, text.summary, text.body = words.title, words.summary, words.body
    session.flush()
    campaign.days = []
    session.flush()
    campaign.days = [
        MarkedDay(day=table.day("date"), words=table.by_language("words"))
        for table in document.tables("day")
    ]
    session.flush()
    return campaign


def _hold_gaps(campaign: Campaign, gaps: dict[str, Gap]) -> None:
    session.execute(delete(campaign_gap).where(campaign_gap.c.campaign_id == campaign.id))
    held = sorted(gaps.values(), key=lambda gap: gap.number)
    rows = [
        {"campaign_id": campaign.id, "gap_id": gap.id, "position": position}
        for position, gap in enumerate(held)
    ]
    if rows:
        session.execute(insert(campaign_gap), rows)
    session.expire(campaign, ["gaps"])


def _load_partners(campaign: Campaign, document: Document) -> None:
    campaign.partners = []
    session.flush()
    campaign.partners = [
        Partner(
            position=position,
            name=table.need("name", str),
            role=table.by_language("role"),
            site=table.address("site"),
            country=table.need("country", str),
        )
        for position, table in enumerate(document.tables("partner"))
    ]
    session.flush()


def _load_report(document: Document, campaign: Campaign, gaps: dict[str, Gap]) -> Report:
    slug = document.slug()
    report = session.scalar(select(Report).where(Report.slug == slug)) or Report(slug=slug)
    document.own(slug, report.campaign_id, campaign.id)
    report.campaign_id = campaign.id
    report.published_at = document.instant("published_at")
    report.authors = document.strings("authors")
    session.add(report)
    session.flush()
    report.texts, report.files, report.briefs = [], [], []
    session.flush()
    report.texts = [
        ReportText(language=w.language, title=w.title, summary=w.summary, body=w.body)
        for w in document.words()
    ]
    report.files = [_file(table) for table in document.tables("file")]
    report.briefs = [
        ReportBrief(
            jurisdiction=table.choice("jurisdiction", Jurisdiction),
            language=table.need("language", str),
            body=table.beside("body"),
        )
        for table in document.tables("brief")
    ]
    session.execute(delete(report_gap).where(report_gap.c.report_id == report.id))
    about = [gap_named(document, slug, gaps) for slug in document.strings("gaps")]
    rows = [
        {"report_id": report.id, "gap_id": gap.id, "position": position}
        for position, gap in enumerate(about)
        if gap is not None
    ]
    if rows:
        session.execute(insert(report_gap), rows)
    session.flush()
    session.expire(report, ["gaps"])
    return report


def _file(table: Document) -> ReportFile:
    file = table.file_beside("file")
    content = file.read_bytes()
    return ReportFile(
        language=table.need("language", str),
        name=file.name,
        media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
