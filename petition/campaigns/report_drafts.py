"""A report as its organisers write it, and what keeps it from being published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from petition.campaigns.reports import Report
from petition.core.drafts.kinds import (
    Body,
    LanguageCode,
    Slug,
    TextDraft,
    Title,
    some_text,
)
from petition.core.drafts.problems import Problem, in_fields, twice
from petition.core.drafts.shapes import Markdown, NamedFile, listed
from petition.recipients.jurisdictions import Jurisdiction


def has_offset(moment: datetime) -> str | None:
    """See that a moment is the same one everywhere."""
    return None if moment.tzinfo else "needs an offset, such as 2026-11-17T15:00:00Z"


def has_short_name(file: NamedFile) -> str | None:
    """See that a file's name can be kept."""
    return None if len(file.name) <= 100 else "has a name of more than 100 characters"


@dataclass(frozen=True, slots=True)
class ReportFileDraft:
    """The whole report as a file."""

    language: LanguageCode
    file: Annotated[NamedFile, has_short_name]


@dataclass(frozen=True, slots=True)
class BriefDraft:
    """What a report says to one jurisdiction."""

    jurisdiction: Jurisdiction
    language: LanguageCode
    body: Body


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report, of which nothing is shown before `published_at`."""

    slug: Slug
    published_at: Annotated[datetime, has_offset]
    text: Annotated[Mapping[LanguageCode, TextDraft], some_text]
    authors: tuple[Title, ...] = ()
    gaps: tuple[str, ...] = ()
    files: tuple[ReportFileDraft, ...] = listed("file")
    briefs: tuple[BriefDraft, ...] = listed("brief")


def check(draft: ReportDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with a report in itself."""
    yield from in_fields(draft)
    yield from twice("file", ((one.file.name,) for one in draft.files))
    yield from twice("brief", ((one.jurisdiction, one.language) for one in draft.briefs))


def draft_of(report: Report) -> ReportDraft:
    """Return the draft from which a report could be published as it is."""
    return ReportDraft(
        slug=report.slug,
        published_at=report.published_at,
        text={
            text.language: TextDraft(text.title, text.summary, Markdown(text.body))
            for text in report.texts
        },
        authors=tuple(report.authors),
        gaps=tuple(gap.slug for gap in report.gaps),
        files=tuple(
            ReportFileDraft(one.language, NamedFile(one.name, one.content)) for one in report.files
        ),
        briefs=tuple(
            BriefDraft(one.jurisdiction, one.language, Markdown(one.body)) for one in report.briefs
        ),
    )
