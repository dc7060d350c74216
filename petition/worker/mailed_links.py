"""A link lives its hours from when its mail leaves, or may have left, whatever it belongs to."""

from dataclasses import replace
from datetime import datetime

from petition.links import hours
from petition.links.hours import AT_ONCE
from petition.outbox.actions import Claim


def start_hours(claim: Claim, at: datetime) -> Claim:
    """Let the link in a mail live its hours from now, if the mail had to wait.

    Return the mail, dated by that: where it goes once more, its link is known by its hours. The
    link of news has no hours.
    """
    if claim.message.is_news:
        return claim
    hours.start_hours(claim.origin, claim.created_at, at)
    return claim if at - claim.created_at < AT_ONCE else replace(claim, created_at=at)
