"""Letters that wait for a person, and the page on which a moderator decides about them."""

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from petition.core.storage.database import session, transaction
from petition.letters.letter.models import Letter, LetterState, LetterTransition
from tests.grounds.client import ReadingClient
from tests.letters.fates import is_in_doubt, is_refused, leave
from tests.letters.posting import LETTER, queued

PAGE = f"/organiser/letters/{LETTER}/waiting"


def held(**given: object) -> Letter:
    """Return a letter that waits for a moderator."""
    letter = queued(**given)  # type: ignore[arg-type]
    with transaction():
        letter.on_hold = True
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


def deciders(letter: Letter) -> list[tuple[LetterState, LetterState, int]]:
    """Return the changes of a letter that were an organiser's."""
    session.commit()
    found = session.query(LetterTransition).where(
        LetterTransition.letter_id == letter.id, LetterTransition.organiser_id.is_not(None)
    )
    return [(one.before, one.after, one.organiser_id or 0) for one in found]
