"""Letters that their writers have sent another way, as they tell us. Nothing here commits."""

from datetime import datetime

from petition.arrivals import actions as arrivals
from petition.core.clock import hour_of
from petition.core.storage.database import insert_into, rows_of, session
from petition.letters.actions import erase_unconfirmed, tag_for
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, SentElsewhere
from petition.recipients.models import Channel

_letters = rows_of(Letter)


def note_sent_elsewhere(
    letter_campaign_id: int,
    recipient_id: int,
    email: str,
    channel: Channel,
    at: datetime,
    *,
    draft_hash: bytes,
) -> None:
    """Note that somebody says they have sent a letter another way; once for each office.

    What was handed in from the same draft and waits for confirmation goes with it: its button
    would send the letter a second time.
    """
    arrivals.take_back(draft_hash, recipient_id)
    tag = tag_for(letter_campaign_id, email)
    erase_unconfirmed(
        (_letters.c.letter_campaign_id == letter_campaign_id)
        & (_letters.c.supporter_tag == tag)
        & (_letters.c.draft_hash == draft_hash)
        & (_letters.c.recipient_id == recipient_id)
    )
    drafts.drop(draft_hash)  # after its letters, as where one is confirmed
    row = {
        "letter_campaign_id": letter_campaign_id,
        "recipient_id": recipient_id,
        "supporter_tag": tag,
        "channel": channel,
        "told_at": hour_of(at),
    }
    session.execute(insert_into(SentElsewhere).on_conflict_do_nothing(), row)
