"""What people, the worker, the clock, moderators and organisers do, in any order."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from petition.core.clock import now
from petition.core.storage.database import session
from petition.letters.letter.models import Letter
from petition.links.models import MailedLink
from petition.safekeeping.tallies import drifts
from petition.signatures.models import Signature
from petition.signatures.queries import tallied
from petition.supporters.addresses import canonical
from tests.factories import NOON, take_in_all
from tests.faults.model import (
    AT_ONCE,
    KEEP_UNCONFIRMED,
    Link,
    Model,
    Said,
    Signed,
    Way,
    Written,
    link_end,
)
from tests.faults.town import LINK, OFFICES, Town, owner_of, path_of, said_behind
from tests.letters import posting

PEOPLE = ("ana", "ben", "cleo")
SPELLINGS = ("{}@example.org", "{}+label@example.org", "{}@EXAMPLE.org")
VISIBILITIES = ("private", "first_name", "full_name")
DEAD = {404, 410}
LAST_DAY = NOON + timedelta(days=13)
people, spellings = st.sampled_from(PEOPLE), st.sampled_from(SPELLINGS)
offices, visibilities = st.sampled_from(OFFICES), st.sampled_from(VISIBILITIES)
any_of_them = st.integers(0, 1_000)


class Machine(RuleBasedStateMachine):
    """What worker, clock and mail server do; what must hold after each step."""

    town: ClassVar[Town]
    happened: ClassVar[Counter[str]]
    """How often what matters most came to pass, in all runs."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.seen = Model(), set[str]()
        self._receipts: list[Link] = []

    def _links(self, way: Way) -> list[Link]:
        return [link for link in self.model.links if link.way == way]

    def _link(self, way: Way, which: int) -> Link:
        links = self._links(way)
        return links[which % len(links)]

    def _held(self) -> list[Signed]:
        return [one for one in self.model.signatures.values() if one.is_held]

    def _confirmed(self) -> list[Signed]:
        return [one for one in self.model.signatures.values() if one.state == "confirmed"]

    def _unmailed(self) -> list[Written]:
        return [one for one in self.model.letters if one.waits_unmailed]

    def _left(self) -> list[Written]:
        return [one for one in self.model.letters if one.state in {"sent", "unknown"}]

    def _presses(self, link: Link, verb: str = "", **form: str) -> bool:
        """Press a button behind a link; whether it worked, which must be as it should be."""
        answer = self.town.request("POST", f"{link.path}{verb}", **form)
        worked = link.opens(now())
        self.happened[(verb or f"/{link.way}").rpartition("/")[2]] += worked
        if worked:
            assert answer.status_code in {200, 303}, f"{answer.status} behind {link.way}"
        elif not link.is_spent:
            assert answer.status_code in DEAD, f"{answer.status} behind a dead {link.way}"
        if worked and link.way in {Way.CONFIRM, Way.CONFIRM_LETTER} and answer.status_code == 303:
            link.pressed_at = now()
            way = Way.MANAGE if link.way == Way.CONFIRM else Way.MANAGE_LETTER
            path = path_of(answer).removesuffix("/receipt")
            self._receipts.append(Link(way, path, link.owner, link_end(now())))
        return worked

    def _keep_receipt(self) -> None:
        """Keep the link that came with what was just confirmed, which spends older ones."""
        while self._receipts:
            self._keep(self._receipts.pop())

    def _keep(self, link: Link) -> None:
        link.owner.links.append(link)
        self.model.links.append(link)

    @rule(answer=st.sampled_from(("", "", "", "451 later", "550 no", "hang up", "down")))
    def the_worker_sends_mail(self, answer: str) -> None:
        self._with_server(answer, lambda: self._until_done(self.town.let_work().send_mail))

    @rule(answer=st.sampled_from(("", "", "", "451 later", "550 no", "hang up", "down")))
    def the_worker_sends_letters(self, answer: str) -> None:
        before = self.model.may_leave()
        send = self.town.let_work().letter_post.send_letters
        self._with_server(answer, lambda: self._until_done(send))
        self._note_letters(before, answer)

    def _until_done(self, work: object) -> None:
        assert callable(work)
        while work():
            pass

    def _with_server(self, answer: str, work: object) -> None:
        assert callable(work)
        smtp = self.town.smtp
        if answer == "down":
            smtp.down()
        smtp.behaviour.hang_up = answer == "hang up"
        smtp.behaviour.rcpt_answer = answer if answer[:1].isdigit() else ""
        try:
            work()
        finally:
            smtp.behaviour.hang_up, smtp.behaviour.rcpt_answer = False, ""
            if answer == "down":
                smtp.up()
        self._read_mails()

    def _read_mails(self) -> None:
        """Take what came: to whom, by whose leave, and the link in it."""
        for one in self.town.new_mails():
            (to,), name = one.recipients, str(one.message["Message-ID"])
            office = next((office for office in OFFICES if to.startswith(office)), None)
            if office is not None:
                self._take_letter(name[1:33])
                continue
            if name in self.seen:  # a confirmation that comes twice does no harm
                self._start_hours(self._of_seen(one.message), one.message)
                continue
            self.seen.add(name)
            self._take_mail(to, one.message)

    def _take_letter(self, message_id: str) -> None:
        (letter,) = [one for one in self.model.letters if one.message_id == message_id]
        assert letter in self.model.may_leave(), f"a letter that is {letter.state} has left"
        assert message_id not in self.seen, "a letter has left twice"
        self.seen.add(message_id)
        self.happened["sent"] += 1

    def _take_mail(self, to: str, message: EmailMessage) -> None:
        part = message.get_body(("plain",))
        assert part is not None
        found = LINK.search(part.get_content())
        assert found is not None
        way, number = Way(found[2]), owner_of(found[1])
        owners: list[Signed | Written] = [*self.model.signatures.values(), *self.model.letters]
        kinds = Written if "letters/" in way else Signed
        mailed = [one for one in owners if isinstance(one, kinds) and one.mails[way, to] > 0]
        assert mailed, f"a mail ({way}) to somebody who should have none"
        owner = next((one for one in mailed if one.id == number), None)
        assert owner is not None, f"a mail ({way}) whose link is dead, or another mailbox's"
        owner.mails[way, to] -= 1
        mailed_at = self._start_hours(owner, message)
        later = said_behind(found[1]) if way == Way.CONFIRM else None
        assert later is None or later.email == to, "a link confirms what another address said"
        said = Said(later.email, later.visibility.value) if later else None
        self._keep(Link(way, found[1], owner, link_end(mailed_at), to, said))

    def _of_seen(self, message: EmailMessage) -> Signed | Written:
        part = message.get_body(("plain",))
        assert part is not None
        text = part.get_content()
        owners = [link.owner for link in self.model.links if link.path in text]
        assert owners, "a mail came again whose link nobody has had"
        return owners[0]

    def _start_hours(self, owner: Signed | Written, message: EmailMessage) -> datetime:
        """Let a link live its hours from now, if its mail had to wait; return their begin."""
        made = parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
        if now() - made < AT_ONCE:
            return made
        for link in owner.links:  # others of that hour cannot be told from it
            link.start_hours(made, now())
        return now()

    def _note_letters(self, before: list[Written], answer: str) -> None:
        """See where the letters are; what the mail server did must explain each."""
        session.remove()
        states = {one.message_id: one.state.value for one in posting.all_letters()}
        allowed = {
            "": {"sent"},
            "451 later": {"queued"},
            "550 no": {"failed", "queued"},
            "hang up": {"unknown", "queued"},
            "down": {"queued"},
        }
        for letter in before:
            state = states[letter.message_id]
            assert state in allowed[answer] | {"queued"}, f"{answer!r} made a letter {state}"
            if answer == "" and letter.message_id in self.seen:
                assert state == "sent"
            letter.state = state
            if state == "failed":
                self.model.suspect.add(letter.office)

    @rule()
    def the_worker_counts(self) -> None:
        take_in_all()
        assert self.town.ask is not None
        counting = sum(one.counts for one in self.model.signatures.values())
        assert tallied(self.town.ask.petition_id) == counting

    @rule()
    def the_worker_tidies(self) -> None:
        self.town.let_work().do_chores()
        session.remove()
        kept = set(session.scalars(select(Signature.id)))
        left = set(session.scalars(select(Letter.id)))
        session.remove()
        for signed in self.model.signatures.values():
            self._purged(signed, signed.id not in kept, signed.state == "pending")
        for letter in self.model.letters:
            self._purged(letter, letter.id not in left, letter.state == "awaiting")
        self.model.forget()

    def _purged(self, one: Signed | Written, is_gone: bool, may_go: bool) -> None:
        age = now() - one.touched_at
        if is_gone:
            assert may_go, "the worker has erased what was confirmed"
            assert age >= KEEP_UNCONFIRMED, "the worker has erased what was new"
            one.erase()
            self.happened["purged"] += 1
        else:
            assert not may_go or age < KEEP_UNCONFIRMED * 2, "the worker keeps what is old"

    @precondition(lambda _: now() < LAST_DAY - timedelta(days=4))
    @rule(hours=st.sampled_from((0.5, 1, 5, 24, 71, 73, 96)))
    def time_passes(self, hours: float) -> None:
        self.town.clock.shift(timedelta(hours=hours))

    @invariant()
    def each_mailbox_has_the_one_signature_that_the_model_has(self) -> None:
        session.remove()
        rows = session.scalars(select(Signature).order_by(Signature.id)).all()
        found = [
            (row.id, row.state.value, row.on_hold, row.opened().email, row.visibility.value)
            for row in rows
        ]
        names = [canonical(row.opened().email) for row in rows]
        session.remove()
        assert len(set(names)) == len(names)
        model = sorted(
            (one.id, one.state, one.is_held, one.said.address, one.said.visibility)
            for one in self.model.signatures.values()
        )
        assert found == model, (found, model)

    @invariant()
    def the_tally_is_what_the_rows_are(self) -> None:
        assert drifts() == []
        session.remove()

    @invariant()
    def each_letter_is_where_the_model_has_it(self) -> None:
        session.remove()
        found = sorted((one.id, one.state.value) for one in posting.all_letters())
        assert found == sorted((one.id, one.state) for one in self.model.letters)

    @invariant()
    def what_was_erased_is_gone(self) -> None:
        gone = [one.id for one in self.model.erased if isinstance(one, Signed)]
        left = session.scalars(
            select(MailedLink.signature_id).where(MailedLink.signature_id.in_(gone))
        ).all()
        session.remove()
        assert left == []

    def teardown(self) -> None:
        self.town.end()
