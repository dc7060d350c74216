"""The matrix of gaps and jurisdictions: what each government has left open, as of when."""

import datetime
from dataclasses import dataclass

from flask import url_for

from petition.core.i18n import text_direction
from petition.gaps.models import Gap, GapStatus
from petition.recipients.jurisdictions import Jurisdiction
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import (
    jurisdiction_name,
    jurisdiction_short,
    status_words,
)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """How one jurisdiction stands towards one gap."""

    jurisdiction: str
    short: str
    url: str
    status: GapStatus | None
    words: str
    as_of: datetime.date | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One gap, with a cell for each jurisdiction."""

    reference: str
    title: str
    summary: str
    lang: str
    dir: str
    url: str
    cells: list[MatrixCell]


def matrix(gaps: list[Gap]) -> list[MatrixRow]:
    """Return a row for each gap, in the order given."""
    return [_row(gap) for gap in gaps]


def _row(gap: Gap) -> MatrixRow:
    text = gap.text_in(present_language())
    url = url_for("public.month.gaps.show", lang=present_language(), slug=gap.slug)
    return MatrixRow(
        reference=gap.reference,
        title=text.title,
        summary=text.summary,
        lang=text.language,
        dir=text_direction(text.language),
        url=url,
        cells=[_cell(gap, jurisdiction, url) for jurisdiction in Jurisdiction],
    )


def _cell(gap: Gap, jurisdiction: Jurisdiction, url: str) -> MatrixCell:
    standing = gap.standing_of(jurisdiction)
    return MatrixCell(
        jurisdiction=jurisdiction_name(jurisdiction),
        short=jurisdiction_short(jurisdiction),
        url=f"{url}#{jurisdiction.value}",
        status=standing.status if standing else None,
        words=status_words(standing.status) if standing else "",
        as_of=standing.as_of if standing else None,
    )
