"""Reading a file that somebody else has put there: an ordinary one, of a size that was agreed.

Folders come from partners, in repositories and packed files, and both keep links. What a link
names can be any file of this machine, its keys among them, and would be published.
"""

import codecs
import errno
import os
import stat
from itertools import islice
from pathlib import Path

from petition.core.errors import DomainError

LARGEST_TEXT = 128 * 1024
"""In octets, as each of these. Twenty thousand words: to set hostile Markdown takes seconds."""
LARGEST_TABLE = 1024 * 1024
LARGEST_FILE = 32 * 1024 * 1024
MOST_FILES = 2_000
SAVE_AS = "in Notepad, choose “Save as” and the encoding UTF-8."


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
    """Return the text of an ordinary file, its lines ended by LF. Raises FileRefused.

    It is in UTF-8, or in UTF-16 with the mark that says so. Of other encodings nobody can say
    which it is.
    """
    octets = read_octets(file, most=most)
    is_utf16 = octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = octets.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as fault:
        line = octets.count(b"\n", 0, fault.start) + 1
        raise FileRefused(f"{file.name} is not in UTF-8 (see line {line}): {SAVE_AS}") from None
    if "\0" in text:
        raise FileRefused(f"{file.name} is not in UTF-8: {SAVE_AS}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, hidden ones left out; none where it is missing or a link."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        names = [one.name for one in islice(found, MOST_FILES)]
    return sorted(name for name in names if not name.startswith("."))


def files_in(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder by their names; none where it is missing. Raises FileRefused."""
    if folder.is_symlink():
        raise FileRefused(_is_a_link(folder))
    found = sorted(path for path in folder.glob(pattern) if not path.name.startswith("."))
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
