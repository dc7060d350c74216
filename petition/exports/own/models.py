"""Tables: presets that organisers made for their team, each as it was at one time.

None ever changes: to change one is to retire it and to make another in its place. So the record of
an export that was made by one says for good what its file held.
"""

import unicodedata
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.storage.columns import (
    Id,
    LongText,
    UtcDateTime,
    big_id,
    enum_of,
    rows_where,
)
from petition.core.storage.database import Base

LONGEST_NAME = LONGEST_HEADING = 60


class OwnField(StrEnum):
    """What a column can have of a signature."""

    NAME = "name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    EMAIL = "email"
    COUNTRY = "country"
    COUNTRY_NAME = "country_name"
    POSTCODE = "postcode"
    LANGUAGE = "language"
    LOCALE = "locale"
    MAIL_ALLOWED = "mail_allowed"
    MAIL_QUESTION = "mail_question"
    MAIL_ANSWERED_AT = "mail_answered_at"
    SIGNED_AT = "signed_at"
    CONFIRMED_AT = "confirmed_at"
    CONFIRMED_DAY = "confirmed_day"
    REASON = "reason"
    VISIBILITY = "visibility"
    SIGNATURE = "signature"
    REFERENCE = "reference"
    PETITION = "petition"
    PETITION_VERSION = "petition_version"
    TEXT_LANGUAGE = "text_language"
    SOURCE = "source"
    STATE = "state"
    ON_HOLD = "on_hold"


def known_as(text: str) -> str:
    """Return what is the same of two names that people would take for one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class OwnPreset(Base):
    """A preset of the team's own: columns under headings, and to what a file is narrowed."""

    __tablename__ = "own_preset"
    __table_args__ = (
        CheckConstraint("name <> '' AND name_key <> ''", name="has_a_name"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint(
            "countries <> '' AND languages <> '' AND sources <> ''", name="names_what_it_narrows_to"
        ),
        CheckConstraint("required_keys <> ''", name="names_its_keys"),
        CheckConstraint("retired_at >= made_at", name="retired_after_it_was_made"),
        Index("uq_own_preset_name", "name_key", unique=True, **rows_where("retired_at IS NULL")),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_key: Mapped[LongText]
    """By which it is one of its name: `known_as`."""
    consenting: Mapped[bool]
    """Only rows of those who said yes to mail."""
    for_spreadsheets: Mapped[bool]
    """For people to read; else for a program."""
    required_keys: Mapped[LongText | None]
    """Public keys of age for which every file of it is encrypted, one a line."""
    countries: Mapped[LongText | None]
    """To which countries it is narrowed, by their codes, with a space between them."""
    languages: Mapped[LongText | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    sources: Mapped[LongText | None]
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    made_at: Mapped[UtcDateTime]
    retired_at: Mapped[UtcDateTime | None]
    instead_of_id: Mapped[int | None] = mapped_column(
        big_id, ForeignKey("own_preset.id"), unique=True
    )
    """Which it took the place of."""
    columns: Mapped[list["OwnColumn"]] = relationship(
        lazy="selectin", order_by="OwnColumn.position"
    )

    @property
    def keys(self) -> tuple[str, ...]:
        """The public keys of age that it requires."""
        return tuple((self.required_keys or "").splitlines())

    def has(self, field: OwnField) -> bool:
        """Whether one of its columns has this."""
        return any(column.field is field for column in self.columns)


class OwnColumn(Base):
    """A column of such a preset."""

    __tablename__ = "own_column"
    __table_args__ = (
        UniqueConstraint("preset_id", "field", name="uq_own_column_field"),
        UniqueConstraint("preset_id", "heading_key", name="uq_own_column_heading"),
        CheckConstraint("heading <> '' AND heading_key <> ''", name="has_a_heading"),
    )

    preset_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("own_preset.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[OwnField] = mapped_column(enum_of(OwnField, "own_field"))
    heading: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    heading_key: Mapped[LongText]
