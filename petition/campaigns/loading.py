"""Load a campaign, its partners, events and reports from a folder."""

import hashlib
import mimetypes
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from petition.campaigns.event_loading import load_event
from petition.campaigns.models import Campaign, CampaignText, MarkedDay, Partner, campaign_gap
from petition.campaigns.reports import Report, ReportBrief, ReportFile, ReportText, report_gap
from petition.campaigns.withdrawing import withdraw_events, withdraw_reports, withdraw_texts
from petition.core.folder import Document, read_each
from petition.core.storage.database import session
from petition.gaps.loading import gap_named
from petition.gaps.models import Gap
from petition.recipients.jurisdictions import Jurisdiction


@dataclass(frozen=True, slots=True)
class LoadedCampaign:
    """A campaign in line with its folder, and words for each thing that has gone from it."""

    campaign: Campaign
    removed: list[str]


def load_campaign(folder: Path, gaps: dict[str, Gap], at: datetime) -> LoadedCampaign:
    """Bring a campaign and what it holds in line with its folder. Raises CampaignFolderError."""
    document = Document.read(folder / "campaign.toml")
    campaign = _load(document)
    _hold_gaps(campaign, gaps)
    _load_partners(campaign, folder / "partners.toml")
    events = read_each(folder / "events", lambda one: load_event(one, campaign, gaps, at))
    reports = read_each(folder / "reports", lambda one: _load_report(one, campaign, gaps))
    removed = [
        *withdraw_texts(campaign, {language for language, _ in document.texts()}),
        *withdraw_events(campaign, {event.slug for event in events}, at),
        *withdraw_reports(campaign, {report.slug for report in reports}),
    ]
    return LoadedCampaign(campaign, removed)


def _load(document: Document) -> Campaign:
    slug = document.slug()
    campaign = session.scalar(select(Campaign).where(Campaign.slug == slug))
    campaign = campaign or Campaign(slug=slug)
    organisation = Document(document.file, document.need("organisation", dict))
    campaign.organisation = organisation.text("name")
    campaign.contact = organisation.text("contact", most=254)
    campaign.starts_on, campaign.ends_on = document.day("starts_on"), document.day("ends_on")
    if campaign.ends_on < campaign.starts_on:
        raise document.mistake("“ends_on” lies before “starts_on”.")
    session.add(campaign)
    known = {text.language: text for text in campaign.texts}
    for words in document.words(longest_summary=400):
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
    document.distinct("day", ((one.day,) for one in campaign.days))
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


def _load_partners(campaign: Campaign, file: Path) -> None:
    campaign.partners = []
    session.flush()
    document = Document.read(file) if os.path.lexists(file) else Document(file, {})
    campaign.partners = [
        Partner(
            position=position,
            name=table.text("name"),
            role=table.by_language("role"),
            site=table.address("site"),
            country=table.country("country"),
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
            language=table.language(table.need("language", str)),
            body=table.beside("body"),
        )
        for table in document.tables("brief")
    ]
    document.distinct("file", ((one.name,) for one in report.files))
    document.distinct("brief", ((one.jurisdiction, one.language) for one in report.briefs))
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
    name, content = table.need("file", str), table.octets_beside("file")
    return ReportFile(
        language=table.language(table.need("language", str)),
        name=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
