"""kill -9 around the mail server's last word: no letter is sent twice, and none is lost."""

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import pytest
from sqlalchemy import delete, update

from petition.core.database import session, transaction
from petition.letters.letter import LetterState
from petition.outbox.models import OutboxMail
from petition.recipients.models import WEEK, Mailroom
from tests.faults.looking import database_of
from tests.faults.visitors import wait_until
from tests.grounds.databases import KINDS
from tests.grounds.mail import SmtpServer
from tests.grounds.servers import ROOT, Server, StartServer
from tests.letters.posting import OFFICE, OTHER_OFFICE, all_letters, confirm, hand_in, posted

LETTERS_FOR_A_KILL = 4
FAR_ENOUGH = 0.4
"""The part of the letters after which the last kill has come."""


@dataclass
class Killer:
    """Kills the worker while the mail server takes a letter: before, in, or after its answer."""

    rounds: int
    letters: int
    dice: random.Random
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0
    _lock: Lock = field(default_factory=Lock)

    def may_kill(self) -> None:
        """Kill with some probability, while there are rounds left."""
        with self._lock:
            alive = self.process is not None and self.process.poll() is None
            if not alive or self.kills >= self.rounds or self.dice.random() > FAR_ENOUGH:
                return
            assert self.process is not None
            self.process.send_signal(signal.SIGKILL)
            self.kills += 1


@dataclass
class DeadlyServer(SmtpServer):
    """A mail server during whose answers somebody is killed."""

    killer: Killer | None = None

    def _keep(self, envelope: object) -> None:
        moment = self.killer.dice.randrange(3) if self.killer else 0
        if moment == 0 and self.killer:
            self.killer.may_kill()
        super()._keep(envelope)  # type: ignore[arg-type]
        if moment == 1 and self.killer:
            self.killer.may_kill()
        if moment == 2 and self.killer:
            Timer(self.killer).start()
