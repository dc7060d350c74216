"""What the worker does for organisers now and then. It does not commit."""

from datetime import datetime

from petition.organisers import invitations, sessions, throttling


def purge(at: datetime) -> None:
    """Delete sessions, invitations and failed logins that matter no more."""
    sessions.purge(at)
    invitations.purge(at)
    throttling.purge(at)
