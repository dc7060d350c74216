"""What organisers write of whatever people take part in, and what keeps it from being published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Protocol

from petition.core.drafts.kinds import Title, at_most
from petition.core.drafts.problems import Problem, in_fields
from petition.versions.models import HasDays


class AskingDraft(HasDays, Protocol):
    """A draft that asks people something on some days, and is addressed to offices."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The slugs of the offices."""


@dataclass(frozen=True, slots=True)
class VersionTextDraft:
    """How the text of a version begins in one language."""

    title: Title
    summary: Annotated[str, at_most(400)]


def check(draft: AskingDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with a petition or a letter campaign in itself."""
    yield from in_fields(draft)
    if draft.closes_on is not None and draft.closes_on < draft.opens_on:
        yield Problem(("closes_on",), "“closes_on” lies before “opens_on”.", (("opens_on",),))
    if not draft.recipients:
        yield Problem(("recipients",), "“recipients” is empty: name at least one office.")
