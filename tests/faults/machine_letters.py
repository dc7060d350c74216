"""What people who write letters do, the organisers, and the offices."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.models import ExportScope
from petition.letters import decisions
from petition.letters.bounces.actions import note_bounce
from petition.letters.campaigns import halting
from petition.letters.campaigns.queries import letter_campaign_to_change
from petition.letters.letter import mailing as letter_mailing
from petition.letters.letter.models import Letter, LetterState
from petition.recipients.models import Mailroom
from petition.web.site.letterhead import letterhead
from tests.faults.looking import exported
from tests.faults.machine import (
    SPELLINGS,
    any_of_them,
    offices,
    people,
    spellings,
)
from tests.faults.machine_signing import SigningMachine
from tests.faults.model import (
    Link,
    Way,
    Written,
)
from tests.faults.town import OFFICES, newest
from tests.letters import posting


class TownMachine(SigningMachine):
    """All of it."""

    @initialize(signed=st.sets(people), confirmed=st.sets(people), wrote=st.sets(people))
    def begin(self, signed: set[str], confirmed: set[str], wrote: set[str]) -> None:
        """Begin on a day on which some have been there before."""
        self.town.begin()
        for who in sorted(signed | confirmed):
            self.signs(who, SPELLINGS[0], "private")
        for who in sorted(wrote):
            self.hands_in(who, SPELLINGS[0], OFFICES[0], 0)
        self.the_worker_sends_mail("")
        for link in list(self.model.links):
            if isinstance(link.owner, Written):
                self.confirms_a_letter_behind(link)
            elif link.to.partition("@")[0] in confirmed:
                self.confirms_behind(link)
        if confirmed & wrote:
            self.the_worker_sends_letters("")

    @rule(who=people, spelling=spellings, office=offices, program=st.sampled_from((0, 0, 0, 1)))
    def hands_in(self, who: str, spelling: str, office: str, program: int) -> None:
        address, before = spelling.format(who).lower(), newest(Letter)
        answer = self.town.hand_in(address, office, program=bool(program))
        assert str(answer.location).endswith("/preview" if self.model.is_halted else "/send")
        taken = not self.model.is_halted and self.model.hand_in(
            who, office, now(), program=bool(program)
        )
        number = newest(Letter)
        assert (number > before) == taken, "a letter was kept, or not kept, against the rule"
        if not taken:
            return
        name = session.scalar(select(Letter.message_id).where(Letter.id == number)) or ""
        made = Written(number, name, who, office, address, now(), waits_unmailed=bool(program))
        if not program:
            made.mails[Way.CONFIRM_LETTER, address] += 1
        self.model.letters.append(made)

    @rule(who=people, spelling=spellings, office=offices)
    def hands_in_and_looks_into_the_inbox(self, who: str, spelling: str, office: str) -> None:
        self.hands_in(who, spelling, office, 0)
        self.the_worker_sends_mail("")

    @precondition(lambda self: self._links(Way.CONFIRM_LETTER))
    @rule(which=any_of_them)
    def confirms_a_letter(self, which: int) -> None:
        self.confirms_a_letter_behind(self._link(Way.CONFIRM_LETTER, which))

    def confirms_a_letter_behind(self, link: Link) -> None:
        if self._presses(link):
            assert isinstance(link.owner, Written)
            self.model.confirm_letter(link.owner)
            self._keep_receipt()
            self.model.forget()

    @precondition(lambda self: self._links(Way.CONFIRM_LETTER))
    @rule(which=any_of_them)
    def declines_a_letter(self, which: int) -> None:
        link = self._link(Way.CONFIRM_LETTER, which)
        if self._presses(link, "/decline"):
            link.owner.erase()
            self.model.forget()

    @precondition(lambda self: self._links(Way.MANAGE_LETTER))
    @rule(which=any_of_them)
    def stops_a_letter(self, which: int) -> None:
        link = self._link(Way.MANAGE_LETTER, which)
        if self._presses(link, "/stop"):
            assert isinstance(link.owner, Written)
            if link.owner.state == "queued":
                link.owner.state = "stopped"

    @precondition(lambda self: self._unmailed())
    @rule(which=any_of_them)
    def a_moderator_lets_a_letter_be_confirmed(self, which: int) -> None:
        letter = self._unmailed()[which % len(self._unmailed())]
        assert self.town.organiser is not None
        with self.town.app.test_request_context("/en/"), transaction():
            row = session.get_one(Letter, letter.id)
            decisions.accept(row, self.town.organiser.id, now())
            letter_mailing.mail_at_last(row, letterhead("en"), now())
        letter.waits_unmailed, letter.touched_at = False, now()
        letter.mails[Way.CONFIRM_LETTER, letter.address] += 1

    @rule()
    def an_organiser_stops_or_lets_go(self) -> None:
        assert self.town.organiser is not None
        with transaction():
            found = letter_campaign_to_change(posting.LETTER)
            assert found is not None
            if self.model.is_halted:
                halting.resume(found, self.town.organiser.id, now())
            else:
                halting.halt(found, self.town.organiser.id, now())
        self.model.is_halted = not self.model.is_halted

    @precondition(lambda self: self._left())
    @rule(which=any_of_them)
    def a_letter_comes_back(self, which: int) -> None:
        letter = self._left()[which % len(self._left())]
        with transaction():
            assert note_bounce(letter.message_id, "5.1.1", now()) is not None
        letter.state = LetterState.BOUNCED.value
        self.model.suspect.add(letter.office)
        self.happened["bounced"] += 1

    @precondition(lambda self: self.model.suspect)
    @rule(office=offices)
    def somebody_looks_at_an_office(self, office: str) -> None:
        number = posting.office(office).id
        with transaction():
            session.get_one(Mailroom, number).suspect_since = None
        self.model.suspect.discard(office)

    @rule()
    def an_organiser_exports(self) -> None:
        listed = sorted(row["email"] for row in exported(ExportScope.CONFIRMED))
        there = self.model.signatures.values()
        assert listed == sorted(one.said.address for one in there if one.counts)
