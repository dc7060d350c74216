"""A petition as its organisers write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from petition.core.drafts.kinds import Body, LanguageCode, Slug, some_text
from petition.core.drafts.shapes import Markdown
from petition.gaps.kinds import GapKind
from petition.petitions.models import Petition
from petition.petitions.origins import OriginRefused, read_origin
from petition.versions.drafts import VersionTextDraft


def is_origin(text: str) -> str | None:
    """See that a text is one origin whose pages may show the form."""
    try:
        read_origin(text)
    except OriginRefused as refused:
        return f"is wrong: {str(refused).removesuffix('.')}"
    return None


@dataclass(frozen=True, slots=True)
class PetitionTextDraft(VersionTextDraft):
    """What people sign, in one language."""

    body: Body


@dataclass(frozen=True, slots=True)
class PetitionDraft:
    """A petition; what is changed of its texts and recipients makes a new version."""

    slug: Slug
    kind: GapKind
    opens_on: date
    recipients: tuple[str, ...]
    text: Annotated[Mapping[LanguageCode, PetitionTextDraft], some_text]
    gap: str | None = None
    closes_on: date | None = None
    routes_by_area: bool = False
    embed_origins: tuple[Annotated[str, is_origin], ...] = ()


def draft_of(petition: Petition) -> PetitionDraft:
    """Return the draft from which a petition could be published as it is."""
    version = petition.version
    return PetitionDraft(
        slug=petition.slug,
        kind=petition.kind,
        opens_on=petition.opens_on,
        recipients=tuple(one.recipient.slug for one in version.recipients),
        text={
            text.language: PetitionTextDraft(text.title, text.summary, Markdown(text.body))
            for text in version.texts
        },
        gap=petition.gap.slug if petition.gap else None,
        closes_on=petition.closes_on,
        routes_by_area=petition.routes_by_area,
        embed_origins=tuple(petition.embed_origins),
    )
