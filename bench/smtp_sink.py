"""A mail server for measurements: it takes everything, and tells what it took and when.

Run as `python -m bench.smtp_sink PORT`; ends at the end of its input and then writes one line for
each mail: the moment in seconds, the recipient, the Message-ID.
"""

import asyncio
import re
import sys
import time

from aiosmtpd.smtp import SMTP, Envelope, Session

NAME = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.MULTILINE | re.IGNORECASE)


class Sink:
    """Keeps a line for each mail."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        """Take several commands at once, as the servers of this world do."""
        session.host_name = host
        return [answers[0], "250-PIPELINING", *answers[1:]]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        named = NAME.search(envelope.original_content or b"")
        name = named[1].decode() if named else "-"
        self.lines.append(f"{time.monotonic():.6f} {envelope.rcpt_tos[0]} {name}")
        return "250 2.0.0 OK"


async def serve(port: int) -> None:
    """Take mail on this port until the input ends."""
    sink, loop = Sink(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="sink.example.org", loop=loop, ident="sink"),
        "127.0.0.1",
        port,
    )
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    print("\n".join(sink.lines), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
