"""Headers of mails, made as RFC 5322 and RFC 2047 have them, and kept as they were made.

The newer policies of `email` read a name before they write it: an encoded line break in what
somebody typed becomes a header of its own (CVE-2024-6923), and a long name loses its address.
"""

import re
from email.header import Header
from email.policy import Compat32
from email.utils import formataddr
from typing import Any

LONGEST_LINE = 78
"""RFC 5322 2.1.1."""
LONGEST_WORD = 60
"""A longer one would be put on a line of its own, and read back with a space before it."""
_address = re.compile(r"[^\s<>,@\x00-\x1f\x7f]+@[^\s<>,@\x00-\x1f\x7f]+")


class AsGiven(Compat32):
    """The policy of messages with such headers."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it stands where that is one line: most are, and folding is slow."""
        line = f"{name}: {value}"
        if isinstance(value, str) and _is_printable(line) and len(line) <= LONGEST_LINE:
            return f"{line}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


AS_GIVEN = AsGiven(linesep="\r\n")


def mailbox(name: str, address: str) -> str | Header:
    """Return a mailbox with its owner's name.

    Raises ValueError where it would not stay one header.
    """
    if _is_plain(name):
        return one_header(formataddr((name, bare(address))))
    header = Header(one_header(name), "utf-8", header_name="Reply-To")
    header.append(f"<{bare(address)}>", "us-ascii")
    return header


def words(text: str) -> str | Header:
    """Return words for a header, encoded where they are more than plain letters and signs.

    Raises ValueError where they would not stay one header.
    """
    if _is_plain(text):
        return text
    return Header(one_header(text), "utf-8", header_name="Subject")


def bare(address: str) -> str:
    """Return an address for a header. Raises ValueError where it is none."""
    if not _address.fullmatch(address):
        raise ValueError("no e-mail address")
    return address


def one_header(text: str) -> str:
    """Return the text. Raises ValueError where anything may take it for two lines."""
    if "\0" in text or "".join(text.splitlines()) != text:
        raise ValueError("a line break in a header")
    return text


def _is_plain(text: str) -> bool:
    seems_plain = _is_printable(text) and "=?" not in text
    return seems_plain and all(len(word) <= LONGEST_WORD for word in text.split())


def _is_printable(text: str) -> bool:
    return text.isascii() and text.isprintable()
