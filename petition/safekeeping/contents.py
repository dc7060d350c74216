"""What is in a backup: whose it is, how old its schema is, how many rows, under which keys."""

from collections import Counter
from dataclasses import dataclass, field

from petition.core.counting import counted
from petition.core.errors import DomainError
from petition.core.keyring.installed import key_check
from petition.core.keyring.keys import Keys
from petition.core.storage.fitness import knows

TOLD = (("signature", "signature"), ("letter", "letter"), ("outbox_mail", "mail"))
"""The tables of which the commands tell how many rows they have."""


class Unfit(DomainError):
    """A file cannot be used as a backup of this install. Worded for whoever runs the install."""


@dataclass(slots=True)
class Contents:
    """What was found in a backup."""

    revision: str | None = None
    """The newest migration that it has."""
    key_check: bytes | None = None
    rows: Counter[str] = field(default_factory=Counter)
    """By table."""
    seals: Counter[str] = field(default_factory=Counter)
    """How many sealed values there are, by the id of their key."""

    def in_words(self) -> str:
        """Return how many rows of what it holds."""
        told = ((self.rows[table], word) for table, word in TOLD)
        return ", ".join(counted(number, word) for number, word in told)

    def lost(self, keys: Keys) -> int:
        """Return how many sealed values these keys do not open."""
        return sum(count for key, count in self.seals.items() if key not in keys.sealing)

    def require_ours(self) -> None:
        """See that this version can read it. Raises Unfit."""
        if self.key_check is None or self.revision is None:
            raise Unfit("This is no backup of a petition database.")
        if not knows(self.revision):
            raise Unfit(
                f"The backup was made by a newer version (migration {self.revision}): bring this "
                "install up to that version first."
            )

    def belongs_to(self, keys: Keys) -> bool:
        """Whether the backup and these keys are of one install."""
        return self.key_check == key_check(keys)
