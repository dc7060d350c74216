"""The worker takes in what forms brought, as a case that may fail."""

from collections.abc import Iterator

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.letters.arriving import ArrivedLetter
from petition.letters.letter.models import LetterState
from petition.signatures.arriving import ArrivedSignature, LinkRequest
from petition.signatures.models import SignatureState
from petition.signatures.signers import Signing
from tests import factories
from tests.faults.acts import OfALetter, OfASignature
from tests.faults.looking import arrivals_waiting
from tests.faults.works import OfAWorker, Workroom
from tests.letters import posting
from tests.web.public.people import links_to


class TakeIn(OfAWorker):
    """A signature, a request for the link to another, and a letter have arrived."""

    def __init__(self, room: Workroom) -> None:
        super().__init__(room)
        ask, at = room.door.ask, now()
        self.signer, self.signed = OfASignature(room.door), OfASignature(room.door)
        self.writer = OfALetter(room.door)
        factories.confirm(factories.sign(ask, factories.signer(self.signed.email)))
        letter = posting.finished(self.writer.email)
        with transaction():
            given = Signing(factories.signer(self.signer.email), ask.text_id, at)
            ArrivedSignature(given, bytes(32)).append(ask.petition_id)
            LinkRequest(ask.text_id, "en", self.signed.email, None).append(at)
            made_from = letter.text_id, letter.recipient.id, letter.written, "en"
            arrived = ArrivedLetter(*made_from, is_suspect=False, network=None)
            arrived.append(at, draft_hash=bytes(32))

    def step(self) -> bool:
        worker = self.room.worker()
        return worker.arrivals.take_in() or worker.letters_in.take_in()

    def problems(self) -> Iterator[str]:
        if arrivals_waiting():
            yield "lost: something that has arrived is not taken in"
        if len(links_to(self.signer.email)) != 1 or self.signer.state() != SignatureState.PENDING:
            yield "lost: a signature that has arrived, or its mail; or it is doubled"
        if len(links_to(self.signed.email)) != 1:
            yield "lost: the link that somebody has asked for; or it is doubled"
        if [one.state for one in self.writer.letters()] != [LetterState.AWAITING]:
            yield "lost: a letter that has arrived; or it is doubled"
