"""Dumps of a PostgreSQL database: made and read with PostgreSQL's own tools."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

from sqlalchemy import URL, inspect, text

from petition.core.keyring.installed import BEFORE_RESTORE as ASIDE
from petition.core.storage.database import connect_apart, engine, session
from petition.core.storage.long_reads import take_time
from petition.safekeeping.contents import Contents, Unfit
from petition.safekeeping.sealed import KEY_COLUMNS

COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;\n")
DAMAGED = "The file is no dump of a PostgreSQL database, or it is damaged"


class ToolMissing(Unfit):
    """PostgreSQL's own tools are not here, or too old."""


def dump(url: URL, target: Path) -> None:
    """Write a dump in the custom format into a new file of mode 0600, while the site runs.

    Raises ToolMissing or Unfit.
    """
    target.touch(0o600, exist_ok=False)
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def read(path: Path) -> Contents:
    """Return what a dump holds, once all of it was read. Raises ToolMissing or Unfit."""
    found = Contents()
    command = [_tool("pg_restore"), "--data-only", "--file=-", str(path)]
    with (
        TemporaryFile("w+", errors="replace") as said,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, encoding="utf-8", errors="replace"
        ) as reading,
    ):
        assert reading.stdout is not None
        try:
            for table, columns, rows in _tables(reading.stdout):
                _count(found, table, columns, rows)
        except (IndexError, ValueError):  # it ends within a row
            raise Unfit(f"{DAMAGED}.") from None
        if reading.wait():
            said.seek(0)  # that it is of a newer version, say
            raise Unfit(f"{DAMAGED} ({said.readline().strip()}).")
    return found


def others_connected() -> int:
    """Return how many others have the database open."""
    count = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with engine().connect() as connection:
        return int(connection.execute(count).scalar_one())


@contextmanager
def replaced_by(url: URL, path: Path) -> Iterator[None]:
    """Put a dump in the place of what is in the database, which comes back where anything fails.

    What was there before goes when the block ends well. Where this process itself ends before,
    nothing starts on what it leaves (`require_fit`) until this has been done once more. Raises
    Unfit.
    """
    if ASIDE in inspect(engine()).get_schema_names():  # a restore before was cut off
        _execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    else:
        _execute(f"ALTER SCHEMA public RENAME TO {ASIDE}", "CREATE SCHEMA public")
    try:
        options = ("--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error")
        _run(url, "pg_restore", *options, str(path))
        yield
    except BaseException:
        _execute("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    _execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _execute(*statements: str) -> None:
    session.remove()  # what is under way here would wait for us, and we for it
    with connect_apart(writes=True) as connection, connection.begin():
        take_time(connection)
        for statement in statements:
            connection.execute(text(statement))


def _run(url: URL, name: str, *options: str) -> None:
    """Run a tool on the database at `url`; the password is on no command line."""
    address = url.set(drivername="postgresql", password=None)
    with NamedTemporaryFile("w", encoding="utf-8", prefix="petition-", suffix=".pgpass") as secret:
        password = re.sub(r"([:\\])", r"\\\1", str(url.password or ""))
        secret.write(f"*:*:*:*:{password}\n")
        secret.flush()
        address = address.update_query_dict({"passfile": secret.name, "connect_timeout": "10"})
        command = [_tool(name), f"--dbname={address.render_as_string()}", *options]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[0]
        raise Unfit(f"{name} failed: {last}")


def _tool(name: str) -> str:
    """Return the path of a tool that fits the server. Raises ToolMissing."""
    found, server = shutil.which(name), _server_major()
    how = (
        f"Install PostgreSQL's client tools of version {server} or newer (on Debian: "
        f"postgresql-client-{server}), or put their folder on PATH."
    )
    if found is None:
        raise ToolMissing(f"{name} is not on PATH. {how}")
    said = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    major = re.search(r"(\d+)", said)
    if major is None or int(major[1]) < server:
        raise ToolMissing(f"{found} is older than the server. {how}")
    return found


def _server_major() -> int:
    with engine().connect() as connection:
        version = connection.execute(text("SHOW server_version_num")).scalar_one()
    return int(version) // 10_000


def _tables(lines: Iterator[str]) -> Iterator[tuple[str, list[str], Iterator[list[str]]]]:
    """Yield name, columns and rows of each table; the rows must be read before the next."""
    for line in lines:
        begins = COPY.fullmatch(line)
        if begins is not None:
            columns = [name.strip().strip('"') for name in begins[2].split(",")]
            yield begins[1], columns, _rows(lines)


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if line == "\\.\n":
            return
        yield line.removesuffix("\n").split("\t")


def _count(found: Contents, table: str, columns: list[str], rows: Iterator[list[str]]) -> None:
    keys = [number for number, name in enumerate(columns) if (table, name) in KEY_COLUMNS]
    for row in rows:
        found.rows[table] += 1
        found.seals.update(row[number] for number in keys if row[number] != "\\N")
        if table == "alembic_version":
            found.revision = row[0]
        if table == "installed":
            found.key_check = bytes.fromhex(row[columns.index("key_check")].removeprefix("\\\\x"))
