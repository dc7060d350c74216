"""A mail server on loopback from which mail is read over IMAP, as far as one folder needs it."""

import asyncio
import base64
import re
import ssl
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.grounds.mail import LOOPBACK, free_port

USER, PASSWORD, FOLDER = "post-room", "a p@ss/word", "Came back"


@dataclass
class KeptMail:
    """One mail in the folder."""

    uid: int
    octets: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class ImapServer:
    """The server and its one folder; tests change it as they go."""

    port: int
    mails: list[KeptMail] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """The commands that it was given, without what they were about."""
    capabilities: str = "IMAP4rev1 AUTH=PLAIN UIDPLUS"
    hang_up_at: str = ""
    """A command at which it ends the connection."""
    hang_up_over: int = 0
    """The uid of a mail that it breaks over when it is fetched."""
    tls: ssl.SSLContext | None = None
    _last_uid: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The folder as the setting BOUNCE_MAILBOX names it."""
        scheme = "imaps" if self.tls else "imap"
        return f"{scheme}://{USER}:a%20p%40ss%2Fword@{LOOPBACK}:{self.port}/Came%20back"

    def put(self, octets: bytes) -> KeptMail:
        """Let a mail arrive."""
        self._last_uid += 1
        mail = KeptMail(self._last_uid, octets)
        self.mails.append(mail)
        return mail

    def up(self) -> None:
        """Listen."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._wait_for(
            asyncio.start_server(self._serve, LOOPBACK, self.port, ssl=self.tls)
        )

    def down(self) -> None:
        """Refuse connections."""
        if self._loop is None or self._server is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._server.close)
        self._wait_for(_end_the_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
        self._loop = self._thread = self._server = None

    def _wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(self, reader)
        try:
            async for octets in conversation.answers():
                writer.write(octets)
                await writer.drain()
        finally:
            writer.close()


@dataclass
class Conversation:
    """One client's connection."""

    server: ImapServer
    reader: asyncio.StreamReader
    is_open: bool = False
    """Whether the client has said who it is."""

    async def answers(self) -> AsyncIterator[bytes]:
        """Yield what is to be said, until the client or the server hangs up."""
        yield f"* OK [CAPABILITY {self.server.capabilities}] ready\r\n".encode()
        while line := await self.reader.readline():
            tag, _, command = line.decode().rstrip("\r\n").partition(" ")
            verb = self._verb(command)
            self.server.said.append(verb)
            breaks = verb == "UID FETCH" and command.split()[2] == str(self.server.hang_up_over)
            if verb == self.server.hang_up_at or breaks:
                return
            if verb == "AUTHENTICATE":
                yield b"+ \r\n"
                given = base64.b64decode(await self.reader.readline()).decode()
                self.is_open = given == f"\0{USER}\0{PASSWORD}"
                yield f"{tag} {'OK' if self.is_open else 'NO'} done\r\n".encode()
                continue
            for part in self._answer(verb, command):
                yield part
            yield f"{tag} {self._result(verb, command)} done\r\n".encode()
            if verb == "LOGOUT":
                return

    @staticmethod
    def _verb(command: str) -> str:
        words = command.upper().split()
        return " ".join(words[:2] if words[0] == "UID" else words[:1])

    def _result(self, verb: str, command: str) -> str:
        if verb == "LOGIN":
            self.is_open = command == f'LOGIN {USER} "{PASSWORD}"'
            return "OK" if self.is_open else "NO"
        if verb in {"CAPABILITY", "LOGOUT"}:
            return "OK"
        there = verb != "SELECT" or command == f'SELECT "{FOLDER}"'
        return "OK" if self.is_open and there else "NO"

    def _answer(self, verb: str, command: str) -> Iterator[bytes]:
        if verb == "CAPABILITY":
            yield f"* CAPABILITY {self.server.capabilities}\r\n".encode()
        elif verb == "LOGOUT":
            yield b"* BYE\r\n"
        elif self.is_open:
            yield from self._about_mails(verb, command)

    def _about_mails(self, verb: str, command: str) -> Iterator[bytes]:
        mails = self.server.mails
        if verb == "SELECT":
            yield f"* {len(mails)} EXISTS\r\n".encode()
        elif verb == "UID SEARCH":
            first, last = map(int, command.split()[2].split(":"))
            those = mails[first - 1 : last]
            new = [str(one.uid) for one in those if not one.flags & {r"\Seen", r"\Deleted"}]
            yield f"* SEARCH {' '.join(new)}\r\n".encode()
        elif verb == "UID FETCH":
            yield from self._fetched(command)
        elif verb == "UID STORE":
            for mail in self._named(command):
                mail.flags |= set(re.findall(r"\\\w+", command))
        elif verb == "EXPUNGE":
            self._expunge(mails)
        elif verb == "UID EXPUNGE":
            self._expunge(self._named(command))

    def _fetched(self, command: str) -> Iterator[bytes]:
        most = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", command)
        assert most is not None
        for mail in self._named(command):
            octets = mail.octets[: int(most[1])]
            start = f"* {mail.uid} FETCH (UID {mail.uid} BODY[]<0> {{{len(octets)}}}\r\n"
            yield start.encode() + octets + b")\r\n"

    def _named(self, command: str) -> list[KeptMail]:
        uids = command.split()[2].split(",")
        return [mail for mail in self.server.mails if str(mail.uid) in uids]

    def _expunge(self, those: list[KeptMail]) -> None:
        gone = [mail for mail in those if r"\Deleted" in mail.flags]
        self.server.mails = [mail for mail in self.server.mails if mail not in gone]


async def _end_the_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    """A mailbox without a mail in it."""
    server = ImapServer(free_port())
    server.up()
    yield server
    server.down()
