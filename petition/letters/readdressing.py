"""A draft whose writer corrects the address: what was handed in under the other one goes.

The link to it lies in another mailbox, perhaps a stranger's. Nothing here commits.
"""

from datetime import datetime

from sqlalchemy import select

from petition.arrivals import actions as arrivals
from petition.core.keyring.journal import Wish, note
from petition.core.storage.database import rows_of, session
from petition.letters.actions import erase_unconfirmed, tag_for
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.written import Draft
from petition.supporters.addresses import is_spelled_alike

_letters = rows_of(Letter)


def take_back(
    letter_campaign_id: int, draft_hash: bytes, before: Draft, email: str, at: datetime
) -> None:
    """Erase what was handed in from this draft and not confirmed, where the address was another.

    `before` is the draft until now. Comes before the draft is kept: its letters are locked first.
    """
    typed = before.writer.email
    if not before.is_handed_in or is_spelled_alike(typed, email):
        return
    arrivals.take_back(draft_hash)
    tag = tag_for(letter_campaign_id, typed)
    found = session.scalars(
        select(_letters.c.id)
        .where(
            _letters.c.letter_campaign_id == letter_campaign_id,
            _letters.c.supporter_tag == tag,
            _letters.c.draft_hash == draft_hash,
            _letters.c.state == LetterState.AWAITING,
        )
        .order_by(_letters.c.id)
        .with_for_update()
    ).all()
    erase_unconfirmed(_letters.c.id.in_(found))
    for number in found:
        note(Wish.LETTER_DECLINED, number, tag, at)
