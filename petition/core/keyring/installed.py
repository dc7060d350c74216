"""Which keys a database belongs to: a tag that only they can make."""

from sqlalchemy import CheckConstraint, Connection, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.errors import InstallUnfit
from petition.core.keyring.keys import KeyFile, Keys, KeysUnreadable
from petition.core.keyring.sealing import keys as keys_in_use
from petition.core.keyring.sealing import tag_under
from petition.core.storage.columns import Digest
from petition.core.storage.database import Base, engine, session

BEFORE_RESTORE = "before_restore"
"""The PostgreSQL schema that holds, until a restore has ended, what was there before it."""


class Installed(Base):
    """The one row that ties a database to its keys."""

    __tablename__ = "installed"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_check: Mapped[Digest]


def tie_to_keys() -> bool:
    """Tie a fresh database to the keys in use; see that an older one belongs to them.

    Return whether it was a fresh one. No commit. Raises KeysUnreadable.
    """
    is_fresh = session.get(Installed, 1) is None
    if is_fresh:
        session.add(Installed(id=1, key_check=_check()))
    session.flush()
    require_its_keys(session.connection())
    return is_fresh


def make_keys_if_new(file: KeyFile) -> None:
    """Make the keys of a new install; never those of a database that has tables already.

    Raises KeysUnreadable.
    """
    if file.path.exists():
        return
    ours = {Installed.__tablename__, "alembic_version"}
    if ours & set(inspect(engine()).get_table_names()) and not file.path.exists():
        raise KeysUnreadable(
            f"{file.path.name} is missing from the instance folder, and nothing in this database "
            "opens without it. Put its copy back, then start again."
        )
    file.create_if_missing()


def require_fit(connection: Connection) -> None:
    """See that the database belongs to the keys in use, and that no restore was cut off in it.

    Letters would leave once more, and who was erased be back: that is settled at a restore's end.
    Raises InstallUnfit.
    """
    if BEFORE_RESTORE in inspect(connection).get_schema_names():
        raise InstallUnfit(
            "A restore was cut off in this database: run “flask --app petition restore FILE” "
            "again. Until it has ended, nothing may start."
        )
    require_its_keys(connection)


def require_its_keys(connection: Connection) -> None:
    """See that the database, once it has tables, belongs to the keys in use.

    With other keys one mailbox would sign twice, and nothing that is sealed would open.
    Raises KeysUnreadable.
    """
    if not inspect(connection).has_table(Installed.__tablename__):
        return
    known = connection.scalar(select(Installed.key_check))
    if known is not None and known != _check():
        raise KeysUnreadable(
            "This database belongs to other keys. Put the keys.json that it was made with into "
            "the instance folder, then start again."
        )


def is_installed() -> bool:
    """Whether the database has been tied to keys."""
    if not inspect(engine()).has_table(Installed.__tablename__):
        return False
    known = session.scalar(select(Installed.key_check))
    session.remove()
    return known is not None


def key_check(keys: Keys) -> bytes:
    """Return the tag by which a database knows the keys that it belongs to."""
    return tag_under(keys, "installed", "check")


def _check() -> bytes:
    return key_check(keys_in_use())
