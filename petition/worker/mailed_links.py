"""A link lives its hours from when its mail leaves, whatever it belongs to."""

from collections.abc import Iterable
from datetime import datetime

from petition.letters import links as letter_links
from petition.outbox.actions import Claim
from petition.signatures import links as signature_links


def start_hours(claims: Iterable[Claim], at: datetime) -> None:
    """Let the links in these mails live their hours from now, if the mails had to wait."""
    for claim in claims:
        signature_links.start_hours(claim.origin, claim.created_at, at)
        letter_links.start_hours(claim.origin, claim.created_at, at)
