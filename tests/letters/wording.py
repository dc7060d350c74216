"""Reports of mail servers, worded as they word them, about a letter."""

from pathlib import Path

FOLDER = Path(__file__).parent / "reports"
SOME_ID = "0123456789abcdef" * 2
CAME_BACK = ("postfix", "postfix-expired", "exim", "exchange", "qmail", "utf8")
STILL_TRYING = ("postfix-delayed", "exim-warning")
SAYS_NOTHING = ("vacation", "read-receipt", "delivered")


def report(name: str, message_id: str = SOME_ID) -> bytes:
    """Return a report about a letter, as it comes over the wire."""
    text = (FOLDER / f"{name}.eml").read_text("utf-8").replace("MESSAGE_ID", message_id)
    return text.replace("\n", "\r\n").encode()
