"""People and petitions for tests, made by the product's own verbs."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import func, select, update

from petition.campaigns.models import Campaign
from petition.core.clock import now
from petition.core.storage.database import WRITING, Base, rows_of, session, transaction
from petition.holds.models import HoldCause
from petition.links.letterhead import Letterhead
from petition.links.models import LinkPurpose
from petition.organisers.models import Identity, Organiser, Role
from petition.petitions.asks import Ask, ask_of
from petition.petitions.models import Petition
from petition.petitions.queries import petition_by_slug
from petition.publishing.loading import load_campaign
from petition.safekeeping.tallies import take_in
from petition.signatures import actions
from petition.signatures.desk.decisions import mark_of_reason, show_reason
from petition.signatures.mailing import Mailing
from petition.signatures.models import Signature, Visibility
from petition.signatures.signers import Signer, Signing
from tests.grounds.copies import Copies

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "magnitsky-month"
SLUG = "sanction-human-trafficking"
OTHER_SLUG = "say-who-was-harmed"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A moment at which the petitions of the sample are open."""

_numbers = count(1)
_copies = Copies()


def load_sample(at: datetime | None = None) -> None:
    """Publish the sample campaign: at this moment, or as this day begins."""
    published_at = at or now().replace(hour=0, minute=0, second=0, microsecond=0)

    def load() -> None:
        with transaction():
            load_campaign(SAMPLE, published_at)

    if session.scalar(select(Campaign.id).limit(1)) is None:
        _copies.make(published_at, load)
    else:
        load()


def make_petition(slug: str = SLUG) -> Petition:
    """Return a petition of the sample campaign, which is published first."""
    load_sample()
    found = petition_by_slug(slug)
    assert found is not None
    return found


def make_ask(slug: str = SLUG) -> Ask:
    """Return a petition of the sample campaign as its readers meet it."""
    return ask_of(make_petition(slug), "en")


def address() -> str:
    """Return an address that no test has used before."""
    return f"supporter{next(_numbers)}@example.org"


def signer(email: str = "", *, name: str = "Nadia Sample", **given: object) -> Signer:
    """Return what a supporter might give."""
    values: dict[str, object] = {
        "country": "GB",
        "language": "en",
        "visibility": Visibility.PRIVATE,
        "mail_allowed": False,
        **given,
    }
    return Signer(name=name, email=email or address(), **values)  # type: ignore[arg-type]


class Letters(Letterhead):
    """A letterhead that keeps the tokens it is given."""

    def __init__(self) -> None:
        super().__init__("Test", "http://localhost", "en")
        self.confirm_tokens: list[str] = []
        self.manage_tokens: list[str] = []

    def address(self, kind: str, purpose: LinkPurpose, token: str) -> str:
        """Keep a token and return an address."""
        is_to_confirm = purpose == LinkPurpose.CONFIRM
        (self.confirm_tokens if is_to_confirm else self.manage_tokens).append(token)
        return f"http://localhost/en/{kind}/{purpose}/{token}"


def sign(
    ask: Ask,
    who: Signer | None = None,
    letters: Letters | None = None,
    *,
    at: datetime | None = None,
    hold: HoldCause | None = None,
    source: str | None = None,
) -> Letters:
    """Sign in a transaction; return the letters that were written."""
    letters = letters if letters is not None else Letters()
    with transaction():
        given = Signing(who or signer(), ask.text_id, at or now())
        tag = actions.tag_for(ask.petition_id, given.signer.email)
        actions.sign(actions.Act(Mailing(ask, letters, at or now()), given, tag, hold, source))
    return letters


def confirm(letters: Letters, *, at: datetime | None = None) -> str:
    """Press the button behind the newest letter; return the token to manage."""
    with transaction():
        return actions.confirm(letters.confirm_tokens[-1], at or now())


def signed(
    ask: Ask,
    who: Signer | None = None,
    *,
    at: datetime | None = None,
    hold: HoldCause | None = None,
    source: str | None = None,
) -> tuple[Signature, str]:
    """Return a confirmed signature and the token to manage it; the tally has taken it in."""
    token = confirm(sign(ask, who, at=at, hold=hold, source=source), at=at)
    take_in_all()
    return newest_signature(), token


def let_reason_appear(signature: Signature) -> None:
    """Do what a moderator does who has read the reason and lets it appear."""
    read = mark_of_reason(signature.id, signature.opened().reason)
    show_reason(signature, read, shown=True)


def newest_signature() -> Signature:
    """Return the signature that was stored last, as it is now."""
    number = session.scalar(select(func.max(Signature.id)))
    found = session.get_one(Signature, number, populate_existing=True)
    end_reading()
    return found


def end_reading() -> None:
    """Let what is read next be as it is then; a transaction that writes goes on."""
    options = session.connection().get_execution_options()
    if not options.get("writes") and options.get("isolation_level") != WRITING["isolation_level"]:
        session.commit()


def take_in_all() -> None:
    """Do what the worker does for the tally."""
    with transaction():
        take_in()


def rows(model: type) -> int:
    """Return how many rows a table has at this moment."""
    session.commit()
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.commit()
    return int(found)


def make_organiser(role: Role = Role.OWNER) -> Organiser:
    """Return an organiser whom records can name; nobody can log in as them."""
    with transaction():
        made = Organiser(role=role, password_hash="x", created_at=now())
        made.identify(Identity("Olive Owner", f"organiser{next(_numbers)}@example.org"))
        session.add(made)
        session.flush()
    return made


def spoil(model: type[Base], box: str = "person", *, key: str = "", number: int = 0) -> None:
    """Break the seal of one row, the newest where no number is given: as a lost key does."""
    table = rows_of(model)
    newest = select(func.max(table.c.id)).scalar_subquery()
    with transaction():
        session.execute(
            update(table)
            .where(table.c.id == (number or newest))
            .values({key or f"{box}_key": "00000000"})
        )
    session.remove()
