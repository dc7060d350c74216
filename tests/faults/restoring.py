"""An operator puts an older backup back: what had left does not leave again, nobody is back."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from petition.core.clock import now
from petition.core.errors import InstallUnfit
from petition.core.keyring.installed import tie_to_keys
from petition.core.keyring.journal import journal
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import LetterState
from petition.opening import open_instance
from petition.safekeeping.backup import back_up
from petition.signatures.models import Signature, SignatureState
from petition.signatures.removals import erase
from tests import factories
from tests.faults.acts import OfASignature, Told
from tests.faults.works import Workroom
from tests.letters import posting


class Restore:
    """A backup with a letter and a mail that left since, and somebody who was erased since."""

    def __init__(self, room: Workroom) -> None:
        self.room, self.is_first = room, True
        self.stays, self.gone, self.asked = (OfASignature(room.door) for _ in range(3))
        self.found: list[str] = []
        journal().path.unlink(missing_ok=True)
        with transaction():
            tie_to_keys()
        for one in (self.stays, self.gone):
            factories.confirm(self._sign(one))
        self._sign(self.asked)
        self.letter = posting.queued().message_id
        self.file = self._backed_up()
        self._let_worker_send()
        number = self.gone.number()
        with transaction() as writing:
            erase(writing.get_one(Signature, number), now())
        self.later = OfASignature(room.door)
        factories.confirm(self._sign(self.later))

    def _sign(self, who: OfASignature) -> factories.Letters:
        return factories.sign(self.room.door.ask, factories.signer(who.email))

    def _backed_up(self) -> Path:
        path = self.room.config.instance / "monday.backup"
        path.unlink(missing_ok=True)
        session.remove()
        back_up(self.room.config.database, path, with_keys=False)
        return path

    def _let_worker_send(self) -> None:
        worker = self.room.fresh_worker()
        for send in (worker.send_mail, worker.letter_post.send_letters):
            while send():
                pass
        self.room.close()
        session.remove()

    def attempt(self) -> Told:
        if not self.is_first:
            self.found += [f"{one}, before it was tried again" for one in self._begins_anew()]
        self.is_first = False
        app: Flask = self.room.door.app
        done = app.test_cli_runner().invoke(args=["restore", str(self.file)])
        return Told(200 if done.exit_code == 0 else 500, done.output)

    def is_done(self) -> bool:
        return self.later.row() is None and not list(self._begins_anew())

    def problems(self) -> Iterator[str]:
        yield from self.found
        yield from self._begins_anew()
        if self.later.row() is not None:
            yield "untrue: it was restored, and a later signature is there"

    def _begins_anew(self) -> Iterator[str]:
        """Start the site on whatever is there now; yield what must not be so."""
        try:
            open_instance(self.room.config)
            self._let_worker_send()
        except InstallUnfit:
            return  # it does not start, and says what is to be done
        names = [str(one.message["Message-ID"])[1:33] for one in self.room.smtp.accepted]
        if names.count(self.letter) != 1:
            yield f"doubled: a letter left {names.count(self.letter)} times"
        if len(self.room.smtp.to(self.asked.email)) != 1:
            yield "doubled: a mail left twice"
        if posting.letter_with(self.letter).state not in {LetterState.SENT, LetterState.UNKNOWN}:
            yield "lost: a letter is not where it was"
        if self.gone.row() is not None:
            yield "untrue: who was erased is back"
        if self.stays.state() != SignatureState.CONFIRMED:
            yield "lost: a signature of the backup is not there"
        session.remove()
