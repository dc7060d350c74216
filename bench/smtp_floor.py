"""How fast letters leave without our work: smtplib alone, over one connection.

Run as `python -m bench.smtp_floor ready|built PORT COUNT`: octets that are ready, or each message
built as the product builds it.
"""

import smtplib
import sys
from datetime import UTC, datetime

from petition.core.keyring.sealing import Sealed
from petition.letters.letter.written import Writer, Written
from petition.letters.post.message import mime
from petition.letters.post.sending import ClaimedLetter

SENDER = "petitions@example.org"
BODY = "Dear Foreign Secretary,\n\n" + "I write because of what I saw last year. " * 40
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def letter(number: int) -> bytes:
    """Return one letter as it leaves."""
    claimed = ClaimedLetter(
        id=number,
        message_id=f"{number:032x}",
        recipient_id=1,
        to=f"office{number % 20}@example.org",
        language="en",
        created_at=AT,
        claimed_at=AT,
        batch="",
        paced_in=AT,
        until=AT,
        attempts=0,
        sealed=Sealed("", b""),
    )
    written = Written(
        Writer("Nadia Sample", f"s{number}@example.org", "GB"),
        "Sanctions against those behind human trafficking",
        BODY,
        reply_allowed=True,
    )
    about = "http://localhost/en/about-this-letter"
    return bytes(mime(claimed, written, SENDER, "Magnitsky Month", about))


def main(kind: str, port: int, count: int) -> None:
    """Send `count` letters over one connection."""
    ready = [letter(number) for number in range(count)] if kind == "ready" else []
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for number in range(count):
            octets = ready[number] if ready else letter(number)
            connection.sendmail(SENDER, [f"office{number % 20}@example.org"], octets)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
