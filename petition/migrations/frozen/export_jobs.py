"""Going back from kinds of export that an older version does not know."""

import sqlalchemy as sa
from alembic import op

_export, _job = (
    sa.table("export", sa.column("job_id")),
    sa.table("job", *map(sa.column, ("id", "state", "claimed_by", "asked_at", "ended_at"))),
)
_piece = sa.table("file_piece", sa.column("job_id"), sa.column("content"))
_file = sa.table("made_file", *map(sa.column, ("job_id", "size", "file_key", "file_key_key")))
NO_KEY = {"file_key": None, "file_key_key": None}
SEAL_BYTES = 28
"""What sealing adds to a piece."""


def give_up(which: str) -> None:
    """Cancel the jobs of these exports and delete their files.

    An older worker would make another file of them, and an older page call it what it is not.
    """
    theirs = sa.select(_export.c.job_id).where(sa.text(which))
    unfinished = _job.c.state.in_(("waiting", "running"))
    cancelled = {"state": "cancelled", "claimed_by": None, "ended_at": _job.c.asked_at}
    op.execute(sa.update(_job).where(unfinished, _job.c.id.in_(theirs)).values(cancelled))
    give_up_files(theirs)


def give_up_files(theirs: sa.Select[int]) -> None:
    """Delete the files of these jobs; what they were is kept."""
    op.execute(sa.update(_file).where(_file.c.job_id.in_(theirs)).values(NO_KEY))
    op.execute(sa.delete(_piece).where(_piece.c.job_id.in_(theirs)))


def deflated() -> sa.Select[int]:
    """Return the statement that finds the jobs whose files have pieces that are kept deflated."""
    kept = sa.func.sum(sa.func.length(_piece.c.content)) - SEAL_BYTES * sa.func.count()
    found = sa.select(_piece.c.job_id).join(_file, _file.c.job_id == _piece.c.job_id)
    return found.group_by(_piece.c.job_id, _file.c.size).having(kept < _file.c.size)
