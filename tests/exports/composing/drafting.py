"""Presets as a team makes them."""

from pyrage.x25519 import Identity

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports.composing import actions
from petition.exports.composing.drafts import ColumnDraft, OwnPresetDraft
from petition.exports.own.models import OwnPreset
from tests.factories import make_organiser

PUBLIC = str(Identity.generate().to_public())
SECRET = "AGE-SECRET-KEY-1" + "Q" * 58
NAMES = (ColumnDraft("name", "Who"), ColumnDraft("country_name", "From where"))
PRESS = OwnPresetDraft("For the press", NAMES)


def made_preset(draft: OwnPresetDraft = PRESS) -> OwnPreset:
    """Return a preset that somebody has made of a draft."""
    organiser = make_organiser().id
    with transaction():
        return actions.make(draft, organiser, now())
