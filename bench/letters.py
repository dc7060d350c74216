"""`bin/bench letters`: how fast confirmed letters leave, by one, two and four workers.

PostgreSQL waits for the disk; the mail server is a process of its own. Beside it stands smtplib
alone over one connection, in the same run: with octets that are ready, and building each message.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import func, insert, select, text, update

from bench import machine
from bench.postgres import SETTINGS, running_postgres
from bench.servers import FLASK, ROOT, Server, free_port, make_product
from bench.smtp_floor import BODY
from config import Config
from petition.core.clock import now
from petition.core.keyring.sealing import seal
from petition.core.storage import database
from petition.core.storage.database import rows_of, session, transaction
from petition.letters.campaigns.models import LetterText
from petition.letters.letter.models import (
    Letter,
    LetterState,
    LetterTransition,
    Pace,
    letter_context,
)
from petition.letters.letter.written import Writer, Written
from petition.opening import open_instance
from petition.recipients.models import WEEK, Channel, Mailroom, Paper, Recipient

RESULTS = Path(__file__).parent / "LETTERS.md"
OFFICES = 20
CAPPED, CAP_OF_ONE = 0, 300
"""One office takes fewer in an hour than wait for it; the rest has to stay here."""
WORKERS = (1, 2, 4)
AIM = 0.7


@dataclass(frozen=True, slots=True)
class Drain:
    """One measurement: how many letters the mail server took, how fast, and what was wrong."""

    name: str
    letters: int
    seconds: float
    errors: int

    @property
    def rate(self) -> float:
        """Letters in a second, from the first that the server took to the last."""
        return self.letters / self.seconds


def main(count: int, rounds: int) -> int:
    """Measure and print; 1 when a letter was lost, sent twice, or over its cap."""
    with running_postgres() as postgres, tempfile.TemporaryDirectory() as folder:
        settings = postgres.settings()
        url = postgres.make_database("petition_bench_letters")
        try:
            drains = measured(make_product(Path(folder) / "install", url), count, rounds)
        finally:
            database.dispose()
            postgres.drop_database("petition_bench_letters")
    document = written(drains, settings, count, rounds)
    print(document)
    if count >= 10_000:
        RESULTS.write_text(document, encoding="utf-8")
    return int(any(drain.errors for drain in drains))


def measured(product: Server, count: int, rounds: int) -> list[Drain]:
    """Let the floors and the workers take turns."""
    config = Config.from_environment({})
    open_instance(replace(config, instance=product.folder, database_url=product.url))
    add_offices(count)
    drains = []
    for _ in range(rounds):
        drains += [floor(kind, count) for kind in ("ready", "built")]
        for workers in WORKERS:
            fill(count)
            drains.append(drain(product, workers, count))
    return drains


def floor(kind: str, count: int) -> Drain:
    """Send with smtplib alone."""
    say(f"smtplib, {kind} ...")
    with sink() as (port, taken):
        command = [sys.executable, "-m", "bench.smtp_floor", kind, str(port), str(count)]
        subprocess.run(command, cwd=ROOT, check=True)
    return Drain(kind, len(taken), span(taken), abs(count - len(taken)))


def drain(product: Server, workers: int, count: int) -> Drain:
    """Let so many workers send what waits, until nothing may leave any more."""
    say(f"{workers} worker(s) ...")
    held_back = count // OFFICES - CAP_OF_ONE
    with sink() as (port, taken):
        environment = product.environment | {"MAIL_SERVER": f"smtp://127.0.0.1:{port}"}
        with (product.folder / "log").open("ab") as log:
            running = [
                subprocess.Popen([*FLASK, "worker"], cwd=ROOT, env=environment, stderr=log)
                for _ in range(workers)
            ]
        while waiting() > max(held_back, 0):
            time.sleep(0.2)
        for one in running:
            one.terminate()
        for one in running:
            one.wait()
    return Drain(f"{workers}", len(taken), span(taken), faults(taken, count))


def waiting() -> int:
    """Return how many letters have still to leave, or are leaving."""
    states = [LetterState.QUEUED, LetterState.SENDING]
    found = session.scalar(select(func.count()).where(Letter.state.in_(states)))
    session.remove()
    return found or 0


def faults(taken: list[list[str]], count: int) -> int:
    """Return how many letters are not where they should be."""
    names = Counter(name.partition("@")[0] for _, _, name in taken)
    sent = set(session.scalars(select(Letter.message_id).where(Letter.state == LetterState.SENT)))
    twice = sum(times - 1 for times in names.values())
    astray = len(sent ^ names.keys())
    over = session.scalars(
        select(Pace.used - Mailroom.hourly_cap)
        .join(Mailroom, Mailroom.recipient_id == Pace.recipient_id)
        .where(Pace.used > Mailroom.hourly_cap)
    ).all()
    noted = session.scalar(select(func.count()).select_from(LetterTransition)) or 0
    unnoted = abs(noted - 2 * count - 2 * len(sent))
    session.remove()
    return twice + astray + sum(over) + unnoted


def add_offices(count: int) -> None:
    """Add the offices, which are always at work."""
    with transaction():
        for number in range(OFFICES):
            cap = CAP_OF_ONE if number == CAPPED else count
            session.add(
                Recipient(
                    slug=f"office-{number}",
                    jurisdiction="GB",
                    office={"en": f"Office {number}"},
                    email=f"office{number}@example.org",
                    languages=["en"],
                    mailroom=Mailroom(
                        channels=[Channel.EMAIL.value],
                        salutation={"en": "Dear Minister,"},
                        close={"en": "Yours faithfully,"},
                        country="GB",
                        paper=Paper.A4,
                        constituents_only=False,
                        zone_name="UTC",
                        days=list(WEEK),
                        hours_from=0,
                        hours_until=24,
                        hourly_cap=cap,
                    ),
                )
            )


def fill(count: int) -> None:
    """Let so many confirmed letters wait, sealed as the product seals them."""
    say(f"Filling in {count:,} letters ...")
    with transaction() as writing:
        writing.execute(text("TRUNCATE letter, letter_pace, letter_transition CASCADE"))
        of_text = session.execute(select(LetterText.id, LetterText.letter_campaign_id)).first()
        assert of_text is not None
        offices = session.scalars(select(Recipient.id).where(Recipient.slug.like("office-%"))).all()
        rows = [letter_row(number, offices[number % OFFICES], of_text) for number in range(count)]
        random.shuffle(rows)
        writing.execute(insert(rows_of(Letter)), rows)
        writing.execute(
            update(rows_of(Letter)).values(state=LetterState.QUEUED, confirmed_at=now())
        )
    with database.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
        bare.execute(text("VACUUM (ANALYZE) letter"))
        bare.execute(text("CHECKPOINT"))


def letter_row(number: int, recipient_id: int, of_text: tuple[int, int]) -> dict[str, object]:
    """Return one letter as it is stored."""
    message_id, at = f"{random.getrandbits(128):032x}", now()
    written = Written(
        Writer("Nadia Sample", f"s{number}@example.org", "GB"),
        "Sanctions against those behind human trafficking",
        BODY,
        reply_allowed=True,
    )
    sealed = seal(written.to_bytes(), letter_context(message_id))
    return {
        "letter_campaign_id": of_text[1],
        "text_id": of_text[0],
        "recipient_id": recipient_id,
        "supporter_tag": number.to_bytes(32, "big"),
        "mail_number": 1,
        "state": LetterState.AWAITING,
        "message_id": message_id,
        "content": sealed.box,
        "content_key": sealed.key_id,
        "country": "GB",
        "language": "en",
        "own_share": 10,
        "on_hold": False,
        "created_at": at,
        "changed_at": at,
        "due_at": at,
        "attempts": 0,
    }


@contextmanager
def sink() -> Iterator[tuple[int, list[list[str]]]]:
    """Run a mail server; what it took is in the list once it has ended."""
    port, taken = free_port(), list[list[str]]()
    command = [sys.executable, "-m", "bench.smtp_sink", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield port, taken
    output, _ = process.communicate("")
    taken += [line.split() for line in output.splitlines() if line]


def span(taken: list[list[str]]) -> float:
    """Return the seconds from the first mail to the last."""
    moments = [float(line[0]) for line in taken]
    return max(max(moments) - min(moments), 1e-9)


def written(drains: list[Drain], settings: dict[str, str], count: int, rounds: int) -> str:
    """Return the table."""
    rates = {name: median(d.rate for d in drains if d.name == name) for name in names(drains)}
    words = {"ready": "smtplib alone, octets ready", "built": "smtplib alone, building each"}
    words |= {str(number): f"the product, {number} worker(s)" for number in WORKERS}
    table = [
        "| what | letters/s | to octets ready | to building each | wrong |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, rate in rates.items():
        ratios = f"{rate / rates['ready']:.2f} | {rate / rates['built']:.2f}"
        wrong = sum(drain.errors for drain in drains if drain.name == name)
        table.append(f"| {words[name]} | {rate:,.0f} | {ratios} | {wrong} |")
    seen = rates["1"] / rates["ready"]
    parts = [
        f"# How fast letters leave, measured on {datetime.now(UTC):%d %B %Y}",
        "\n".join(
            [*(f"- {fact}" for fact in machine.described()), *facts(settings, count, rounds)]
        ),
        "\n".join(table),
        f"Aim: one worker at least {AIM} of smtplib alone: {seen:.2f}, "
        + ("met." if seen >= AIM else "MISSED."),
    ]
    return "\n\n".join(parts) + "\n"


def facts(settings: dict[str, str], count: int, rounds: int) -> list[str]:
    """Return lines about how it was measured."""
    database_line = ", ".join(f"{n} {v}" for n, v in settings.items() if n in SETTINGS)
    return [
        f"- PostgreSQL {settings['server_version']}: {database_line}",
        f"- {count:,} confirmed letters to {OFFICES} offices, {rounds} round(s), in turn",
        f"- one office takes {CAP_OF_ONE} in an hour, and the rest of its letters has to stay",
        "- mail server (a process of its own), database and workers share the machine",
        "- it takes several commands at once (RFC 2920), as most do; smtplib says one by one",
        "- a batch's place is in an unlogged table: between letters nobody waits for the disk",
        "- a rate is the median of the rounds, from the first letter taken to the last",
        "- wrong: letters lost, sent twice, over their office's cap, or with a step not noted",
    ]


def names(drains: list[Drain]) -> list[str]:
    """Return the names of the measurements, in their order."""
    return list(dict.fromkeys(drain.name for drain in drains))


def say(words: str) -> None:
    """Tell whoever waits what is going on."""
    print(words, file=sys.stderr, flush=True)
