"""What people who sign do, and the moderators who look at it."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.signatures import mailing
from petition.signatures.desk import decisions
from petition.signatures.models import Signature
from petition.web.site.letterhead import letterhead
from tests.faults.machine import (
    Machine,
    any_of_them,
    people,
    spellings,
    visibilities,
)
from tests.faults.model import (
    Link,
    Said,
    Signed,
    Way,
)
from tests.faults.town import newest


class SigningMachine(Machine):
    """Forms, links, buttons, holds."""

    @rule(who=people, spelling=spellings, visibility=visibilities)
    def signs(self, who: str, spelling: str, visibility: str) -> None:
        said = Said(spelling.format(who).lower(), visibility)
        answer = self.town.sign(said.address, visibility, read_for=30.0, website="")
        assert answer.status_code == 200
        self._note_signed(who, said, program=False)

    @rule(who=people, spelling=spellings, visibility=visibilities)
    def signs_and_looks_into_the_inbox(self, who: str, spelling: str, visibility: str) -> None:
        self.signs(who, spelling, visibility)
        self.the_worker_sends_mail("")

    @rule(who=people, spelling=spellings, fast=st.booleans())
    def a_program_signs(self, who: str, spelling: str, fast: bool) -> None:
        said = Said(spelling.format(who).lower(), "private")
        bait = {"read_for": 0.5, "website": ""} if fast else {"read_for": 30.0, "website": "x"}
        answer = self.town.sign(said.address, "private", **bait)  # type: ignore[arg-type]
        assert answer.status_code == 200
        self._note_signed(who, said, program=True)

    def _note_signed(self, who: str, said: Said, *, program: bool) -> None:
        if who in self.model.signatures:
            if not program:
                self.model.sign_again(who, said, now())
            return
        made = Signed(newest(Signature), said, now(), is_held=program, waits_unmailed=program)
        if not program:
            made.mails[Way.CONFIRM, said.address] += 1
        self.model.signatures[who] = made

    @rule(who=people, spelling=spellings)
    def asks_for_the_link(self, who: str, spelling: str) -> None:
        assert self.town.ask_for_link(spelling.format(who)).status_code == 200
        self.model.ask_for_link(who)

    @precondition(lambda self: self.model.links)
    @rule(which=any_of_them, method=st.sampled_from(("GET", "HEAD")))
    def opens_a_link(self, which: int, method: str) -> None:
        link = self.model.links[which % len(self.model.links)]
        opened = self.town.request(method, link.path).status_code == 200
        assert opened == link.opens(now()) or link.leads_on(now())

    @precondition(lambda self: self._links(Way.CONFIRM))
    @rule(which=any_of_them)
    def confirms(self, which: int) -> None:
        self.confirms_behind(self._link(Way.CONFIRM, which))

    def confirms_behind(self, link: Link) -> None:
        if self._presses(link):
            assert isinstance(link.owner, Signed)
            link.owner.confirm(link)
            self._keep_receipt()

    @precondition(lambda self: self._links(Way.CONFIRM))
    @rule(which=any_of_them)
    def declines(self, which: int) -> None:
        link = self._link(Way.CONFIRM, which)
        if self._presses(link, "/decline"):
            assert isinstance(link.owner, Signed)
            link.owner.decline(link)
            self.model.forget()

    @precondition(lambda self: self._links(Way.MANAGE))
    @rule(which=any_of_them)
    def withdraws(self, which: int) -> None:
        link = self._link(Way.MANAGE, which)
        if self._presses(link, "/withdraw"):
            assert isinstance(link.owner, Signed)
            link.owner.withdraw()

    @precondition(lambda self: self._links(Way.MANAGE))
    @rule(which=any_of_them)
    def erases(self, which: int) -> None:
        link = self._link(Way.MANAGE, which)
        if self._presses(link, "/erase", sure="y"):
            link.owner.erase()
            self.model.forget()

    @precondition(lambda self: self._links(Way.MANAGE))
    @rule(which=any_of_them, visibility=visibilities)
    def changes_how_the_name_appears(self, which: int, visibility: str) -> None:
        link = self._link(Way.MANAGE, which)
        if self._presses(link, "/appearance", visibility=visibility):
            assert isinstance(link.owner, Signed)
            link.owner.said = Said(link.owner.said.address, visibility)

    @precondition(lambda self: self._held())
    @rule(which=any_of_them)
    def a_moderator_accepts(self, which: int) -> None:
        there = self._held()[which % len(self._held())]
        assert self.town.organiser is not None
        with self.town.app.test_request_context("/en/"), transaction():
            row = session.get_one(Signature, there.id)
            decisions.accept(row, self.town.organiser.id, now())
            mailing.mail_at_last(row, letterhead("en"), now())
        if there.waits_unmailed and there.state == "pending":
            there.mails[Way.CONFIRM, there.said.address] += 1
            there.touched_at = now()
        there.is_held = there.waits_unmailed = False

    @precondition(lambda self: self._confirmed())
    @rule(which=any_of_them)
    def a_moderator_invalidates(self, which: int) -> None:
        there = self._confirmed()[which % len(self._confirmed())]
        assert self.town.organiser is not None
        with transaction():
            row = session.get_one(Signature, there.id)
            decisions.invalidate(row, self.town.organiser.id, "A test", now())
        there.state = "invalidated"
