"""Reports of mail servers, worded as they word them, about a letter."""

from pathlib import Path

FOLDER = Path(__file__).parent / "reports"
SOME_ID = "0123456789abcdef" * 2
STATUS = {
    "postfix": "5.1.1",
    "postfix-expired": "4.4.1",
    "exim": "5.1.1",
    "exchange": "5.1.10",
    "qmail": "5.1.1",
    "utf8": "5.1.1",
    "exchange-online": "5.1.10",
    "opensmtpd": "5.1.1",
    "dragonfly": "5.7.26",
    "workmail": "5.2.2",
    "lost-boundary": "5.1.6",
    "notes": "5.1.1",
    "administrator": "5.1.1",
    "german": "5.2.2",
    "policy": "5.7.1",
    "expired": "4.4.7",
    "gateway": "5.1.1",
    "nobody": "5.1.1",
    "brought-back": "5.2.2",
    "bare-daemon": "5.4.6",
    "refusal-as-an-answer": "5.1.1",
    "one-long-line": "5.2.2",
    "japanese": "5.1.1",
    "notice": "5.1.1",
}
"""Why a letter came back, by the report that says so."""
CAME_BACK = tuple(STATUS)
STILL_TRYING = ("postfix-delayed", "exim-warning", "postponed")
SAYS_NOTHING = (
    *("vacation", "read-receipt", "delivered", "complaint"),
    *("answer-from-the-postmaster", "forwarded-with-a-word", "thanks-of-the-postmaster"),
    *("received-under-a-number", "received-with-its-own-subject", "received-by-a-mail-system"),
    *("away-from-undeliverable-promises", "notice-delivered", "notice-complaint"),
)


def report(name: str, message_id: str = SOME_ID) -> bytes:
    """Return a report about a letter, as it comes over the wire."""
    text = (FOLDER / f"{name}.eml").read_text("utf-8").replace("MESSAGE_ID", message_id)
    text = text.replace("LONG_LINE", "<html><body>" + "<p>We are sorry.</p>" * 100)
    return text.replace("\n", "\r\n").encode()
