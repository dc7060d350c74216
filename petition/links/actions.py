"""Verbs of mailed links, the same for every kind of thing that they open. None commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    Update,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    update,
)

from petition.core.clock import hour_of
from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.keyring.sealing import Sealed, seal, unseal
from petition.core.storage.database import Base, rows_of, session
from petition.core.storage.together import Write, addition, write
from petition.core.tokens import LINK_LIFETIME, digest, new_token
from petition.links.hours import end_of
from petition.links.models import LinkPurpose, MailedLink, given_context
from petition.links.pressing import pressed_mark, was_just_pressed

MANAGE_LINKS_A_DAY = 6
Thing = TypeVar("Thing", bound=Base)
_links = rows_of(MailedLink)
_TO_USE = tuple(_links.c[n] for n in ("token_hash", "expires_at", "used_at", "given", "given_key"))


@dataclass(frozen=True, slots=True)
class Found(Generic[Thing]):
    """A link as it is kept, good or not, with what it belongs to."""

    thing: Thing
    row: Row[*tuple[Any, ...]]

    @property
    def is_used(self) -> bool:
        """Whether its button was pressed, or that of another that confirms the same."""
        return self.row.used_at is not None

    @property
    def expires_at(self) -> datetime:
        """Until when it opens."""
        until: datetime = self.row.expires_at
        return until

    @property
    def given(self) -> bytes | None:
        """What it confirms, where that differs from what its thing says. Raises SealBroken."""
        return given_in(self.row)


@dataclass(frozen=True, slots=True)
class Links(Generic[Thing]):
    """The links to one kind of thing: its name as in `origins`, and its table."""

    kind: str
    model: type[Thing]

    @property
    def owner(self) -> Column[Any]:
        """The column with the number of what a link opens."""
        return _links.c[f"{self.kind}_id"]

    def issue(
        self,
        owner_id: int,
        purpose: LinkPurpose,
        at: datetime,
        *,
        number: int | None = None,
        given: bytes | None = None,
    ) -> str:
        """Make a link and return its secret token, which is stored nowhere.

        `given` is what it confirms, where that differs from what its thing says so far.
        """
        secret, row = self.made(owner_id, purpose, at, number=number, given=given)
        write(addition(MailedLink, row))
        return secret

    def issuing(self, owner_id: int, purpose: LinkPurpose, at: datetime) -> tuple[str, Write]:
        """Return the secret token of a new link, and what makes that."""
        secret, row = self.made(owner_id, purpose, at)
        return secret, addition(MailedLink, row)

    def made(
        self,
        owner_id: int,
        purpose: LinkPurpose,
        at: datetime,
        *,
        number: int | None = None,
        given: bytes | None = None,
    ) -> tuple[str, dict[str, Any]]:
        """Return the secret token of a new link, and its row, which is still to be added."""
        token = new_token()
        sealed = seal(given, given_context(token.digest)) if given else None
        row = {
            "token_hash": token.digest,
            self.owner.name: owner_id,
            "purpose": purpose,
            "number": number,
            "expires_at": end_of(at),
            "given": sealed and sealed.box,
            "given_key": sealed and sealed.key_id,
        }
        return token.secret, row

    def find(self, token: str, purpose: LinkPurpose) -> Row[*tuple[Any, ...]]:
        """Return what is kept of a link, good or not. Raises LinkUnknown."""
        found = session.execute(
            select(self.owner.label("owner_id"), _links).where(self._is(token, purpose))
        ).one_or_none()
        if found is None:
            raise LinkUnknown(self.kind, purpose)
        return found

    def look(self, token: str, purpose: LinkPurpose, *, to_change: bool = False) -> Found[Thing]:
        """Return a link with what it belongs to; `to_change` locks both until the end.

        What waited for the locks sees both as they are now. Raises LinkUnknown.
        """
        row = self._look(token, purpose, (self.model, *_links.c), to_change=to_change)
        return Found(row[0], row)

    def _look(
        self, token: str, purpose: LinkPurpose, what: tuple[Any, ...], *, to_change: bool
    ) -> Row[*tuple[Any, ...]]:
        its = {"its_hash": digest(token), "its_purpose": purpose}
        looking = _looking(self, what, to_change=to_change)
        row = session.execute(looking, its).one_or_none()
        if row is None and to_change:  # while it waited the link may have come to lead elsewhere
            row = session.execute(looking, its).one_or_none()
        if row is None:
            raise LinkUnknown(self.kind, purpose)
        return row

    def opened(
        self, token: str, purpose: LinkPurpose, at: datetime, *, to_change: bool = False
    ) -> Found[Thing]:
        """Return a good link with what it opens; `to_change` locks both until the end.

        Raises LinkUnknown, LinkUsed or LinkExpired.
        """
        found = self.look(token, purpose, to_change=to_change)
        self._require(found.row, purpose, at)
        return found

    def open(
        self, token: str, purpose: LinkPurpose, at: datetime, *, to_change: bool = False
    ) -> Thing:
        """Return what `opened` does, without its link."""
        return self.opened(token, purpose, at, to_change=to_change).thing

    def to_use(self, token: str, at: datetime, *columns: Column[Any]) -> Row[*tuple[Any, ...]]:
        """Return these columns of what a good link confirms, with the link's own; both are locked.

        Raises LinkUnknown, LinkUsed or LinkExpired.
        """
        row = self._look(token, LinkPurpose.CONFIRM, (*columns, *_TO_USE), to_change=True)
        self._require(row, LinkPurpose.CONFIRM, at)
        return row

    def _require(self, link: Row[*tuple[Any, ...]], purpose: LinkPurpose, at: datetime) -> None:
        if link.used_at is not None:
            raise LinkUsed(self.kind, purpose)
        if link.expires_at <= at:
            raise LinkExpired(self.kind, purpose)

    def using(self, owner_id: int, token: str, at: datetime) -> Write:
        """Return what uses a confirming link up, and every other that would confirm the same thing.

        Their pages would promise what their buttons no longer do, and what they carry is kept no
        longer. Whoever calls has opened it to change it: of two at once, one gets it.
        """
        its = {"its_owner": owner_id, "its_hash": digest(token)}
        values = {"pressed_hour": hour_of(at), "pressed_mark": pressed_mark(token, at)}
        return Write(_using(self), its | values)

    def just_used(self, token: str, at: datetime) -> Found[Thing]:
        """Return what the button of this link has confirmed some minutes ago.

        Whoever pressed it may have seen an error where the way on belongs. Raises LinkUnknown, or
        LinkUsed where it was not pressed, or longer ago.
        """
        found = self.look(token, LinkPurpose.CONFIRM)
        if not was_just_pressed(found.row.pressed, token, at):
            raise LinkUsed(self.kind, LinkPurpose.CONFIRM)
        return found

    def issue_again(self, owner_id: int, at: datetime) -> str:
        """Make one more link to manage a thing, for whoever presses its button again.

        Raises LinkUsed where the day has seen too many.
        """
        if self.made_today(owner_id, at) >= MANAGE_LINKS_A_DAY:
            raise LinkUsed(self.kind, LinkPurpose.CONFIRM)
        return self.issue(owner_id, LinkPurpose.MANAGE, at)

    def made_today(self, owner_id: int, at: datetime) -> int:
        """Return how many links to manage a thing were made within a day."""
        since = at + LINK_LIFETIME - timedelta(days=1)
        made = self._of(owner_id, LinkPurpose.MANAGE) & (_links.c.expires_at > since)
        return session.scalar(select(func.count()).where(made)) or 0

    def has(self, owner_id: ColumnElement[Any] | int) -> ColumnElement[bool]:
        """Return the condition that a thing has any link."""
        return exists().where(self.owner == owner_id)

    def drop(self, owner_id: int, purpose: LinkPurpose) -> None:
        """Delete the links that open a thing for this purpose."""
        session.execute(delete(_links).where(self._of(owner_id, purpose)))

    def _is(self, token: str, purpose: LinkPurpose) -> ColumnElement[bool]:
        its = (_links.c.token_hash == digest(token)) & (_links.c.purpose == purpose)
        return its & self.owner.is_not(None)

    def _of(self, owner_id: int, purpose: LinkPurpose) -> ColumnElement[bool]:
        return (self.owner == owner_id) & (_links.c.purpose == purpose)


@lru_cache
def _looking(links: Links[Any], what: tuple[Any, ...], *, to_change: bool) -> Select[Any]:
    """Return what reads this of a link and its thing; the thing is locked first, as everywhere."""
    thing = rows_of(links.model)
    its = (_links.c.token_hash == bindparam("its_hash")) & (
        _links.c.purpose == bindparam("its_purpose")
    )
    found = select(*what).select_from(thing).join(_links, links.owner == thing.c.id).where(its)
    if not to_change:
        return found
    found = found.with_for_update(of=(thing, _links))
    return found.execution_options(populate_existing=True)


@lru_cache
def _using(links: Links[Any]) -> Update:
    """Return the statement of `Links.using`."""
    hour = bindparam("pressed_hour", type_=_links.c.used_at.type)
    mark = bindparam("pressed_mark", type_=_links.c.pressed.type)
    its_own = _links.c.token_hash == bindparam("its_hash")
    return (
        update(_links)
        .where(links.owner == bindparam("its_owner"), _links.c.purpose == LinkPurpose.CONFIRM)
        .values(
            used_at=func.coalesce(_links.c.used_at, hour),
            given=None,
            given_key=None,
            pressed=case((its_own, mark)),
        )
    )


def drop_one(token: str) -> None:
    """Delete this link alone."""
    session.execute(delete(_links).where(_links.c.token_hash == digest(token)))


def given_in(link: Row[*tuple[Any, ...]]) -> bytes | None:
    """Return what a link confirms, where that differs from what its thing says so far.

    `link` is one that `find` has found. Raises SealBroken.
    """
    if link.given is None or link.given_key is None:
        return None
    return unseal(Sealed(link.given_key, link.given), given_context(link.token_hash))
