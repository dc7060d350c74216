"""Verbs of presets that organisers make. None of them commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.drafts.problems import Problem
from petition.core.errors import DomainError
from petition.core.storage.database import session
from petition.exports.choice import checked
from petition.exports.composing.drafts import OwnPresetDraft, check, tidied
from petition.exports.own.models import OwnColumn, OwnField, OwnPreset, known_as
from petition.exports.writing.age_keys import public_keys


class PresetRefused(DomainError):
    """A draft of a preset has problems, all of which are in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.cause for problem in problems))
        self.problems = problems


class ChangedMeanwhile(DomainError):
    """Somebody else changed or retired the preset since it was looked at."""


class MayNotLoosen(DomainError):
    """A preset requires keys, and only an owner may let that be no more."""


def make(draft: OwnPresetDraft, organiser_id: int, at: datetime) -> OwnPreset:
    """Make a preset. Raises PresetRefused."""
    own = _made(draft, organiser_id, at)
    _note(Act.PRESET_MADE, own, organiser_id, at)
    return own


def change(
    own: OwnPreset, draft: OwnPresetDraft, organiser_id: int, at: datetime, *, may_loosen: bool
) -> OwnPreset:
    """Put another in a preset's place; exports made by it stay as they are.

    `may_loosen` lets it require fewer keys, or give up the name by which the team knows that it
    requires them. Raises PresetRefused and ChangedMeanwhile.
    """
    changed = _made(draft, organiser_id, at, instead_of=own, may_loosen=may_loosen)
    loosened = not set(own.keys) <= set(changed.keys)
    act = Act.PRESET_LOOSENED if loosened else Act.PRESET_CHANGED
    _note(act, changed, organiser_id, at)
    return changed


def retire(own: OwnPreset, organiser_id: int, at: datetime, *, may_loosen: bool) -> None:
    """Let a preset be chosen no more. Raises ChangedMeanwhile and MayNotLoosen."""
    if own.keys and not may_loosen:  # another of its name could require nothing
        raise MayNotLoosen("Only an owner may retire a preset that requires encryption.")
    _retire(own, at)
    _note(Act.PRESET_RETIRED, own, organiser_id, at)


def _made(
    draft: OwnPresetDraft,
    organiser_id: int,
    at: datetime,
    *,
    instead_of: OwnPreset | None = None,
    may_loosen: bool = False,
) -> OwnPreset:
    draft = tidied(draft)
    if problems := list(check(draft, instead_of=instead_of, may_loosen=may_loosen)):
        raise PresetRefused(problems)
    if instead_of is not None:
        _retire(instead_of, at)
    own = _own(draft, organiser_id, at)
    own.instead_of_id = instead_of.id if instead_of else None
    session.add(own)
    try:
        session.flush()
    except IntegrityError:  # uq_own_preset_name: somebody else has given it meanwhile
        taken = Problem(("name",), f"There is a preset called “{draft.name}” already.")
        raise PresetRefused([taken]) from None
    return own


def _own(draft: OwnPresetDraft, organiser_id: int, at: datetime) -> OwnPreset:
    choice = checked(draft.choice)
    return OwnPreset(
        name=draft.name,
        name_key=known_as(draft.name),
        consenting=draft.consenting,
        for_spreadsheets=draft.for_spreadsheets,
        required_keys="\n".join(public_keys("\n".join(draft.required_keys))) or None,
        countries=" ".join(choice.countries) or None,
        languages=" ".join(choice.languages) or None,
        first_day=choice.first_day,
        last_day=choice.last_day,
        sources=" ".join(choice.sources) or None,
        organiser_id=organiser_id,
        made_at=at,
        columns=[
            OwnColumn(
                position=position,
                field=OwnField(one.field),
                heading=one.heading,
                heading_key=known_as(one.heading),
            )
            for position, one in enumerate(draft.columns)
        ],
    )


def _retire(own: OwnPreset, at: datetime) -> None:
    still = update(OwnPreset).where(OwnPreset.id == own.id, OwnPreset.retired_at.is_(None))
    found = session.execute(still.values(retired_at=max(at, own.made_at)).returning(OwnPreset.id))
    if found.one_or_none() is None:
        raise ChangedMeanwhile("Somebody changed or retired this preset meanwhile.")


def _note(act: Act, own: OwnPreset, organiser_id: int, at: datetime) -> None:
    about: dict[str, str | int] = {"preset": own.name}
    if own.keys or act is Act.PRESET_LOOSENED:
        about["keys"] = len(own.keys)
    noting.note(act, noting.organiser(organiser_id), at, **about)
