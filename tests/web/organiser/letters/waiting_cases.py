"""Letters that wait for a person, and the page on which a moderator decides about them."""

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from petition.core.storage.database import session, transaction
from petition.holds.actions import hold
from petition.holds.models import Hold, HoldCause
from petition.letters.letter.models import Letter, LetterTransition
from petition.outbox.origins import LETTER as LETTERS
from tests.factories import NOON
from tests.grounds.client import ReadingClient
from tests.letters.fates import is_in_doubt, is_refused, leave
from tests.letters.posting import LETTER, queued

ALIKE = (
    "Our whole club in the village of Sample is of one mind about this matter, for we have seen "
    "with our own eyes what becomes of people who are sold from one farm to the next, and nobody "
    "who gains by it has ever been named."
)
RELEASED = "released"
PAGE = f"/organiser/letters/{LETTER}/waiting"


def held(**given: object) -> Letter:
    """Return a letter that waits for a moderator."""
    letter = queued(**given)  # type: ignore[arg-type]
    with transaction():
        letter.on_hold = True
        hold(LETTERS, [letter.id], HoldCause.NETWORK, NOON)
    return letter


def unknown() -> Letter:
    """Return a letter of which nobody knows whether it arrived."""
    letter = queued()
    assert leave(is_in_doubt) == 1
    return letter


def failed() -> Letter:
    """Return a letter that the mail server refused."""
    letter = queued()
    assert leave(is_refused) == 1
    return letter


def case_of(page: BeautifulSoup, letter: Letter) -> Tag | None:
    return page.select_one(f"#letter-{letter.id}")


def words_of(case: Tag | None) -> str:
    assert case is not None
    return " ".join(case.get_text(" ").split())


def buttons(page: BeautifulSoup, letter: Letter) -> list[str]:
    case = case_of(page, letter)
    assert case is not None
    return [button.get_text() for button in case.select("button")]


def send(
    client: ReadingClient, page: BeautifulSoup, letter: Letter, decision: str, path: str = PAGE
) -> TestResponse:
    """Press a button beside a letter on a page that was opened before."""
    form = f"#letter-{letter.id} form"
    return client.submit(path, page, {"decision": decision}, form=form)


def decide(client: ReadingClient, letter: Letter, decision: str) -> str:
    """Press a button beside a letter; return the words of the page that follows."""
    answer = send(client, client.visit(PAGE), letter, decision)
    assert answer.status_code == 303
    return client.visit(str(answer.location)).get_text(" ")


def deciders(letter: Letter) -> list[tuple[str, str, int]]:
    """Return the changes of a letter that were an organiser's, and its releases from holds."""
    session.commit()
    released = session.query(Hold).where(Hold.letter_id == letter.id, Hold.accepted.is_(True))
    let_go = [(one.cause, RELEASED, one.closed_by or 0) for one in released]
    found = session.query(LetterTransition).where(
        LetterTransition.letter_id == letter.id, LetterTransition.organiser_id.is_not(None)
    )
    return let_go + [(one.before, one.after, one.organiser_id or 0) for one in found]
