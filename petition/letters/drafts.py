"""Drafts: kept sealed on the server under a link that only their writer has."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update

from petition.core.database import rows_of, session
from petition.core.errors import DomainError
from petition.core.sealing import Sealed, seal, unseal
from petition.core.tokens import digest, new_token
from petition.letters.letter import LetterDraft, draft_context
from petition.letters.writing import Draft

KEEP_DRAFTS = timedelta(days=7)


class DraftGone(DomainError):
    """No draft is kept under this link: it was sent, thrown away, or left for a week."""


def begin(text_id: int, draft: Draft, at: datetime) -> str:
    """Keep a new draft; return the secret of its link."""
    token = new_token()
    sealed = seal(draft.to_bytes(), draft_context(token.digest))
    session.add(
        LetterDraft(
            token_hash=token.digest,
            text_id=text_id,
            content=sealed.box,
            content_key=sealed.key_id,
            expires_at=at + KEEP_DRAFTS,
        )
    )
    session.flush()
    return token.secret


def open_draft(token: str, at: datetime) -> tuple[LetterDraft, Draft]:
    """Return the draft under this link, and what is in it. Raises DraftGone."""
    row = session.get(LetterDraft, digest(token))
    if row is None or row.expires_at <= at:
        raise DraftGone
    sealed = Sealed(row.content_key, row.content)
    return row, Draft.from_bytes(unseal(sealed, draft_context(row.token_hash)))


def keep(token: str, draft: Draft, at: datetime) -> None:
    """Keep what is in a draft now, for a week from now. Raises DraftGone."""
    rows = rows_of(LetterDraft)
    sealed = seal(draft.to_bytes(), draft_context(digest(token)))
    kept = session.execute(
        update(rows)
        .where(rows.c.token_hash == digest(token), rows.c.expires_at > at)
        .values(content=sealed.box, content_key=sealed.key_id, expires_at=at + KEEP_DRAFTS)
    )
    if kept.rowcount == 0:  # type: ignore[attr-defined]
        raise DraftGone


def move(token: str, draft: Draft, at: datetime) -> str:
    """Keep a draft under a new link, and none under the old; return the secret of the new one.

    Whoever knew the link before its writer filled it in does not know it after. Raises DraftGone.
    """
    row, _before = open_draft(token, at)
    text_id = row.text_id
    throw_away(token)
    return begin(text_id, draft, at)


def throw_away(token: str) -> None:
    """Forget a draft."""
    forget(digest(token))


def forget(token_hash: bytes | None) -> None:
    """Forget the draft whose link has this digest, if it is still kept."""
    session.execute(delete(LetterDraft).where(LetterDraft.token_hash == token_hash))


def purge_drafts(at: datetime) -> None:
    """Forget the drafts that were left for a week."""
    session.execute(delete(LetterDraft).where(LetterDraft.expires_at <= at))
