"""A petition as its organisers write it, and what keeps it from being published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from petition.core.drafts.kinds import Body, LanguageCode, Slug, Title, at_most, some_text
from petition.core.drafts.problems import Problem, in_fields
from petition.core.drafts.shapes import Markdown
from petition.gaps.kinds import GapKind
from petition.petitions.models import Petition
from petition.petitions.origins import OriginRefused, read_origin


def is_origin(text: str) -> str | None:
    """See that a text is one origin whose pages may show the form."""
    try:
        read_origin(text)
    except OriginRefused as refused:
        return f"is wrong: {str(refused).removesuffix('.')}"
    return None


@dataclass(frozen=True, slots=True)
class PetitionTextDraft:
    """What people sign, in one language."""

    title: Title
    summary: Annotated[str, at_most(400)]
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


def check(draft: PetitionDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with a petition in itself."""
    yield from in_fields(draft)
    yield from check_asking(draft.opens_on, draft.closes_on, draft.recipients)


def check_asking(
    opens_on: date, closes_on: date | None, recipients: tuple[str, ...]
) -> Iterator[Problem]:
    """Yield what is wrong with when somebody is asked something, and with whom."""
    if closes_on is not None and closes_on < opens_on:
        yield Problem(("closes_on",), "“closes_on” lies before “opens_on”.", (("opens_on",),))
    if not recipients:
        yield Problem(("recipients",), "“recipients” is empty: name at least one office.")


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
