"""What is done or looked at behind this door, noted for whoever is here."""

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.web.organiser.door import session


def note(act: Act, **about: str | int) -> None:
    """Note what is done; the last thing in the transaction that does it."""
    noting.note(act, noting.organiser(session.present().organiser.id), now(), **about)


def note_look(act: Act, **about: str | int) -> None:
    """Note what is looked at, before the page leaves: what cannot be noted is not shown."""
    with transaction():
        note(act, **about)
