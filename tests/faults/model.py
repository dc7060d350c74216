"""One petition and the letters beside it, as a few dozen lines of plain Python have it.

It knows DESIGN's rules and nothing of the product. Where the product may do less than it could
(a day's cap has been reached), the model holds what it may do at most.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

LINK_HOURS = timedelta(hours=72)
AT_ONCE = timedelta(minutes=10)
KEEP_UNCONFIRMED = timedelta(days=7)
MOST_MAILS = 2
MOST_WAITING = 5


def link_end(at: datetime) -> datetime:
    """Return until when a link lives that is made or mailed now: 72 hours, and the hour to its end.

    To the minute it would tell when somebody signed.
    """
    end = at + LINK_HOURS
    hour = end.replace(minute=0, second=0, microsecond=0)
    return end if end == hour else hour + timedelta(hours=1)


class Way(StrEnum):
    """Which of the pages a link opens."""

    CONFIRM = "confirm"
    MANAGE = "manage"
    CONFIRM_LETTER = "letters/confirm"
    MANAGE_LETTER = "letters/manage"


@dataclass(eq=False)
class Link:
    """A link that came by mail, or with a receipt."""

    way: Way
    path: str
    owner: "Signed | Written"
    expires_at: datetime
    to: str = ""
    """The address that it was mailed to."""
    said: "Said | None" = None
    """What it confirms, where that was said after the signature was noted."""
    is_spent: bool = False
    pressed_at: datetime | None = None

    def start_hours(self, made: datetime, at: datetime) -> None:
        """Let it live its hours from now, if it was made with a mail that leaves only now."""
        if self.expires_at == link_end(made):
            self.expires_at = link_end(at)

    def leads_on(self, at: datetime) -> bool:
        """Whether it may lead whoever pressed its button to what came of that."""
        return self.pressed_at is not None and at - self.pressed_at < AT_ONCE

    def opens(self, at: datetime) -> bool:
        """Whether it opens its page."""
        return not self.is_spent and not self.owner.is_gone and at < self.expires_at


@dataclass(frozen=True)
class Said:
    """What somebody said in the form."""

    address: str
    visibility: str


@dataclass(eq=False)
class Signed:
    """The signature of one mailbox, from its first form until it is erased."""

    id: int
    said: Said
    touched_at: datetime
    state: str = "pending"
    is_held: bool = False
    waits_unmailed: bool = False
    """It looks like a program's, and no moderator has accepted it."""
    is_gone: bool = False
    mails: Counter[tuple[Way, str]] = field(default_factory=Counter)
    """How many mails of a kind may go to an address, at most."""
    links: list[Link] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether the petition's number includes it."""
        return self.state == "confirmed" and not self.is_held

    def may_confirm_again(self) -> bool:
        """Whether one more mail that asks for confirmation may leave."""
        return self.state in {"pending", "withdrawn"}

    def confirm(self, link: Link) -> None:
        """Let it count as the link says it."""
        self.state = "confirmed"
        if link.said is not None:
            if link.said.address.casefold() != self.said.address.casefold():
                self.spend(Way.MANAGE)
            self.said = link.said
        self.spend(Way.CONFIRM)

    def withdraw(self) -> None:
        """Take it back, if it was confirmed."""
        if self.state == "confirmed":
            self.state = "withdrawn"
            self.spend(Way.CONFIRM)

    def decline(self, link: Link) -> None:
        """Refuse what a link would confirm; another's link takes what it carries along."""
        spelled = (link.said or self.said).address.casefold()
        if spelled != self.said.address.casefold():
            link.is_spent = True
        elif self.state == "pending":
            self.erase()
        else:
            self.spend(Way.CONFIRM)

    def erase(self) -> None:
        """Leave nothing, and no mail that has still to leave."""
        self.is_gone = True
        self.mails.clear()

    def spend(self, way: Way) -> None:
        """Let no link of this kind open any more; one that still waits to be mailed is not."""
        for link in self.links:
            link.is_spent |= link.way == way
        self.mails = Counter({mail: n for mail, n in self.mails.items() if mail[0] != way})


@dataclass(eq=False)
class Written:
    """One letter of one mailbox to one office."""

    id: int
    message_id: str
    mailbox: str
    office: str
    address: str
    touched_at: datetime
    state: str = "awaiting"
    waits_unmailed: bool = False
    is_gone: bool = False
    mails: Counter[tuple[Way, str]] = field(default_factory=Counter)
    links: list[Link] = field(default_factory=list)

    def erase(self) -> None:
        """Leave nothing, and no mail that has still to leave."""
        self.is_gone = True
        self.mails.clear()


@dataclass
class Model:
    """All of it."""

    signatures: dict[str, Signed] = field(default_factory=dict)
    """By mailbox."""
    letters: list[Written] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    erased: list[Signed | Written] = field(default_factory=list)
    is_halted: bool = False
    suspect: set[str] = field(default_factory=set)
    """Offices to which nothing goes until somebody has looked."""

    def sign_again(self, mailbox: str, said: Said, at: datetime) -> None:
        """Note what a further form of a mailbox may bring about."""
        there = self.signatures[mailbox]
        if there.state in {"confirmed"}:
            there.mails[Way.MANAGE, there.said.address] += 1
        elif there.may_confirm_again():
            if there.waits_unmailed:
                there.said, there.is_held, there.waits_unmailed = said, False, False
            there.mails[Way.CONFIRM, said.address] += 1
            there.touched_at = at

    def ask_for_link(self, mailbox: str) -> None:
        """Note what a request for the link may bring about: a mail to who confirmed."""
        there = self.signatures.get(mailbox)
        if there is not None and there.state != "pending":
            there.mails[Way.MANAGE, there.said.address] += 1

    def forget(self) -> None:
        """Move what is erased out of the way."""
        gone: list[Signed | Written] = [one for one in self.signatures.values() if one.is_gone]
        gone += [one for one in self.letters if one.is_gone]
        self.erased += gone
        self.signatures = {m: one for m, one in self.signatures.items() if not one.is_gone}
        self.letters = [one for one in self.letters if not one.is_gone]

    def to(self, mailbox: str, office: str) -> list[Written]:
        """Return the letters of a mailbox to an office."""
        return [one for one in self.letters if (one.mailbox, one.office) == (mailbox, office)]

    def hand_in(self, mailbox: str, office: str, at: datetime, *, program: bool) -> bool:
        """Note what a further letter may bring about; whether it is kept as one more."""
        here = self.to(mailbox, office)
        confirmed = [one for one in here if one.state != "awaiting"]
        if confirmed:
            if not program:
                confirmed[0].mails[Way.MANAGE_LETTER, confirmed[0].address] += 1
            return False
        mine = [one for one in self.letters if one.mailbox == mailbox and one.state == "awaiting"]
        waiting = [one for one in mine if program or not one.waits_unmailed]
        shut = program and any(one.waits_unmailed for one in here)
        return len(here) < MOST_MAILS and len(waiting) < MOST_WAITING and not shut

    def confirm_letter(self, letter: Written) -> None:
        """Let a letter leave; its writer's other ones to this office go."""
        for other in self.to(letter.mailbox, letter.office):
            if other is not letter and other.state == "awaiting":
                other.erase()
        letter.state = "queued"
        self.spend_letter(letter)

    def spend_letter(self, letter: Written) -> None:
        """Let no link confirm this letter any more."""
        for link in letter.links:
            link.is_spent |= link.way == Way.CONFIRM_LETTER

    def may_leave(self) -> list[Written]:
        """Return the letters that may go to their offices now."""
        return [
            one
            for one in self.letters
            if one.state == "queued" and not self.is_halted and one.office not in self.suspect
        ]
