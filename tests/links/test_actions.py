"""What mailed links do, whatever they open."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.storage.database import is_sqlite, session, transaction
from petition.core.storage.together import write
from petition.letters.letter.links import LETTER_LINKS
from petition.links.actions import Links, drop_one
from petition.links.models import LinkPurpose
from petition.signatures.links import SIGNATURE_LINKS
from tests.factories import NOON, make_ask, newest_signature, sign
from tests.faults.visitors import wait_until
from tests.grounds.locks import somebody_waits
from tests.letters.posting import awaiting, newest_letter

pytestmark = pytest.mark.usefixtures("database")
LATE = NOON + timedelta(days=4)


@pytest.fixture(params=["signature", "letter"])
def links(request: pytest.FixtureRequest) -> Links[Any]:
    """The links to one kind of thing; there is one such thing, and one of another."""
    sign(make_ask(), at=NOON)
    awaiting()
    return LETTER_LINKS if request.param == "letter" else SIGNATURE_LINKS


def issue(links: Links[Any], purpose: LinkPurpose = LinkPurpose.MANAGE) -> str:
    """Make a link to the thing, beside the one that was mailed."""
    owner = newest_letter() if links is LETTER_LINKS else newest_signature()
    number = 2 if (links, purpose) == (SIGNATURE_LINKS, LinkPurpose.CONFIRM) else None
    with transaction():
        return links.issue(owner.id, purpose, NOON, number=number)


def press(links: Links[Any], token: str, at: datetime = NOON) -> None:
    """Use a link up."""
    with transaction():
        [number, *_] = links.to_use(token, at, links.owner)
        write(links.using(number, token, at))


def test_a_link_opens_its_thing_for_its_purpose_alone(links: Links[Any]) -> None:
    token = issue(links)
    other = SIGNATURE_LINKS if links is LETTER_LINKS else LETTER_LINKS

    assert isinstance(links.open(token, LinkPurpose.MANAGE, NOON), links.model)
    for of, purpose in ((links, LinkPurpose.CONFIRM), (other, LinkPurpose.MANAGE)):
        with pytest.raises(LinkUnknown) as error:
            of.open(token, purpose, NOON)
        assert (error.value.kind, error.value.purpose) == (of.kind, purpose)


def test_one_press_uses_up_every_link_that_would_confirm_the_same(links: Links[Any]) -> None:
    tokens = [issue(links, LinkPurpose.CONFIRM), issue(links)]
    owner = links.open(tokens[0], LinkPurpose.CONFIRM, NOON)
    press(links, tokens[0])

    with pytest.raises(LinkUsed):
        links.open(tokens[0], LinkPurpose.CONFIRM, NOON)
    assert links.just_used(tokens[0], NOON).thing.id == owner.id
    assert links.open(tokens[1], LinkPurpose.MANAGE, NOON).id == owner.id
    with pytest.raises(LinkUsed):
        press(links, tokens[0])


def test_a_link_that_is_too_old_is_not_used(links: Links[Any]) -> None:
    token = issue(links, LinkPurpose.CONFIRM)
    owner = links.open(token, LinkPurpose.CONFIRM, NOON)
    with pytest.raises(LinkExpired):
        press(links, token, LATE)

    with transaction():
        assert links.open(token, LinkPurpose.CONFIRM, NOON, to_change=True).id == owner.id


def test_of_two_presses_at_once_the_later_finds_the_link_used(links: Links[Any]) -> None:
    if is_sqlite():
        pytest.skip("one writes at a time")
    token = issue(links, LinkPurpose.CONFIRM)
    seen = list[str]()

    def press_later() -> None:
        try:
            press(links, token)
        except LinkUsed as used:
            seen.append(used.kind)
        session.remove()

    later = Thread(target=press_later)
    with transaction():
        [number, *_] = links.to_use(token, NOON, links.owner)
        later.start()
        wait_until(somebody_waits, "it does not wait")
        write(links.using(number, token, NOON))
    later.join()

    assert seen == [links.kind]


def test_links_are_dropped_for_one_purpose_or_one_by_one(links: Links[Any]) -> None:
    first, second = issue(links), issue(links)
    owner = links.open(first, LinkPurpose.MANAGE, NOON)
    with transaction():
        drop_one(first)
    with pytest.raises(LinkUnknown):
        links.open(first, LinkPurpose.MANAGE, NOON)
    assert links.made_today(owner.id, NOON) == 1
    with transaction():
        links.drop(owner.id, LinkPurpose.CONFIRM)
    assert links.open(second, LinkPurpose.MANAGE, NOON).id == owner.id
    session.commit()
