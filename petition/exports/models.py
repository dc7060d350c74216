"""Tables: every export that was made, by whom and why, what it held, and who took it away."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.columns import (
    Box,
    Id,
    KeyId,
    LongText,
    UtcDateTime,
    big_id,
    enum_of,
)
from petition.core.storage.database import Base
from petition.exports.choice import Choice, checked
from petition.exports.own.models import OwnPreset
from petition.jobs.models import Download, Job, MadeFile, file_state
from petition.petitions.models import Petition


class ExportScope(StrEnum):
    """Which signatures an export holds."""

    CONFIRMED = "confirmed"
    """Those that count."""
    EVERYTHING = "everything"
    """All of them with their states, but for those that their owners have withdrawn."""


class ExportPreset(StrEnum):
    """For whom or what a file is meant."""

    SPREADSHEET = "spreadsheet"
    NAMES = "names"
    MAILING_LIST = "mailing_list"
    ACTION_NETWORK = "action_network"
    CIVICRM = "civicrm"
    CIVICRM_ACTIVITIES = "civicrm_activities"
    NATIONBUILDER = "nationbuilder"
    NPSP = "npsp"
    MAILCHIMP = "mailchimp"
    BREVO = "brevo"
    ENGAGING_NETWORKS = "engaging_networks"
    ACTIONKIT = "actionkit"
    OSDI = "osdi"
    OWN = "own"
    """One that the team has made itself."""


class ExportFormat(StrEnum):
    """How a file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PDF = "pdf"


class ExportSplit(StrEnum):
    """Of how many files an export is."""

    WHOLE = "whole"
    """Of one."""
    COUNTRY = "country"
    """One for each country, in a ZIP."""
    SIZE = "size"
    """As many as it takes for each to be small enough for its tool, in a ZIP."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file is to hold, and how it is to be written."""

    scope: ExportScope = ExportScope.CONFIRMED
    preset: ExportPreset = ExportPreset.SPREADSHEET
    format: ExportFormat = ExportFormat.CSV
    encrypted_for: tuple[str, ...] = ()
    """Public keys of age; where there is none, the file is in the clear."""
    choice: Choice = Choice()
    further: tuple[int, ...] = ()
    """Petitions whose signatures it holds besides those of its own, in one table with them."""
    own: int | None = None
    """The number of the team's own preset, where it is one of these."""
    split: ExportSplit = ExportSplit.WHOLE
    since: int | None = None
    """The number of the export that it continues: it holds only who is new since."""


class ExportState(StrEnum):
    """What there is of an export's file."""

    MAKING = "making"
    READY = "ready"
    GONE = "gone"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TAKEN = "taken"
    """It left while it was made: to a terminal, or before files were kept."""
    BROKEN_OFF = "broken_off"
    """It did not leave whole, or has not yet."""


class Export(Base):
    """One file of the signatures of one petition, or of several that it stands for."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(
            "(finished_at IS NULL) = (sha256 IS NULL) "
            "AND (finished_at IS NULL) = (row_count IS NULL)",
            name="finished_with_its_sum",
        ),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint(
            "countries <> '' AND languages <> '' AND sources <> ''", name="names_what_it_narrows_to"
        ),
        CheckConstraint(
            "(preset = 'own') = (own_preset_id IS NOT NULL)", name="names_its_own_preset"
        ),
        Index("ix_export_petition", "petition_id", "begun_at"),
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"))
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    job_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("job.id"), unique=True)
    """What makes the file; absent in a record of before files were kept."""
    why_box: Mapped[Box | None]
    """What the organiser needs it for, sealed: free words may name a person."""
    why_key: Mapped[KeyId | None]
    scope: Mapped[ExportScope] = mapped_column(enum_of(ExportScope, "export_scope"))
    preset: Mapped[ExportPreset] = mapped_column(enum_of(ExportPreset, "export_preset"))
    format: Mapped[ExportFormat] = mapped_column(enum_of(ExportFormat, "export_format"))
    split: Mapped[ExportSplit] = mapped_column(enum_of(ExportSplit, "export_split"))
    own_preset_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("own_preset.id"))
    """What the file held, where it was by a preset of the team's own: one that never changes."""
    encrypted_for: Mapped[LongText | None]
    """The public keys of age for which its file is encrypted, one a line."""
    countries: Mapped[LongText | None]
    """To which countries it is narrowed, by their codes, with a space between them."""
    languages: Mapped[LongText | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    sources: Mapped[LongText | None]
    since_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("export.id"))
    """The export that it continues."""
    begun_at: Mapped[UtcDateTime]
    finished_at: Mapped[UtcDateTime | None]
    numbers_kept: Mapped[bool] = mapped_column(default=False)
    """Whether it is known which signatures its file held; it is not of older ones."""
    row_count: Mapped[int | None]
    unreadable_count: Mapped[int | None]
    """How many of the rows have empty cells, because what is sealed of them did not open."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the whole file, in hexadecimal. Absent until it is whole."""
    job: Mapped[Job | None] = relationship(lazy="selectin")
    own: Mapped[OwnPreset | None] = relationship(lazy="selectin")
    file: Mapped[MadeFile | None] = relationship(
        primaryjoin=lambda: foreign(Export.job_id) == MadeFile.job_id,
        lazy="selectin",
        viewonly=True,
    )
    others: Mapped[list["ExportPetition"]] = relationship(
        lazy="selectin", order_by="ExportPetition.petition_id"
    )

    @classmethod
    def of(cls, petition_id: int, contents: Contents, at: datetime) -> Self:
        """Return an export of these contents that nobody has asked for yet."""
        choice = checked(contents.choice)
        further = sorted({*contents.further} - {petition_id})
        return cls(
            petition_id=petition_id,
            scope=contents.scope,
            preset=contents.preset,
            format=contents.format,
            own_preset_id=contents.own,
            split=contents.split,
            encrypted_for="\n".join(contents.encrypted_for) or None,
            countries=" ".join(choice.countries) or None,
            languages=" ".join(choice.languages) or None,
            first_day=choice.first_day,
            last_day=choice.last_day,
            sources=" ".join(choice.sources) or None,
            since_id=contents.since,
            begun_at=at,
            others=[ExportPetition(petition_id=one) for one in further],
        )

    @property
    def contents(self) -> Contents:
        """What its file holds, and how it is written."""
        keys = tuple((self.encrypted_for or "").splitlines())
        further = tuple(one.petition_id for one in self.others)
        how = self.scope, self.preset, self.format, keys
        return Contents(*how, self.choice, further, self.own_preset_id, self.split, self.since_id)

    @property
    def choice(self) -> Choice:
        """To what it is narrowed."""
        days = self.first_day, self.last_day
        return Choice.kept(self.countries, self.languages, *days, self.sources)

    @property
    def petition_ids(self) -> list[int]:
        """Whose signatures it holds: its own petition first."""
        return [self.petition_id, *(one.petition_id for one in self.others)]

    def state_at(self, at: datetime) -> ExportState:
        """What there is of its file."""
        if self.job is None:
            return ExportState.TAKEN if self.finished_at else ExportState.BROKEN_OFF
        return ExportState(file_state(self.job, self.file, at))

    @property
    def why(self) -> str:
        """What the organiser needs it for, in the clear; empty where it does not open."""
        if self.why_box is None or self.why_key is None:
            return ""
        try:
            return unseal(Sealed(self.why_key, self.why_box), _context(self)).decode()
        except SealBroken:
            return ""


class ExportPetition(Base):
    """A further petition whose signatures an export holds."""

    __tablename__ = "export_petition"

    export_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("export.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    petition_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("petition.id"), primary_key=True, autoincrement=False, index=True
    )
    petition: Mapped[Petition] = relationship()


class Held(StrEnum):
    """What an export's numbers are of."""

    SIGNATURES = "signatures"
    """Those in the file."""
    REMOVALS = "removals"
    """Lately noted ones that had happened before its rows were read."""
    MAIL_STOPS = "mail_stops"
    """The same of consent that was taken back."""


class ExportHeld(Base):
    """Which numbers an export held, of 65,536 in a row. It names no person.

    No number and no moment divides what an export has read from what it has not: a transaction
    may commit under a lower number, and tell of an earlier moment, after the export has read.
    """

    __tablename__ = "export_held"

    export_id: Mapped[int] = mapped_column(big_id, ForeignKey("export.id"), primary_key=True)
    kind: Mapped[Held] = mapped_column(enum_of(Held, "held"), primary_key=True)
    chunk: Mapped[int] = mapped_column(big_id, primary_key=True, autoincrement=False)
    """The numbers by 65,536, without what is left over."""
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    """One for each number, from the lowest on, packed (zlib)."""


class ExportDownload(Download, Base):
    """Somebody took the file of an export away, or was let to."""

    __tablename__ = "export_download"
    __table_args__ = (Index("ix_export_download_export", "export_id", "at"),)

    export_id: Mapped[int] = mapped_column(big_id, ForeignKey("export.id"))


def export_context(organiser_id: int, begun_at: datetime) -> str:
    """Return the context to which the words about an export are bound."""
    return f"export:{organiser_id}:{begun_at.isoformat()}"


def _context(export: Export) -> str:
    return export_context(export.organiser_id, export.begun_at)


SEALED_COLUMNS = ((Export, "why_box", "why_key", _context),)
