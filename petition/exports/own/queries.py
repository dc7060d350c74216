"""Reads of presets that organisers have made."""

from sqlalchemy import select

from petition.core.i18n import DEFAULT_LANGUAGE, sort_key
from petition.core.storage.database import session
from petition.exports.own.models import OwnPreset, known_as


def own_presets() -> list[OwnPreset]:
    """Return those that can be chosen, from A to Z."""
    found = session.scalars(select(OwnPreset).where(OwnPreset.retired_at.is_(None)))
    return sorted(found, key=lambda preset: sort_key(preset.name, DEFAULT_LANGUAGE))


def own_preset(number: int) -> OwnPreset | None:
    """Return the preset with this number, if it can be chosen."""
    found = session.get(OwnPreset, number, populate_existing=True)
    return found if found is not None and found.retired_at is None else None


def own_preset_named(name: str) -> OwnPreset | None:
    """Return the preset of this name, however its letters are written, if it can be chosen."""
    is_it = OwnPreset.name_key == known_as(name), OwnPreset.retired_at.is_(None)
    return session.scalars(select(OwnPreset).where(*is_it)).one_or_none()
