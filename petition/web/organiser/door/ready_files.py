"""Files that are ready for an organiser who does not know it: every page of theirs tells of them.

Once they have seen the page of a file, or said that they know, nothing tells of it any more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.jobs.files import see
from petition.jobs.models import MadeFile
from petition.organisers.permissions import Permission, may
from petition.web.organiser.door import session
from petition.web.site.security import looks_again

MOST_SHOWN = 5
"""So many are named, and put away at once."""


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file that waits for whoever asked for it."""

    job_id: int
    title: str
    """Of the petition that it is about."""
    what: str
    """What kind of file it is, in words."""
    address: str
    shown_at: str
    """The page that lists it."""


def know_of(file: MadeFile | None) -> None:
    """Tell whoever asked for a file no more of it: they see that it is ready."""
    if file is not None and file.whole_at is not None and file.seen_at is None:
        with transaction():
            see(session.present().organiser.id, now(), [file.job_id])


Source = Callable[[int, datetime], Iterable[ReadyFile]]
"""What yields the files of one kind that wait for the organiser of a number."""


def for_templates(*sources: Source) -> Callable[[], dict[str, Any]]:
    """Return what gives every page of organisers a way to tell of the files of these sources.

    The page asks for them as it tells of them: an error page does not, whose cause it may be that
    nothing can be asked.
    """
    return lambda: {
        "ready_files": lambda: _ready_files(sources),
        "most_shown": MOST_SHOWN,
    }


def _ready_files(sources: Iterable[Source]) -> list[ReadyFile]:
    """Return the files that wait, but for those that the page shows anyway."""
    organiser = session.present().organiser if session.is_whole() else None
    if organiser is None or not may(organiser.role, Permission.EXPORT):
        return []
    at = now()
    found = [file for source in sources for file in source(organiser.id, at)]
    told = [file for file in found if request.path not in (file.address, file.shown_at)]
    if told:
        looks_again()  # or the script that puts them away may not ask
    return told
