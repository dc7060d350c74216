"""What the tables of petitions and of letter campaigns have in common.

Each has its days, and versions with their texts and recipients. Once somebody has taken part in a
version nothing of it changes: an edit makes a new one. The database refuses anything else (triggers
in the migrations).
"""

import datetime
from collections.abc import Sequence
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar

from sqlalchemy import (
    JSON,
    Constraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from petition.core.i18n import text_for, words_for
from petition.core.storage.columns import Id, Language, Slug, UtcDateTime, big_id
from petition.core.storage.database import Base
from petition.recipients.models import Recipient

One = TypeVar("One", bound="Version[Any, Any]")
Text = TypeVar("Text", bound="VersionText")
Named = TypeVar("Named", bound="VersionRecipient")
Office: TypeAlias = "VersionRecipient | Recipient"
"""An office as a version names it, or as it is called today."""


class HasDays(Protocol):
    """Something with a first day, and perhaps a last one."""

    @property
    def opens_on(self) -> datetime.date:
        """The first day."""

    @property
    def closes_on(self) -> datetime.date | None:
        """The last day, where there is one."""


class OpensAndCloses:
    """What people can take part in from one day on, and until another where that is set."""

    __slots__ = ()

    def is_to_come(self: HasDays, today: datetime.date) -> bool:
        """Whether it has still to open on this day."""
        return today < self.opens_on

    def is_open(self: HasDays, today: datetime.date) -> bool:
        """Whether people may take part on this day."""
        return self.opens_on <= today and (self.closes_on is None or today <= self.closes_on)


class Versioned(OpensAndCloses, Base, Generic[One]):
    """What people take part in; what it says and to whom stands in its versions."""

    __abstract__ = True

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    opens_on: Mapped[datetime.date] = mapped_column(Date)
    closes_on: Mapped[datetime.date | None] = mapped_column(Date)
    versions: Mapped[list[One]]

    @property
    def version(self) -> One:
        """The version that people take part in now."""
        return self.versions[-1]

    def naming(self, office: Recipient) -> Office:
        """Return an office as the newest version names it that does, or as it is called today."""
        named = (version.naming(office) for version in reversed(self.versions))
        return next((one for one in named if one is not office), office)


class Version(Base, Generic[Text, Named]):
    """One wording in one or more languages, addressed to its recipients."""

    __abstract__ = True

    id: Mapped[Id]
    number: Mapped[int]
    published_at: Mapped[UtcDateTime]
    texts: Mapped[list[Text]]
    recipients: Mapped[list[Named]]

    @staticmethod
    def rules(whose: str, *, numbered: str) -> tuple[Constraint, ...]:
        """Return the rules of a table of versions; `numbered` is what their numbering is called."""
        return (
            UniqueConstraint(f"{whose}_id", "number", name=numbered),
            UniqueConstraint("id", f"{whose}_id", name=f"version_belongs_to_{whose}"),
        )

    def text_in(self, language: str) -> Text:
        """Return the text that somebody who reads `language` gets."""
        text = text_for(language, self.texts)
        set_committed_value(text, "version", self)  # the database need not be asked which it is of
        return text

    def naming(self, office: Recipient) -> Office:
        """Return an office as this names it; one that it does not name, as it is called today."""
        return next((one for one in self.recipients if one.recipient_id == office.id), office)


class VersionText(Base):
    """The words of one version in one language."""

    __abstract__ = True

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(big_id)
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400))

    @staticmethod
    def rules(whose: str, *, of: str, one_each: str) -> tuple[Constraint, ...]:
        """Return the rules of a table of texts of those versions; `one_each` names the first."""
        return (
            UniqueConstraint("version_id", "language", name=one_each),
            UniqueConstraint("id", f"{whose}_id", name=f"text_belongs_to_{whose}"),
            ForeignKeyConstraint(
                ["version_id", f"{whose}_id"],
                [f"{of}.id", f"{of}.{whose}_id"],
                name=f"text_of_a_version_of_the_same_{whose}",
                ondelete="CASCADE",
            ),
        )


class VersionRecipient(Base):
    """An office that a version is addressed to, called as it was when the version was published.

    Only its present holder is looked up: an office outlives its holder.
    """

    __abstract__ = True

    recipient_id: Mapped[int] = mapped_column(big_id, ForeignKey("recipient.id"), primary_key=True)
    position: Mapped[int]
    office: Mapped[dict[str, str]] = mapped_column(JSON)
    jurisdiction: Mapped[str] = mapped_column(String(2))

    @declared_attr
    @classmethod
    def recipient(cls) -> Mapped[Recipient]:
        """The office as it is today."""
        return relationship(Recipient)

    @classmethod
    def freeze(cls, offices: Sequence[Recipient]) -> list[Self]:
        """Return the recipients of a new version: these offices as they are called today."""
        return [
            cls(
                recipient=office,
                position=position,
                office=office.office,
                jurisdiction=office.jurisdiction,
            )
            for position, office in enumerate(offices)
        ]

    def office_in(self, language: str) -> str:
        """Return the office's title for somebody who reads `language`.

        A translation that was added later is shown too; that of another title is none of this one.
        """
        added = self.recipient.office if self.names(self.recipient) else {}
        return words_for(language, added | self.office)

    def names(self, recipient: Recipient) -> bool:
        """Whether this still names that office as it is called today."""
        return (
            self.recipient_id == recipient.id
            and self.jurisdiction == recipient.jurisdiction
            and self.office.items() <= recipient.office.items()
        )
