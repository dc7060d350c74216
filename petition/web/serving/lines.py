"""A visitor's connection, read and written without waiting: whoever is slow holds no thread.

The web server's loop takes in what comes until a request is whole, and passes on what a thread
has answered. Only a thread with a very long answer waits for its reader.
"""

import errno
import io
import select
import socket
import time
from collections import deque
from weakref import WeakSet

from petition.web.site.uploads import LARGEST_UPLOAD, brings_file, may_be_organiser

MOST_HEAD = 32 * 1024
MOST_BODY = 256 * 1024
"""What is collected of a request; one that is longer is answered without being read."""
MOST_UPLOADS = 4
"""How many requests that bring a file a process collects at once: each may be 12 MiB."""
MOST_UNSENT = 4 * 1024 * 1024
"""How much of an answer is kept for a slow reader before the thread that makes more of it waits."""
SEND_BUFFER = 128 * 1024
"""Small enough that a reader of 2 KB a second is seen to read."""
STALLED_SECONDS = 45.0
"""How long a reader may take nothing before the connection is cut."""
PIECE = 64 * 1024
MOST_DIGITS = 9
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Refused(Exception):
    """A request that is not taken; carries the status line of the answer."""


_uploads: "WeakSet[Line]" = WeakSet()
"""Whose file is being collected."""


class Line:
    """One connection. Stands in for the socket where Gunicorn reads requests and answers them."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        connected.setblocking(False)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._received = bytearray()
        self._request = io.BytesIO()
        self._unsent: deque[memoryview] = deque()
        self._length: int | None = None
        self.unsent = 0
        """How many bytes of the answer wait for the reader."""
        self.moved_at = time.monotonic()
        """When something last came or went."""
        self.is_too_long = False
        """Whether the request is answered without its body."""
        self.brings_file = False
        """Whether it takes its time: what is collected is larger than a form."""

    def fileno(self) -> int:
        """Return the descriptor of the socket."""
        return self._socket.fileno()

    # What comes, for the loop

    @property
    def has_begun(self) -> bool:
        """Whether anything of the next request is there."""
        return bool(self._received)

    @property
    def has_head(self) -> bool:
        """Whether the head of the next request is whole."""
        return self._length is not None

    def take_in(self) -> bool:
        """Take what has come; false when nothing will come any more. Raises OSError."""
        try:
            piece = self._socket.recv(PIECE)
        except BlockingIOError:
            return True
        self._received += piece
        return bool(piece)

    def discard(self) -> int:
        """Throw away what has come; return how much, 0 at the end. Raises OSError."""
        return len(self._socket.recv(PIECE))

    def is_whole(self) -> bool:
        """Whether a request has come with all its bytes. Raises Refused."""
        if self._length is None:
            self._length = self._look_at_the_head()
        return self._length is not None and len(self._received) >= self._length

    def begin(self) -> None:
        """Let the request that is whole be read; what came behind it waits for its turn."""
        self._request = io.BytesIO(bytes(self._received[: self._length]))
        del self._received[: self._length]
        self._length = None
        self._end_upload()
        self.moved_at = time.monotonic()

    def _look_at_the_head(self) -> int | None:
        """Return how many bytes to wait for."""
        end = self._received.find(b"\r\n\r\n")
        if max(end, len(self._received) if end < 0 else 0) > MOST_HEAD:
            raise Refused("431 Request Header Fields Too Large")
        if end < 0:
            return None
        head = bytes(self._received[:end])
        length = length_of(head)
        if length > MOST_BODY:
            self._begin_upload(head)
        if length > (LARGEST_UPLOAD if self.brings_file else MOST_BODY):
            self._end_upload()
            self.is_too_long = True
            length = 0
        elif expects_word(head) and len(self._received) < end + 4 + length:
            self.sendall(CONTINUE)
        return end + 4 + length

    def _begin_upload(self, head: bytes) -> None:
        """Take a place for a file that is to come. Raises Refused where none is free."""
        if not brings_file(head) or not may_be_organiser(_values_in(head).get(b"cookie", b"")):
            return
        if len(_uploads) >= MOST_UPLOADS:
            raise Refused("503 Service Unavailable")
        _uploads.add(self)
        self.brings_file = True

    def _end_upload(self) -> None:
        _uploads.discard(self)
        self.brings_file = False

    # What Gunicorn calls, in a thread

    def recv(self, size: int) -> bytes:
        """Return what is left of the request, b"" at its end: nobody waits for a visitor."""
        return self._request.read(size)

    @property
    def is_read(self) -> bool:
        """Whether nothing of the request is left."""
        return self._request.tell() == len(self._request.getbuffer())

    def sendall(self, data: bytes) -> None:
        """Send, and keep what does not leave at once. Raises ConnectionResetError.

        Waits only where much is kept already, as with a long answer that is made piece by piece.
        What is in memory whole waits in no thread, and is not copied.
        """
        self.moved_at = time.monotonic()
        while self.unsent > MOST_UNSENT:
            self._wait_for_the_reader()
            self.flush()
        rest = memoryview(data)
        if not self._unsent:
            rest = rest[self._pass_on(rest) :]
        if rest:
            self._unsent.append(rest)
            self.unsent += len(rest)

    def send(self, data: bytes) -> int:
        """Take "100 Continue", which was said when the body was waited for."""
        return len(data)

    def flush(self) -> bool:
        """Pass on what the reader takes without waiting; whether it took any. Raises OSError."""
        before = self.unsent
        while self._unsent:
            piece = self._unsent[0]
            sent = self._pass_on(piece)
            self.unsent -= sent
            if sent < len(piece):
                self._unsent[0] = piece[sent:]
                break
            self._unsent.popleft()
        return self.unsent < before

    def _pass_on(self, data: memoryview) -> int:
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            return 0
        self.moved_at = time.monotonic()
        return sent

    def _wait_for_the_reader(self) -> None:
        waiting = select.poll()
        waiting.register(self._socket, select.POLLOUT)
        if not waiting.poll(STALLED_SECONDS * 1000):
            raise ConnectionResetError(errno.ECONNRESET, "The reader takes nothing.")

    def settimeout(self, _seconds: float | None) -> None:
        """Stay as it is: it never waits."""

    def gettimeout(self) -> float:
        """Return 0: it never waits."""
        return 0.0

    def setblocking(self, _wanted: bool) -> None:
        """Stay as it is: it never waits."""

    def shutdown(self, how: int) -> None:
        """Say that no more will be sent. Raises OSError."""
        self._socket.shutdown(how)

    def close(self) -> None:
        """Let the connection go."""
        self._end_upload()
        self._socket.close()


def length_of(head: bytes) -> int:
    """Return the length of the body that a request's head announces, in bytes.

    A head that is not as it should be counts as one without a body: Gunicorn refuses it. Raises
    Refused where the length is left open (RFC 9112, section 6.3): no browser's form does that.
    """
    values = _values_in(head)
    if b"transfer-encoding" in values:
        raise Refused("411 Length Required")
    given = values.get(b"content-length", b"0")
    if not given.isdigit():
        return 0
    return int(given) if len(given) <= MOST_DIGITS else MOST_BODY + 1


def expects_word(head: bytes) -> bool:
    """Whether a request's sender waits for a word before its body; in HTTP/1.0 nobody does."""
    is_old = head.partition(b"\r\n")[0].endswith(b"HTTP/1.0")
    return not is_old and _values_in(head).get(b"expect", b"").lower() == b"100-continue"


def _values_in(head: bytes) -> dict[bytes, bytes]:
    fields = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    return {name.strip().lower(): value.strip() for name, _colon, value in fields}
