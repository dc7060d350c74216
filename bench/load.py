"""The load: one process, one thread, a few connections; every answer is looked at.

Run as `python -m bench.load`: reads a job as JSON, writes what it saw as JSON. It does as little
as it can for each answer, so that it is not what is measured; its own processor time is told.
"""

import json
import re
import resource
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
HEAD_END = b"\r\n\r\n"
MOST_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask, of whom, for how long, and what a good answer has."""

    port: int
    requests: list[str]
    """Whole requests. A single one is repeated until the time is up."""
    clients: int
    seconds: float
    status: str
    marker: str
    """Stands in every good answer, head or body."""
    collect: str = ""
    """A pattern whose group is kept of every answer."""
    host: str = "127.0.0.1"
    reuse: bool = False
    """Whether a connection serves several requests; else each has its own, as fresh browsers do."""


@dataclass(slots=True)
class Seen:
    """What the load saw."""

    good: int = 0
    bad: int = 0
    seconds: float = 0.0
    own_cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)
    """The first few bad answers."""
    collected: list[str] = field(default_factory=list)
    body_bytes: int = 0


@dataclass(slots=True)
class Client:
    """One client: a connection and the answer that is coming in over it."""

    connection: socket.socket | None = None
    answer: bytearray = field(default_factory=bytearray)
    asked_at: float = 0.0
    whole: int | None = None
    """How long the answer will be, once its head is there."""


class Load:
    """Several clients, each asking again as soon as it was answered."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.seen = Seen()
        self._marker, self._status = job.marker.encode(), job.status.encode()
        self._collect = re.compile(job.collect.encode()) if job.collect else None
        self._requests = [request.encode() for request in job.requests]
        self._next = 0
        self._ends_at = 0.0
        self._selector = selectors.DefaultSelector()

    def run(self) -> Seen:
        """Ask until time or requests run out, and wait for the answers still on their way."""
        cpu, start = _own_cpu(), time.perf_counter()
        self._ends_at = start + self.job.seconds
        for _ in range(self.job.clients):
            self._ask(Client())
        while self._selector.get_map():
            ready = self._selector.select(timeout=30)
            if not ready:
                self._give_up()
            for key, _events in ready:
                self._read(key.data)
        self.seen.seconds = time.perf_counter() - start
        self.seen.own_cpu = _own_cpu() - cpu
        return self.seen

    def _ask(self, client: Client) -> None:
        request = self._take()
        if request is None:
            self._close(client)
            return
        client.answer.clear()
        client.whole = None
        client.asked_at = time.perf_counter()
        if client.connection is None:
            client.connection = socket.create_connection((self.job.host, self.job.port))
            client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(client.connection, selectors.EVENT_READ, client)
        client.connection.sendall(request)

    def _take(self) -> bytes | None:
        if time.perf_counter() >= self._ends_at:
            return None
        if len(self._requests) == 1:
            return self._requests[0]
        if self._next == len(self._requests):
            return None
        self._next += 1
        return self._requests[self._next - 1]

    def _read(self, client: Client) -> None:
        assert client.connection is not None
        try:
            piece = client.connection.recv(262_144)
        except ConnectionError:
            piece = b""
        if not piece:
            self._judge(client)
            self._close(client)
            self._ask(client)
            return
        client.answer += piece
        if client.whole is None:
            client.whole = _whole(client.answer)
        if client.whole is not None and len(client.answer) >= client.whole:
            self._judge(client)
            if not self.job.reuse:
                self._close(client)
            self._ask(client)

    def _judge(self, client: Client) -> None:
        answer = client.answer
        self.seen.latencies.append(time.perf_counter() - client.asked_at)
        is_whole = client.whole is not None and len(answer) == client.whole
        if is_whole and answer[9:12] == self._status and self._marker in answer:
            self.seen.good += 1
            self.seen.body_bytes = len(answer) - answer.find(HEAD_END) - len(HEAD_END)
        else:
            self.seen.bad += 1
            if len(self.seen.samples) < MOST_SAMPLES:
                self.seen.samples.append(bytes(answer[:400]).decode("utf-8", "replace"))
        found = self._collect.search(answer) if self._collect else None
        if found:
            self.seen.collected.append(found[1].decode())

    def _close(self, client: Client) -> None:
        if client.connection is not None:
            self._selector.unregister(client.connection)
            client.connection.close()
            client.connection = None

    def _give_up(self) -> None:
        for key in list(self._selector.get_map().values()):
            self.seen.bad += 1
            self.seen.samples.append("no answer within 30 s")
            self._close(key.data)


def _whole(answer: bytearray) -> int | None:
    end = answer.find(HEAD_END)
    if end < 0:
        return None
    length = LENGTH.search(answer, 0, end)
    return end + len(HEAD_END) + (int(length[1]) if length else 0)


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    json.dump(asdict(Load(Job(**json.load(sys.stdin))).run()), sys.stdout)
