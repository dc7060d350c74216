"""What links to a letter do beyond what all mailed links do."""

from datetime import datetime

from petition.core.errors import LinkUsed
from petition.letters.letter.models import Letter
from petition.links.actions import Found, Links
from petition.links.models import LinkPurpose
from petition.outbox.origins import LETTER

LETTER_LINKS = Links(LETTER, Letter)


def to_be_confirmed(token: str, at: datetime) -> Found[Letter]:
    """Return the letter that the button behind this link lets leave, or has just let leave.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    try:
        return LETTER_LINKS.opened(token, LinkPurpose.CONFIRM, at)
    except LinkUsed:
        found = LETTER_LINKS.just_used(token, at)
        if found.thing.content is None:  # it has left, and its words are kept no longer
            raise
        return found
