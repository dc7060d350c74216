"""Publishing a version: what changed makes the next one, and what is there already makes none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from petition.core.storage.database import rows_of, session
from petition.versions.models import One, Version, Versioned, VersionRecipient, VersionText

ITS_PLACE = {"id", "version_id"}
"""Columns of a text that say where it stands, and nothing of its words."""


def publish_next(
    asked: Versioned[One], version: One, texts: Sequence[VersionText], at: datetime
) -> bool:
    """Make this the present version; false where the present one says just that already.

    `version` comes with its recipients, and gets its texts once those are stored: in a version
    without texts nobody has taken part, and the guard of its recipients need not look for anybody.
    """
    if asked.versions and _is_same(asked.version, version.recipients, texts):
        return False
    version.number, version.published_at = len(asked.versions) + 1, at
    asked.versions.append(version)
    session.flush()
    version.texts.extend(texts)
    session.flush()
    return True


def _is_same(
    present: Version[Any, Any], recipients: Sequence[VersionRecipient], texts: Sequence[VersionText]
) -> bool:
    """Whether a version says this, and to these offices in this order as they are called today."""
    named = len(present.recipients) == len(recipients) and all(
        there.names(one.recipient)
        for there, one in zip(present.recipients, recipients, strict=True)
    )
    return named and _words(present.texts) == _words(texts)


def _words(texts: Sequence[VersionText]) -> dict[str, dict[str, object]]:
    """Return all that texts say, by language."""
    return {
        text.language: {
            column.name: getattr(text, column.name)
            for column in rows_of(type(text)).columns
            if column.name not in ITS_PLACE
        }
        for text in texts
    }
