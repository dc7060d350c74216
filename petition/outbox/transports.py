"""How envelopes leave, and what may become of them; into a folder where no server is configured."""

import os
from pathlib import Path
from typing import Protocol

from petition.outbox.envelopes import Envelope


class Refused(Exception):
    """The server refused this mail for good. `str(error)` is its code."""


class MailboxRefused(Refused):
    """The server knows no such mailbox, or takes nothing for it."""


class Postponed(Exception):
    """The server refused this mail for now. `str(error)` is its code."""


class Unreachable(Exception):
    """The mail server does not answer at all; every mail has to wait."""


class InDoubt(Exception):
    """The connection broke while the text was handed over: nobody knows whether it was taken."""


class Transport(Protocol):
    """Something that takes envelopes, one after the other, each in three steps.

    Whoever has other work does it between them, while the server thinks; `send` takes all three.
    """

    def reach(self) -> None:
        """See whether a server is there at all. Raises Unreachable."""

    def announce(self, envelope: Envelope) -> None:
        """Begin with an envelope. Nothing has left yet. Raises Unreachable."""

    def deliver(self) -> None:
        """Hand over what was announced. Raises Refused, Postponed, Unreachable or InDoubt."""

    def read_answer(self) -> None:
        """Wait for the last word on it. Raises Refused, Postponed, Unreachable or InDoubt."""

    def close(self) -> None:
        """Let go of what is open."""


def send(transport: Transport, envelope: Envelope) -> None:
    """Hand an envelope over. Raises Refused, Postponed, Unreachable or InDoubt."""
    transport.announce(envelope)
    transport.deliver()
    transport.read_answer()


class FolderTransport:
    """Writes each mail as an .eml file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._envelope: Envelope | None = None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def reach(self) -> None:
        """The folder is there."""

    def announce(self, envelope: Envelope) -> None:
        """Keep the envelope."""
        self._envelope = envelope

    def deliver(self) -> None:
        """Write the file; a second attempt writes the same file again. Raises Unreachable."""
        assert self._envelope is not None, "announce it first"
        try:
            self._write(self._envelope.name, self._envelope.octets)
        except OSError as fault:
            raise Unreachable(type(fault).__name__) from None

    def read_answer(self) -> None:
        """A file that is written is taken."""

    def _write(self, name: str, content: bytes) -> None:
        beside = f"{self.folder}/.{name}"
        with open(beside, "wb") as stream:  # noqa: PTH123 - a path costs a quarter of it
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, f"{self.folder}/{name}")  # noqa: PTH105

    def close(self) -> None:
        """Nothing is open."""
