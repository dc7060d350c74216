"""What workers and organisers do with exports, for the trials in which each place fails."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import delete, func, select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports import actions as exports
from petition.exports.models import Contents, ExportState
from petition.jobs import files
from petition.organisers import sessions
from petition.organisers.models import LoginFailure
from petition.signatures.models import Signature, SignatureState
from tests import factories
from tests.faults.acts import OfASignature, Told
from tests.faults.works import OfAWorker, Workroom
from tests.grounds.client import ReadingClient
from tests.grounds.exporting import as_recorded, work_off
from tests.organisers.people import enrol, join


class MakeExport(OfAWorker):
    def __init__(self, room: Workroom) -> None:
        super().__init__(room)
        self.signer = OfASignature(room.door)
        factories.confirm(factories.sign(room.door.ask, factories.signer(self.signer.email)))
        organiser = join(email=factories.address()).id
        with transaction():
            self.export = exports.begin(
                room.door.ask.petition_id, organiser, "To look", Contents(), now()
            )

    def step(self) -> bool:
        return self.room.worker().jobs.do_one()

    def problems(self) -> Iterator[str]:
        record = as_recorded(self.export)
        state = record.state_at(now())
        if state is ExportState.FAILED and record.file is None:
            return  # the disk was full, and whoever asked is told so
        if record.file is None or state is not ExportState.READY:
            yield f"lost: the export is {state}"
            return
        content = b"".join(files.read(record.file))
        if hashlib.sha256(content).hexdigest() != record.sha256:
            yield "untrue: the record names another file"
        yield from missing(content, self.signer.email)


class TakeExport:
    def __init__(self, room: Workroom) -> None:
        self.signer, self.content = OfASignature(room.door), b""
        factories.confirm(factories.sign(room.door.ask, factories.signer(self.signer.email)))
        organiser = join(email=factories.address())
        self.codes = enrol(organiser)
        with transaction() as writing:
            writing.execute(delete(LoginFailure))  # each comes an hour after the one before
            token = sessions.begin(organiser.id, now(), second_factor=True)
            export = exports.begin(
                room.door.ask.petition_id, organiser.id, "To look", Contents(), now()
            )
        work_off()
        self.sha256 = as_recorded(export).sha256
        self.client = ReadingClient(room.door.app, room.door.app.response_class)
        self.client.worker_rests = True  # nothing arrives at this door
        with self.client.session_transaction("/organiser/") as cookie:
            cookie["token"] = token
        self.page = f"/organiser/petitions/{room.door.ask.slug}/exports/{export.id}"
        self.form = self.client.visit(self.page)

    def attempt(self) -> Told:
        given = {"code": self.codes.pop()}
        answer = self.client.submit(self.page, self.form, given, form="form.desk__form")
        if answer.status_code != 303:
            return Told(answer.status_code, answer.text)
        try:
            answer = self.client.get(f"{self.page}/file")
            self.content = answer.get_data()
        except Exception:  # the download breaks off, and a browser says so
            return Told()
        return Told(200) if answer.mimetype == "text/csv" else Told()

    def is_done(self) -> bool:
        return hashlib.sha256(self.content).hexdigest() == self.sha256

    def problems(self) -> Iterator[str]:
        yield from missing(self.content, self.signer.email)


def missing(content: bytes, email: str) -> Iterator[str]:
    """Say what a file lacks of the signatures that count, or has twice."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    listed = Counter(row["email"] for row in csv.DictReader(text))
    counting = Signature.state == SignatureState.CONFIRMED
    confirmed = session.scalar(select(func.count()).where(counting))
    session.commit()
    if listed[email] != 1 or listed.total() != confirmed:
        yield f"lost: {listed.total()} of {confirmed} signatures are in the file"


OF_EXPORTS = (MakeExport, TakeExport)
