"""A mail server on loopback that records what it accepts and misbehaves on request."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message that the server took, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class Behaviour:
    """How the server answers; tests change it as they go."""

    sender_answer: str = ""  # such as "550 5.7.1 daily quota exceeded"; empty: accept
    rcpt_answer: str = ""  # such as "550 5.1.1 no such mailbox"; empty: accept
    rcpt_answers: dict[str, str] = field(default_factory=dict)  # to some mailboxes alone
    taken_answer: str = "250 2.0.0 OK"  # to a message that it takes
    data_answer: str = ""  # such as "451 4.3.0 try again later"; empty: accept
    pause: float = 0.0  # seconds before it answers the message
    hang_up: bool = False  # take the message, then drop the connection without an answer
    takes_several: bool = True  # commands before it has answered the one before (RFC 2920)
    forgets_refusals: bool = False  # asks for the text, although it refused its recipient


@dataclass
class SmtpServer:
    """The server, its address, and what it has taken."""

    port: int
    behaviour: Behaviour = field(default_factory=Behaviour)
    accepted: list[Accepted] = field(default_factory=list)
    when_taken: Callable[[], object] = bool
    """What happens once a message is taken, before that is answered."""
    attempts: int = 0
    connections: int = 0
    _lock: Lock = field(default_factory=Lock)
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        """The server as the setting MAIL_SERVER names it."""
        return f"smtp://{LOOPBACK}:{self.port}"

    def up(self) -> None:
        """Listen; at the start, and after `down`."""
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port)
        self._controller.start()

    def down(self) -> None:
        """Refuse connections."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[EmailMessage]:
        """Return the messages taken for an address, oldest first."""
        with self._lock:
            return [one.message for one in self.accepted if address in one.recipients]

    async def handle_EHLO(  # noqa: N802 -- the library's names
        self, _server: SMTP, session: Session, _envelope: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        """Say what it can do."""
        session.host_name = host
        with self._lock:
            self.connections += 1
        more = ["250-PIPELINING"] if self.behaviour.takes_several else []
        return [answers[0], *more, *answers[1:]]

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Answer for the sender."""
        if self.behaviour.sender_answer:
            return self.behaviour.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Answer for one recipient."""
        answer = self.behaviour.rcpt_answers.get(address, self.behaviour.rcpt_answer)
        if answer:
            with self._lock:
                self.attempts += 1
            if self.behaviour.forgets_refusals:
                envelope.rcpt_tos.append(address)
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer for one message, and keep it when it is accepted."""
        with self._lock:
            self.attempts += 1
        await asyncio.sleep(self.behaviour.pause)
        if self.behaviour.data_answer:
            return self.behaviour.data_answer
        self._keep(envelope)
        if self.behaviour.hang_up and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return self.behaviour.taken_answer

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        with self._lock:
            self.accepted.append(
                Accepted(envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
            )
        self.when_taken()


def free_port() -> int:
    """Return a port on loopback that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A mail server that accepts; change its `behaviour`, or take it `down` and `up`."""
    server = SmtpServer(free_port())
    server.up()
    yield server
    server.down()
