"""Reading a file that somebody else has put there: an ordinary one, of a size that was agreed.

Folders come from partners, in repositories and packed files, and both keep links. What a link
names can be any file of this machine, its keys among them, and would be published.
"""

import errno
import os
import stat
from pathlib import Path

from petition.core.errors import DomainError

LARGEST_TEXT = 128 * 1024
"""In octets, as each of these. Twenty thousand words: to set hostile Markdown takes seconds."""
LARGEST_TABLE = 1024 * 1024
LARGEST_FILE = 32 * 1024 * 1024
MOST_FILES = 2_000


class FileRefused(DomainError):
    """A file cannot be read, or is none that may be; the message names it and the cause."""


def read_octets(file: Path, *, most: int = LARGEST_FILE) -> bytes:
    """Return what is in an ordinary file of at most `most` octets. Raises FileRefused.

    A link is not followed, and nobody waits for a pipe to be written to.
    """
    try:
        with open(file, "rb", opener=_open_plain) as stream:
            content = stream.read(most + 1)
    except FileNotFoundError:
        raise FileRefused(f"{file.name} is missing.") from None
    except (OSError, ValueError) as fault:
        if isinstance(fault, OSError) and fault.errno == errno.ELOOP:
            raise FileRefused(_is_a_link(file)) from None
        cause = fault.strerror if isinstance(fault, OSError) else "that is no name of a file"
        raise FileRefused(f"{file.name} cannot be read: {cause}.") from None
    if len(content) > most:
        raise FileRefused(f"{file.name} is too large: at most {most // 1024:,} KiB are read.")
    return content


def read_text(file: Path, *, most: int = LARGEST_TEXT) -> str:
    """Return the text of an ordinary file in UTF-8, its lines ended by LF. Raises FileRefused."""
    try:
        text = read_octets(file, most=most).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"{file.name} is not in UTF-8; save it as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def files_in(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder by their names; none where it is missing. Raises FileRefused."""
    if folder.is_symlink():
        raise FileRefused(_is_a_link(folder))
    found = sorted(folder.glob(pattern))
    if len(found) > MOST_FILES:
        raise FileRefused(f"{folder.name} has more than {MOST_FILES:,} files.")
    return found


def _open_plain(path: str, flags: int) -> int:
    """Open an ordinary file and nothing else; looked at once it is open, it stays what it is."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileRefused(f"{Path(path).name} is not an ordinary file.")
    return descriptor


def _is_a_link(path: Path) -> str:
    return f"{path.name} is a link; the folder has to hold the thing itself."
