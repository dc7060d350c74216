"""Whoever leaves learns, before and after, which office has their signature already."""

import pytest

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.storage.database import transaction
from petition.deliveries.models import StepKind
from petition.deliveries.striking.actions import note_sent
from petition.deliveries.striking.models import Sent
from petition.deliveries.striking.withdrawals import withdrawals_of
from tests.deliveries.making import TODAY, found, go_on, organiser, planned
from tests.deliveries.pack.asking import asked, made
from tests.web.public.people import Person, words

pytestmark = pytest.mark.any_database

HANDED = "Foreign Secretary (United Kingdom): handed over on 20 November 2026 with your name"

ASKED = "On 20 November 2026 Sample Coalition asked the office to strike it."


def hand_over() -> None:
    """Hand the petition over with the names of all who have signed."""
    number = planned(by := organiser())
    made(pack := asked(number, by))
    go_on(number, StepKind.HANDED_OVER, by, signature_count=1, pack_id=pack.id)


def test_the_page_says_who_has_the_signature_before_it_is_withdrawn_and_erased_and_after(
    person: Person,
) -> None:
    manage = person.has_signed(email="nadia@example.org")
    assert "Who has your signature already" not in words(person.client.visit(manage))
    hand_over()

    page = person.client.visit(manage)
    assert HANDED in words(page)
    assert "No answer yet; we asked for one by 20 December 2026" in words(page)
    assert "If you leave, a notice" in words(page)
    for verb in ("withdraw", "erase"):
        [form] = page.select(f"form[action$='/{verb}']")
        assert form.parent is not None
        assert "does not come back by this" in form.parent.get_text()
    assert all(
        HANDED not in words(person.client.visit(f"/{lang}{manage[3:]}")) for lang in LANGUAGES[1:]
    )

    left = person.client.submit(f"{manage}/withdraw", page, {}, form="form[action$='/withdraw']")
    after = person.client.visit(str(left.location))
    assert HANDED in words(after)
    assert "A notice to each such office is ready" in words(after)
    delivery = found(1)
    with transaction():
        about = withdrawals_of(delivery)
        assert about is not None
        note_sent(
            about, [1], TODAY, Sent("The registry", "Sample"), delivery.steps[0].organiser_id, now()
        )
    after = person.client.visit(str(left.location))
    assert ASKED in words(after)
    assert "A notice to each such office" not in words(after)
    erased = person.client.submit(
        f"{manage}/erase", after, {"sure": "y"}, form="form[action$='/erase']"
    )
    assert HANDED in words(erased.text)
    assert ASKED in words(erased.text)
