"""Addresses of the web that a page of ours may lead to."""

import re
from urllib.parse import urlsplit

SCHEMES = frozenset({"https", "http"})
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[^\W\d_]{{2,63}}(?::[0-9]{{1,5}})?(?=[/?#]|$)")


def is_web_address(text: str) -> bool:
    """Whether a text is an address of the web that leads where it seems to.

    One with a user's part, or a backslash before its path, leads elsewhere: browsers go from
    https://gov.uk@evil.example/ to evil.example.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_one_word = text.isprintable() and " " not in text
    seems_another = "@" in parts.netloc or "\\" in parts.netloc
    is_of_the_web = parts.scheme in SCHEMES and bool(parts.hostname)
    return is_of_the_web and is_one_word and not seems_another


def completed(text: str) -> str:
    """Return an address with its https:// where it plainly begins with the name of a host."""
    return f"https://{text}" if _HOST.match(text) else text
