"""ZIP files that leave while they are written, the same bytes for the same content."""

from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can tell, and the one that every part of ours tells."""


class StreamedZip:
    """A ZIP file that is being written, a part after another; what there is of it is taken."""

    def __init__(self) -> None:
        self._made = _Made()
        self._file = ZipFile(self._made, "w", ZIP_DEFLATED)

    def part(self, name: str) -> IO[bytes]:
        """Begin a part of at most 2 GiB; the one before has to be closed."""
        part = ZipInfo(name, EARLIEST)
        part.compress_type = ZIP_DEFLATED
        return self._file.open(part, "w")

    def taken(self) -> bytes:
        """Take what there is of the file now."""
        return self._made.taken()

    def close(self) -> None:
        """Write its end, once every part is closed."""
        self._file.close()


class _Made:
    """Keeps what is written to it until it is taken."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> int:
        self._bytes += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is held."""

    def taken(self) -> bytes:
        """Take it."""
        made, self._bytes = bytes(self._bytes), bytearray()
        return made
