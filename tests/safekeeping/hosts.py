"""Other hosts of an install, as far as the database knows of them."""

from petition.core.clock import now
from petition.core.keyring.keys import Keys
from petition.core.storage.database import transaction
from petition.safekeeping.holders import KeyHolder


def another_host(ring: Keys, host: str = "second") -> None:
    """Let another host say that it holds these keys, as it does each minute."""
    with transaction() as writing:
        writing.merge(
            KeyHolder(
                place=host,
                host=host,
                key_ids=" ".join(sorted(ring.ids)),
                current=ring.current,
                said_at=now(),
            )
        )
