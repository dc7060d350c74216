"""`bin/bench desk`: how long organisers' pages and the worker's chores of an hour take.

A page stands beside the floor's page, asked in turn; the chores beside one reading of every
signature, which they need to compare the tallies with the rows.
"""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import text

from bench import exporting, machine
from bench.fill import Target, settle
from bench.plan import Plan
from bench.postgres import SETTINGS, plain
from bench.servers import Server
from bench.smtp_floor import BODY
from config import Config
from petition.core.keyring.sealing import seal
from petition.core.storage import database
from petition.core.storage.database import engine
from petition.letters.letter.models import letter_context
from petition.letters.letter.written import Writer, Written
from petition.links.letterhead import Letterhead
from petition.opening import open_instance
from petition.organisers.models import Role
from petition.worker.chores import do_chores

RESULTS = Path(__file__).parent / "DESK.md"
PETITION = "/organiser/petitions/answer-each-others-lists"
LETTERS = "/organiser/letters/letter-on-each-others-lists"
PAGES = {
    "petitions": "/organiser/",
    "signatures, the newest": f"{PETITION}/signatures",
    "signatures of a country": f"{PETITION}/signatures?country=CA",
    "exports": f"{PETITION}/exports",
    "letter campaigns": "/organiser/letters",
    "one letter campaign": LETTERS,
    "its answers": f"{LETTERS}/answers",
    "its letters that wait": f"{LETTERS}/waiting",
}
SLOWEST_MS = 100.0
LONGEST_SECONDS = 0.5
READING = "SELECT count(*) FROM signature WHERE state = 'confirmed' AND NOT on_hold"
# Of a hundred letters 93 are sent, one came back, four are to leave, two wait for their writers or
# for a person; the last ten days wrote them, so that none is old enough for anything yet.
FILL = """
INSERT INTO letter (letter_campaign_id, text_id, recipient_id, supporter_tag, mail_number, state,
    message_id, content, content_key, country, language, own_share, on_hold, unmailed, created_at,
    changed_at, confirmed_at, sent_at, due_at, attempts, answer, answered_at)
SELECT of.campaign, of.text, office.ids[1 + n %% cardinality(office.ids)],
    sha256(convert_to('letter-' || n, 'UTF8')), 1, drawn.state, md5('letter-' || n),
    convert_to(repeat(md5(n::text), 24), 'UTF8'), 'none', 'GB', 'en', n %% 101,
    n %% 300 IN (97, 99), n %% 300 IN (97, 99) AND drawn.state = 'awaiting', drawn.at, drawn.at,
    CASE WHEN drawn.state <> 'awaiting' THEN drawn.at END,
    CASE WHEN drawn.state IN ('sent', 'bounced') THEN drawn.at END, drawn.at, 0,
    CASE WHEN n %% 33 = 0 AND drawn.state = 'sent' THEN 'yes' END,
    CASE WHEN n %% 33 = 0 AND drawn.state = 'sent' THEN drawn.at END
FROM generate_series(1, %(count)s) AS n,
    LATERAL (SELECT CASE WHEN n %% 100 < 93 THEN 'sent' WHEN n %% 100 = 93 THEN 'bounced'
                         WHEN n %% 100 < 98 THEN 'queued' WHEN n %% 1000 = 98 THEN 'failed'
                         WHEN n %% 1000 = 198 THEN 'unknown' ELSE 'awaiting' END AS state,
                    date_trunc('hour', now() - interval '10 days' * n / %(count)s) AS at) AS drawn,
    (SELECT min(letter_text.id) AS text, letter_campaign.id AS campaign
     FROM letter_campaign JOIN letter_text ON letter_campaign_id = letter_campaign.id
     WHERE slug = %(slug)s AND language = 'en' GROUP BY letter_campaign.id) AS of,
    (SELECT array_agg(id) AS ids FROM recipient) AS office
"""
BESIDE = (
    """INSERT INTO mailed_link (token_hash, letter_id, purpose, expires_at, used_at)
       SELECT sha256(convert_to('letter-' || id, 'UTF8')), id, 'confirm',
              created_at + interval '72 hours', confirmed_at
       FROM letter WHERE state <> 'awaiting' OR NOT on_hold
    """,
    """INSERT INTO hold (letter_id, cause, opened_at)
       SELECT id, CASE WHEN state = 'awaiting' THEN 'program' ELSE 'alike' END, changed_at
       FROM letter WHERE on_hold""",
    """INSERT INTO letter_tally (letter_campaign_id, recipient_id, figure, count)
       SELECT letter_campaign_id, recipient_id, figure, count(*) FROM letter, LATERAL (VALUES
           (CASE WHEN unmailed THEN 'unmailed' WHEN state = 'queued' AND on_hold THEN 'on_hold'
                 ELSE state END),
           ('answer_' || answer),
           (CASE WHEN state = 'awaiting' THEN NULL WHEN own_share < 3 THEN 'template'
                 WHEN own_share < 30 THEN 'partly' ELSE 'clearly' END)) AS in_it (figure)
       WHERE figure IS NOT NULL GROUP BY 1, 2, 3""",
    """INSERT INTO letter_transition (letter_id, before, after, at)
       SELECT id, 'awaiting', 'queued', confirmed_at FROM letter WHERE confirmed_at IS NOT NULL""",
)


@dataclass(slots=True)
class Timed:
    """The seconds that one thing took, and what stands beside it, turn by turn."""

    rounds: list[tuple[float, float]] = field(default_factory=list)

    def take(self, what: Callable[[], None], beside: Callable[[], None]) -> None:
        """Take one turn."""
        self.rounds.append((_seconds(what), _seconds(beside)))

    @property
    def seconds(self) -> float:
        """The median turn."""
        return median(one for one, _ in self.rounds)

    @property
    def times(self) -> float:
        """How many times what stands beside it; the median of the turns."""
        return median(one / other for one, other in self.rounds)


def fill_letters(url: str, count: int) -> None:
    """Write so many letters of one letter campaign; what a moderator reads of them opens."""
    with psycopg.connect(plain(url)) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")  # true by construction
        connection.execute(FILL, {"count": count, "slug": LETTERS.rpartition("/")[2]})
        for statement in BESIDE:
            connection.execute(statement)
        held = connection.execute("SELECT id, message_id FROM letter WHERE on_hold").fetchall()
        connection.cursor().executemany(
            "UPDATE letter SET content = %s, content_key = %s WHERE id = %s",
            [(*_sealed(message_id), number) for number, message_id in held],
        )
    settle(url)


def _sealed(message_id: str) -> tuple[bytes, str]:
    writer = Writer("Nadia Sample", "nadia@example.org", "GB")
    written = Written(writer, "Sanctions against traffickers", BODY, reply_allowed=True)
    sealed = seal(written.to_bytes(), letter_context(message_id))
    return sealed.box, sealed.key_id


def pages(product: Server, floor: Server, target: Target, turns: int) -> dict[str, Timed]:
    """Open each page and the floor's in turn. Raises ExportWrong where one is not answered."""
    desk = exporting.sit_down(product, target, "", 0, None, role=Role.OWNER)
    found = {name: Timed() for name in PAGES}
    for path in PAGES.values():
        _open(product.port, path, desk.cookie)
    for _ in range(turns):
        for name, path in PAGES.items():
            ours = partial(_open, product.port, path, desk.cookie)
            found[name].take(ours, partial(_open, floor.port, "/", ""))
    database.dispose()
    return found


def _open(port: int, path: str, cookie: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read()
    connection.close()
    if answer.status != 200 or b"</html>" not in page or b'type="password"' in page:
        raise exporting.ExportWrong(f"{path} answered {answer.status}.")


def chores(product: Server, turns: int) -> Timed:
    """Do the hour's chores, and read every signature once, in turn."""
    config = replace(Config.from_environment({}), instance=product.folder, database_url=product.url)
    open_instance(config)
    found = Timed()
    for _ in range(turns + 1):
        found.take(_do_chores, _read_all)
    found.rounds.pop(0)  # it warms up
    database.dispose()
    return found


def _do_chores() -> None:
    head = partial(Letterhead, "Bench", "http://localhost")
    do_chores("bench", head, threading.Event(), backups_kept=timedelta(days=30))


def _read_all() -> None:
    with engine().connect() as connection:
        connection.execute(text(READING)).scalar_one()


def _seconds(what: Callable[[], None]) -> float:
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


def written(
    opened: dict[str, Timed], tidied: dict[int, Timed], settings: dict[str, str], plan: Plan
) -> str:
    """Return the tables; the chores by how many signatures there are."""
    slowest = max(timed.seconds for timed in opened.values()) * 1000
    longest = tidied[plan.many].seconds
    server = ", ".join(f"{name} {value}" for name, value in settings.items() if name in SETTINGS)
    table = ["| page | ms | to the floor's page |", "|---|---:|---:|"]
    table += [
        f"| {name} | {timed.seconds * 1000:.1f} | {timed.times:.1f} |"
        for name, timed in opened.items()
    ]
    hour = [
        "| chores of an hour | s | to one reading of every signature | s for each million |",
        "|---|---:|---:|---:|",
    ]
    hour += [
        f"| {count:,} signatures | {timed.seconds:.2f} | {timed.times:.1f} "
        f"| {timed.seconds * 1_000_000 / count:.2f} |"
        for count, timed in tidied.items()
    ]
    facts = [
        *machine.described(),
        f"PostgreSQL {settings['server_version']}: {server}",
        f"{plan.many:,} signatures of a petition, {plan.letters:,} letters of a letter campaign",
        f"medians of {plan.desk_turns} turns, in which nothing is past its time",
        "a page is opened on a new connection, one after the other; so is the floor's",
    ]
    parts = [
        f"# Organisers' pages and a worker's chores, measured on {datetime.now(UTC):%d %B %Y}",
        "\n".join(f"- {fact}" for fact in facts),
        "\n".join(table),
        f"Aim: no page above {SLOWEST_MS:g} ms: {slowest:.0f}, {_verdict(slowest, SLOWEST_MS)}.",
        "\n".join(hour),
        (
            f"Aim: the chores within {LONGEST_SECONDS:g} s at {plan.many:,}: {longest:.2f}, "
            f"{_verdict(longest, LONGEST_SECONDS)}."
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _verdict(seen: float, bound: float) -> str:
    return "met" if seen <= bound else "MISSED"
