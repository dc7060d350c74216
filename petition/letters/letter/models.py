"""Tables: letters on their way to an office, drafts, and what people sent elsewhere.

The database lets a letter's state change only along its ways (`states.py`), and notes every change:
triggers in the migrations.
"""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage.columns import (
    Box,
    Country,
    Digest,
    Id,
    KeyId,
    Language,
    UtcDateTime,
    big_id,
    enum_of,
    rows_where,
)
from petition.core.storage.database import Base
from petition.letters.letter.written import Written
from petition.links.models import CONFIRMATION_MAILS
from petition.recipients.models import Channel, Recipient


class LetterState(StrEnum):
    """Where a letter is on its way."""

    DRAFTED = "drafted"
    """In its writer's hands: a draft, and no row among the letters."""
    AWAITING = "awaiting"
    """Waits for its writer's confirmation."""
    QUEUED = "queued"
    SENDING = "sending"
    """In a batch on its way to the mail server, or there, and not noted as sent yet."""
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    """The mail server refused it."""
    UNKNOWN = "unknown"
    """Nobody knows whether the mail server took it; a person decides."""
    STOPPED = "stopped"
    """By an organiser, or by its writer or for its age: then it never leaves."""


class Answer(StrEnum):
    """What a writer says about the office's answer."""

    YES = "yes"
    AUTOMATIC = "automatic"
    """Only a receipt that a program wrote."""
    NO = "no"


TO_ONE_OFFICE = ("letter_campaign_id", "recipient_id", "supporter_tag")
COUNTED = (
    *("letter_campaign_id", "recipient_id"),
    *("state", "on_hold", "unmailed", "answer", "own_share"),
)
"""All that the tally is made of: with an index of them it is held against no whole letter."""
ANSWERED = "answer IS NOT NULL"
WAITING = "on_hold OR state IN ('unknown', 'failed')"
TO_ASK = "state = 'sent' AND asked_at IS NULL AND answer IS NULL AND content IS NOT NULL"
SENT_WITH_WORDS = "content IS NOT NULL AND sent_at IS NOT NULL"
UNSENT_WITH_WORDS = (
    "content IS NOT NULL AND sent_at IS NULL AND state NOT IN ('awaiting', 'queued', 'sending')"
)


class Letter(Base):
    """One person's letter to one recipient. Its content is sealed, and deleted in time."""

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "one_letter_per_recipient_and_supporter",
            *TO_ONE_OFFICE,
            unique=True,
            **rows_where("state <> 'awaiting'"),
        ),
        UniqueConstraint(
            *TO_ONE_OFFICE, "mail_number", name="confirmation_mails_of_letters_are_numbered"
        ),
        ForeignKeyConstraint(
            ["text_id", "letter_campaign_id"],
            ["letter_text.id", "letter_text.letter_campaign_id"],
            name="written_from_a_text_of_this_letter_campaign",
        ),
        CheckConstraint(
            f"mail_number BETWEEN 1 AND {CONFIRMATION_MAILS}", name="two_confirmation_mails"
        ),
        CheckConstraint("NOT unmailed OR (on_hold AND state = 'awaiting')", name="unmailed_waits"),
        CheckConstraint("own_share BETWEEN 0 AND 100", name="share_in_percent"),
        CheckConstraint(
            "content IS NOT NULL OR state NOT IN ('awaiting', 'queued', 'sending')",
            name="content_until_sent",
        ),
        CheckConstraint("state = 'awaiting' OR confirmed_at IS NOT NULL", name="confirmed"),
        CheckConstraint("state <> 'sending' OR claimed_by IS NOT NULL", name="claimed_to_send"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_a_time"),
        Index("ix_letter_queue", "recipient_id", "due_at", **rows_where("state = 'queued'")),
        Index("ix_letter_sending", "claimed_by", "id", **rows_where("state = 'sending'")),
        Index("ix_letter_standing", "letter_campaign_id", "state", "created_at", "id"),
        Index("ix_letter_supporter", "letter_campaign_id", "supporter_tag"),
        Index("ix_letter_waiting", "letter_campaign_id", "created_at", "id", **rows_where(WAITING)),
        Index(
            "ix_letter_stopped",
            "letter_campaign_id",
            "state",  # always the same, yet SQLite would use ix_letter_standing without it
            "created_at",
            "id",
            **rows_where("state = 'stopped' AND changed_by IS NOT NULL AND content IS NOT NULL"),
        ),
        Index("ix_letter_numbers", *COUNTED),
        Index(
            "ix_letter_answers", "letter_campaign_id", "answered_at", "id", **rows_where(ANSWERED)
        ),
        Index("ix_letter_unconfirmed", "changed_at", **rows_where("state = 'awaiting'")),
        Index("ix_letter_to_ask", "sent_at", **rows_where(TO_ASK)),
        Index("ix_letter_sent_with_words", "sent_at", **rows_where(SENT_WITH_WORDS)),
        Index("ix_letter_unsent_with_words", "confirmed_at", **rows_where(UNSENT_WITH_WORDS)),
        Index(
            "ix_letter_returned", "recipient_id", "changed_at", **rows_where("state = 'bounced'")
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    letter_campaign_id: Mapped[int] = mapped_column(big_id)
    text_id: Mapped[int] = mapped_column(big_id)
    recipient_id: Mapped[int] = mapped_column(big_id, ForeignKey("recipient.id"))
    supporter_tag: Mapped[Digest]
    mail_number: Mapped[int] = mapped_column(SmallInteger)
    """Which of the two confirmation mails this one waits for, or came by."""
    state: Mapped[LetterState] = mapped_column(enum_of(LetterState, "letter_state"))
    message_id: Mapped[str] = mapped_column(String(32), unique=True)
    """Random: it names the mail, and its return address."""
    content: Mapped[Box | None]
    content_key: Mapped[KeyId | None]
    country: Mapped[Country]
    language: Mapped[Language]
    own_share: Mapped[int] = mapped_column(SmallInteger)
    """How much of it is not the template's, in percent."""
    on_hold: Mapped[bool] = mapped_column(default=False)
    """Waits for a moderator before it leaves."""
    unmailed: Mapped[bool] = mapped_column(default=False)
    """Looks like a program's: nobody is mailed about it before a moderator accepts it."""
    created_at: Mapped[UtcDateTime]
    confirmed_at: Mapped[UtcDateTime | None]
    """When its writer confirmed it."""
    draft_hash: Mapped[Digest | None]
    """The draft that it was written in, which goes once it is confirmed."""
    changed_at: Mapped[UtcDateTime]
    """When its state changed last."""
    changed_by: Mapped[int | None] = mapped_column(big_id, ForeignKey("organiser.id"))
    """Which organiser changed it last, or released it from its hold; none where nobody did."""
    due_at: Mapped[UtcDateTime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    """The batch that it is sent with."""
    paced_in: Mapped[UtcDateTime | None]
    """The hour of whose cap it has its part: once in an hour, however often it is tried."""
    last_answer: Mapped[str | None] = mapped_column(String(40))
    """The mail server's last reply code or the kind of fault; never its words."""
    sent_at: Mapped[UtcDateTime | None]
    asked_at: Mapped[UtcDateTime | None]
    """When its writer was asked whether the office has answered."""
    answer: Mapped[Answer | None] = mapped_column(enum_of(Answer, "letter_answer"))
    answered_at: Mapped[UtcDateTime | None]
    recipient: Mapped[Recipient] = relationship()

    def opened(self) -> Written | None:
        """Return what was written, in the clear; None once that is gone. Raises SealBroken."""
        if self.content is None or self.content_key is None:
            return None
        sealed = Sealed(self.content_key, self.content)
        return Written.from_bytes(unseal(sealed, letter_context(self.message_id)))


class LetterTransition(Base):
    """One change of a letter's state. The database writes these rows itself."""

    __tablename__ = "letter_transition"
    __table_args__ = (Index("ix_letter_transition_letter", "letter_id", "id"),)

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(big_id, ForeignKey("letter.id", ondelete="CASCADE"))
    before: Mapped[LetterState] = mapped_column(enum_of(LetterState, "letter_state_before"))
    after: Mapped[LetterState] = mapped_column(enum_of(LetterState, "letter_state_after"))
    at: Mapped[UtcDateTime]
    organiser_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("organiser.id"))


class LetterDraft(Base):
    """A letter while it is written, under a link that only its writer has; kept for a week."""

    __tablename__ = "letter_draft"

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(big_id, ForeignKey("letter_text.id"))
    content: Mapped[Box]
    content_key: Mapped[KeyId]
    expires_at: Mapped[UtcDateTime] = mapped_column(index=True)


class SentElsewhere(Base):
    """A letter that somebody says they have sent another way than through us."""

    __tablename__ = "told_letter"
    __table_args__ = (UniqueConstraint(*TO_ONE_OFFICE, name="one_told_letter_for_each"),)

    id: Mapped[Id]
    letter_campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("letter_campaign.id"))
    recipient_id: Mapped[int] = mapped_column(big_id, ForeignKey("recipient.id"))
    supporter_tag: Mapped[Digest]
    channel: Mapped[Channel] = mapped_column(enum_of(Channel, "channel"))
    told_at: Mapped[UtcDateTime]


class Pace(Base):
    """How many letters left for a recipient in one hour, and may not be more than its cap."""

    __tablename__ = "letter_pace"
    __table_args__ = (CheckConstraint("used >= 0", name="counts_up"),)

    recipient_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("recipient.id", ondelete="CASCADE"), primary_key=True
    )
    hour: Mapped[UtcDateTime] = mapped_column(primary_key=True)
    used: Mapped[int]


class LikenessMark(Base):
    """A mark of a letter's own words: two letters that share most say nearly the same."""

    __tablename__ = "letter_likeness"
    __table_args__ = (Index("ix_letter_likeness_mark", "letter_campaign_id", "mark"),)

    letter_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[Digest] = mapped_column(primary_key=True)
    letter_campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("letter_campaign.id"))


def letter_context(message_id: str) -> str:
    """Return the context to which a letter's content is bound."""
    return f"letter:{message_id}"


def draft_context(token_hash: bytes) -> str:
    """Return the context to which a draft's content is bound."""
    return f"letter-draft:{token_hash.hex()}"


def _context(letter: Letter) -> str:
    return letter_context(letter.message_id)


def _context_of_draft(draft: LetterDraft) -> str:
    return draft_context(draft.token_hash)


SEALED_COLUMNS = (
    (Letter, "content", "content_key", _context),
    (LetterDraft, "content", "content_key", _context_of_draft),
)
