"""Going back from kinds of export that an older version does not know."""

import sqlalchemy as sa
from alembic import op

_export, _job = (
    sa.table("export", sa.column("job_id")),
    sa.table("job", *map(sa.column, ("id", "state", "claimed_by", "asked_at", "ended_at"))),
)
_piece = sa.table("file_piece", sa.column("job_id"))
_file = sa.table("made_file", *map(sa.column, ("job_id", "file_key", "file_key_key")))


def give_up(which: str) -> None:
    """Cancel the jobs of these exports and delete their files.

    An older worker would make another file of them, and an older page call it what it is not.
    """
    theirs = sa.select(_export.c.job_id).where(sa.text(which))
    unfinished = _job.c.state.in_(("waiting", "running"))
    cancelled = {"state": "cancelled", "claimed_by": None, "ended_at": _job.c.asked_at}
    op.execute(sa.update(_job).where(unfinished, _job.c.id.in_(theirs)).values(cancelled))
    op.execute(sa.delete(_piece).where(_piece.c.job_id.in_(theirs)))
    nothing = {"file_key": None, "file_key_key": None}
    op.execute(sa.update(_file).where(_file.c.job_id.in_(theirs)).values(nothing))
