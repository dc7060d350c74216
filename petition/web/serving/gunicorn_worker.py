"""Gunicorn's threads, held by nobody: no slow writer, no slow reader, no request that is stuck.

Gunicorn 27 gives a thread to each connection that has sent a byte, for as long as it likes. Here
its loop collects a request until it is whole and sends the rest of an answer, each with a time
limit for the whole, so that a thread works for nobody who is not there. TLS and HTTP/2 are the
proxy's.
"""

import errno
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from petition.core import memory
from petition.core.log import log, thread_fields
from petition.web.serving.gunicorn_visit import ASKS_NOTHING, Phase, Visit
from petition.web.serving.lines import STALLED_SECONDS, Line, Refused

LOOK_SECONDS = 0.5
LEFT_SECONDS = 0.001
"""Without it a proxy's connections, which stay, all fall to whichever process is awake."""
LINGER_SECONDS = 5.0
MOST_LINGERING = 1024 * 1024
MOST_UNSENT_AT_ALL = 64 * 1024 * 1024
OUT_OF_DESCRIPTORS = {errno.EMFILE, errno.ENFILE}
Then = Callable[[Visit, object], None]
NOBODY_THERE = {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}


class PatientWorker(ThreadWorker):
    """Serves whoever is ready, waits for the others without a thread, and ends when stuck."""

    poller: Any

    head_seconds = 20.0
    """For the head of a request, however often a byte of it comes."""
    body_seconds = 60.0
    """From there to its end: 4 KB a second for the longest that is taken, a form takes far less."""
    upload_seconds = 180.0
    """For one that brings a file: 70 KB a second for the largest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[Visit, None] = {}
        self._at_work: set[Visit] = set()
        self._look_at = 0.0
        self._is_stuck = False
        self._has_accepted = False

    def run(self) -> None:
        """Serve until told to stop, or until a request is stuck; then this process is no more."""
        super().run()
        if self._is_stuck:
            os._exit(0)  # the stuck thread would be waited for

    # Connections come

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, if need be in place of the one that has waited longest."""
        try:
            connected, client = listener.accept()
        except OSError as fault:
            if fault.errno in OUT_OF_DESCRIPTORS:
                self._cut_the_oldest()
            elif fault.errno not in NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._cut_the_oldest()
        visit = Visit(self.cfg, Line(connected), client, listener.getsockname())
        visit.deadline = time.monotonic() + self.head_seconds
        self._has_accepted = True
        self._read(visit)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for what comes; after a new connection, leave another process time for the next."""
        leaves = self._has_accepted and self._accepting and self.alive
        self._has_accepted = False
        if leaves:
            self.set_accept_enabled(False)
        super().wait_for_and_dispatch_events(LEFT_SECONDS if leaves else timeout)
        if leaves:
            self.set_accept_enabled(True)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to accept; at the end only after those who are there already.

        What waits in the queue of a socket that is closed is reset.
        """
        was_accepting = self._accepting
        super().set_accept_enabled(enabled)
        if was_accepting and not self.alive:
            for listener in self.sockets:
                before = -1
                while before < self.nr_conns < self.worker_connections - 1:
                    before = self.nr_conns
                    self.accept(listener)
                listener.close()

    # They ask

    def _read(self, visit: Visit, _line: object = None) -> None:
        try:
            there = visit.sock.take_in()
        except OSError:
            there = False
        if there:
            self._look(visit)
        else:
            self._drop(visit)

    def _look(self, visit: Visit) -> None:
        """Hand a request that is whole to a thread; else wait for the rest of it."""
        had_head = visit.sock.has_head
        try:
            is_whole = visit.sock.is_whole()
        except Refused as refusal:
            self._refuse(visit, str(refusal))
            return
        except OSError:
            self._drop(visit)
            return
        if is_whole:
            self._let_work(visit)
            return
        if visit.sock.has_head and not had_head:
            seconds = self.upload_seconds if visit.sock.brings_file else self.body_seconds
            visit.deadline = self._in(seconds)
        if visit.phase is not Phase.ASKING and visit.sock.has_begun:
            visit.deadline = max(visit.deadline, time.monotonic() + self.head_seconds)
            visit.phase = Phase.ASKING
        if visit not in self._waiting:
            self._wait(visit, visit.phase, EVENT_READ, self._read, visit.deadline)

    def _let_work(self, visit: Visit) -> None:
        self._wait_no_more(visit)
        visit.phase = Phase.AT_WORK
        visit.sock.begin()
        self.enqueue_req(visit)

    def handle(self, conn: Visit) -> Any:
        """Answer a request, in a thread."""
        conn.thread = threading.get_ident()
        conn.sock.moved_at = time.monotonic()
        self._at_work.add(conn)
        try:
            return super().handle(conn)
        finally:
            self._at_work.discard(conn)

    def handle_request(self, req: Any, conn: Visit) -> Any:
        """Answer a request; the connection of one that was not read whole is of no more use."""
        if conn.sock.is_too_long:
            req.force_close()
        return super().handle_request(req, conn)

    # They are answered

    def finish_request(self, conn: Visit, fs: "Future[Any]") -> None:
        """Send what is left of an answer, then wait for the next request or the end."""
        failed = fs.cancelled() or fs.exception() is not None
        conn.stays = not failed and bool(fs.result()) and conn.sock.is_read
        conn.phase = Phase.ANSWERED
        self._write(conn)

    def _write(self, visit: Visit, _line: object = None) -> None:
        try:
            moved = visit.sock.flush()
        except OSError:
            self._drop(visit)
            return
        if not visit.sock.unsent:
            self._wait_no_more(visit)
            self._go_on(visit)
        elif visit not in self._waiting:
            self._wait(visit, Phase.ANSWERED, EVENT_WRITE, self._write, self._in(STALLED_SECONDS))
            self._bound_what_is_unsent()
        elif moved:
            visit.deadline = self._in(STALLED_SECONDS)

    def _go_on(self, visit: Visit) -> None:
        if not visit.stays:
            self._linger(visit)
            return
        seconds = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
        visit.phase, visit.deadline = Phase.IDLE, self._in(seconds)
        self._look(visit)

    def _refuse(self, visit: Visit, status: str) -> None:
        """Answer in the server's own words: the browser has a page for that."""
        self._wait_no_more(visit)
        visit.stays = False
        answer = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        with suppress(OSError):
            visit.sock.sendall(answer.encode())
        self._write(visit)

    def _linger(self, visit: Visit) -> None:
        """Let the reader close first: what it still sends would cost it our answer."""
        try:
            visit.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(visit)
            return
        until = self._in(LINGER_SECONDS)
        self._wait(visit, Phase.LINGERING, EVENT_READ, self._discard, until)

    def _discard(self, visit: Visit, _line: object = None) -> None:
        try:
            more = visit.sock.discard()
        except BlockingIOError:
            return
        except OSError:
            more = 0
        visit.discarded += more
        if not more or visit.discarded > MOST_LINGERING:
            self._drop(visit)

    # They wait

    def _wait(self, visit: Visit, phase: Phase, event: int, then: Then, until: float) -> None:
        visit.phase, visit.deadline = phase, until
        self._waiting[visit] = None
        self.poller.register(visit.sock, event, partial(then, visit))

    def _wait_no_more(self, visit: Visit) -> None:
        if visit in self._waiting:
            del self._waiting[visit]
            self.poller.unregister(visit.sock)

    def _drop(self, visit: Visit) -> None:
        if visit.phase is Phase.GONE:
            return  # another one's coming has cut it off in the same turn of the loop
        self._wait_no_more(visit)
        visit.phase = Phase.GONE
        self.nr_conns -= 1
        visit.close()

    def _in(self, seconds: float) -> float:
        return time.monotonic() + seconds

    def _cap_keepalive(self, deadline: float) -> None:
        """Keep connections without a request until `deadline` at most."""
        for visit in self._waiting:
            if visit.phase in ASKS_NOTHING:
                visit.deadline = min(visit.deadline, deadline)

    def murder_pending(self) -> None:
        """End, and let go of, what is over time. Called after each turn of the loop."""
        moment = time.monotonic()
        if moment < self._look_at:
            return
        self._look_at = moment + LOOK_SECONDS
        for visit in [one for one in self._waiting if one.deadline < moment]:
            if visit.phase is Phase.ASKING:
                self._refuse(visit, "408 Request Timeout")
            else:
                self._drop(visit)
        self._end_if_stuck(moment)
        memory.sweep()

    def _cut_the_oldest(self) -> None:
        """Let go who has waited longest, of those who ask for nothing if there are any."""
        if self._waiting:
            asks_nothing = (one for one in self._waiting if one.phase in ASKS_NOTHING)
            self._drop(next(asks_nothing, next(iter(self._waiting))))

    def _bound_what_is_unsent(self) -> None:
        """Keep the memory that slow readers take within its bound: the slowest go first."""
        while sum(visit.sock.unsent for visit in self._waiting) > MOST_UNSENT_AT_ALL:
            self._drop(next(visit for visit in self._waiting if visit.sock.unsent))

    # They are stuck

    def _end_if_stuck(self, moment: float) -> None:
        """End this process, for Gunicorn to start another, where a request has got nowhere."""
        stuck = [one for one in list(self._at_work) if moment - one.sock.moved_at > self.timeout_of]
        if not stuck or self._is_stuck:
            return
        fields = {"seconds": self.timeout_of, **thread_fields(stuck[0].thread)}
        log.error("a request is stuck; its process ends", extra={"fields": fields})
        self._is_stuck = True
        self.nr_conns -= len(stuck)  # the others are waited for, these are not
        self.alive = False

    @property
    def timeout_of(self) -> float:
        """Seconds in which a request must make progress: Gunicorn's own limit for the loop."""
        return float(self.cfg.timeout)
