"""What of a delivery can be told, and in which words."""

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.deliveries import telling
from petition.deliveries.models import StepKind
from petition.deliveries.queries import delivery_to_change
from petition.deliveries.telling import news_of, step_to_tell
from petition.updates.models import UpdateKind
from tests.deliveries.making import ago, found, go_on, handed_over, organiser, planned
from tests.factories import make_ask

pytestmark = pytest.mark.usefixtures("database")


def tellable(number: int) -> list[UpdateKind]:
    """Return what can be told of a delivery."""
    delivery = found(number)
    return [kind for kind in UpdateKind if step_to_tell(delivery, kind) is not None]


def test_what_stands_can_be_told_and_what_was_taken_back_can_not() -> None:
    make_ask()
    by = organiser()
    number = planned(by)
    assert tellable(number) == []
    go_on(number, StepKind.HANDED_OVER, by)
    assert tellable(number) == [UpdateKind.HANDED_OVER]
    go_on(number, StepKind.ANSWERED, by)
    assert tellable(number) == [UpdateKind.HANDED_OVER, UpdateKind.ANSWERED]
    go_on(number, StepKind.RETRACTED, by)
    go_on(number, StepKind.RETRACTED, by)
    assert tellable(number) == []

    with transaction():
        delivery = delivery_to_change(number)
        assert delivery is not None
        with pytest.raises(ValueError, match="no delivery that was handed_over"):
            telling.tell(delivery, UpdateKind.HANDED_OVER, by, now())


def test_the_words_are_those_of_the_record_in_each_language() -> None:
    make_ask()
    by = organiser()
    number = handed_over(by, ago(10))
    go_on(number, StepKind.ANSWERED, by, ago(3), words="Nous y avons pensé.", language="fr")
    delivery = found(number)
    handed, answered = (step_to_tell(delivery, kind) for kind in UpdateKind)
    assert handed is not None
    assert answered is not None
    of_hand_over, of_answer = news_of(delivery, handed), news_of(delivery, answered)

    english = of_hand_over["en"]
    assert (english.office, english.day, english.count, english.words) == (
        "Foreign Secretary (United Kingdom)",
        "10 November 2026",
        1_243,
        "",
    )
    assert of_hand_over["fr"].office.endswith("(Royaume-Uni)")
    assert of_hand_over["fr"].counted == "1\u202f243"
    for one in of_answer.values():
        assert (one.words, one.words_language, one.count) == ("Nous y avons pensé.", "fr", 1_243)
    assert of_answer["ru"].day.startswith("17 ")
