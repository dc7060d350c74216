"""Drafts: kept sealed on the server under a link that only their writer has."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from petition.arrivals import actions as arrivals
from petition.core.clock import end_of_hour
from petition.core.errors import DomainError
from petition.core.keyring.sealing import Sealed, seal, tag, unseal
from petition.core.storage.database import rows_of, session
from petition.core.storage.purging import delete_some
from petition.core.tokens import TOKEN_BYTES, digest, new_token
from petition.letters.letter.models import Letter, LetterDraft, draft_context
from petition.letters.letter.written import Draft

KEEP_DRAFTS = timedelta(days=7)
_drafts, _letters = rows_of(LetterDraft), rows_of(Letter)


class DraftGone(DomainError):
    """No draft is kept under this link: it was sent, thrown away, or left for a week."""


def begin(text_id: int, draft: Draft, at: datetime) -> str:
    """Keep a new draft; return the secret of its link."""
    secret = new_token().secret
    _keep_new(secret, text_id, draft, at)
    return secret


def _keep_new(secret: str, text_id: int, draft: Draft, at: datetime) -> None:
    token_hash = digest(secret)
    sealed = seal(draft.to_bytes(), draft_context(token_hash))
    session.add(
        LetterDraft(
            token_hash=token_hash,
            text_id=text_id,
            content=sealed.box,
            content_key=sealed.key_id,
            expires_at=end_of_hour(at + KEEP_DRAFTS),
        )
    )
    session.flush()


def open_draft(token: str, at: datetime) -> tuple[LetterDraft, Draft]:
    """Return the draft under this link, and what is in it. Raises DraftGone."""
    row = session.get(LetterDraft, digest(token))
    if row is None or row.expires_at <= at:
        raise DraftGone
    sealed = Sealed(row.content_key, row.content)
    return row, Draft.from_bytes(unseal(sealed, draft_context(row.token_hash)))


def keep(token: str, draft: Draft, at: datetime) -> None:
    """Keep what is in a draft now, for a week from now. Raises DraftGone."""
    sealed = seal(draft.to_bytes(), draft_context(digest(token)))
    kept = session.execute(
        update(_drafts)
        .where(_drafts.c.token_hash == digest(token), _drafts.c.expires_at > at)
        .values(
            content=sealed.box, content_key=sealed.key_id, expires_at=end_of_hour(at + KEEP_DRAFTS)
        )
    )
    if kept.rowcount == 0:  # type: ignore[attr-defined]
        raise DraftGone


def move(token: str, draft: Draft, at: datetime, *, sheet: str) -> str:
    """Keep a draft under a new link, and none under the old; return the secret of the new one.

    Whoever knew the link before its writer filled in a page does not know it after. Letters that
    were handed in from the draft follow it. Raises DraftGone.
    """
    row, _before = open_draft(token, at)
    text_id, secret = row.text_id, successor(token, sheet)
    gone = session.execute(delete(_drafts).where(_drafts.c.token_hash == digest(token)))
    if gone.rowcount == 0:  # type: ignore[attr-defined]
        raise DraftGone  # the same page, sent twice at once
    session.expunge(row)
    _keep_new(secret, text_id, draft, at)
    if draft.is_handed_in:
        arrivals.follow(digest(token), digest(secret))  # first: a worker may be making it a letter
        follows = update(_letters).where(_letters.c.draft_hash == digest(token))
        session.execute(follows.values(draft_hash=digest(secret)))
    return secret


def new_sheet() -> str:
    """Return the mark of a page that is being shown; it stands in the page, in no address."""
    return new_token().secret


def successor(token: str, sheet: str) -> str:
    """Return the link that a draft gets when the page with this mark, opened under `token`, comes.

    A page that is sent twice leads both times to the same draft. Who knows the link alone, and has
    not this very page before them, cannot tell where it went.
    """
    if not sheet:
        return new_token().secret
    marked = tag("draft-link", f"{digest(token).hex()}:{digest(sheet).hex()}")
    return urlsafe_b64encode(marked[:TOKEN_BYTES]).decode()


def drop(token_hash: bytes | None) -> None:
    """Delete the draft whose link has this digest, if it is still kept."""
    session.execute(delete(LetterDraft).where(LetterDraft.token_hash == token_hash))


def purge_drafts(at: datetime) -> bool:
    """Delete some drafts that were left for a week; true when there may be more."""
    return delete_some(rows_of(LetterDraft), LetterDraft.expires_at <= at)
