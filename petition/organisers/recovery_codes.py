"""Recovery codes: ten for each organiser, each stands in for the authenticator once."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from petition.core.keyring.sealing import tag
from petition.core.storage.database import session
from petition.organisers.models import RecoveryCode

HOW_MANY = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is read as something else."""
HALF = 5


def renew(organiser_id: int) -> list[str]:
    """Replace the codes of an organiser; return the new ones, which are stored nowhere."""
    codes = [_new_code() for _ in range(HOW_MANY)]
    drop(organiser_id)
    rows = [{"organiser_id": organiser_id, "code_hash": _digest(organiser_id, c)} for c in codes]
    session.execute(insert(RecoveryCode), rows)
    return codes


def drop(organiser_id: int) -> None:
    """Delete the codes of an organiser."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.organiser_id == organiser_id))


def use(organiser_id: int, code: str, at: datetime) -> bool:
    """Use a code up; false when it is none of theirs, or was used. Of two at once, one gets it."""
    used = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.organiser_id == organiser_id,
            RecoveryCode.code_hash == _digest(organiser_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.organiser_id)
    )
    return used is not None


def left(organiser_id: int) -> int:
    """Return how many codes are still good."""
    unused = select(func.count()).where(
        RecoveryCode.organiser_id == organiser_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def are_all_of(organiser_id: int, codes: list[str]) -> bool:
    """Whether these are the codes of this organiser, every one of them."""
    held = select(RecoveryCode.code_hash).where(RecoveryCode.organiser_id == organiser_id)
    return {_digest(organiser_id, code) for code in codes} == set(session.scalars(held))


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(2 * HALF))
    return f"{letters[:HALF]}-{letters[HALF:]}"


def _digest(organiser_id: int, code: str) -> bytes:
    """Keyed: a code has 49 random bits, too few for a plain hash that might leak."""
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return tag(f"recovery:{organiser_id}", plain)
