"""What of a delivery can be told, and in which words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries import telling
from petition.deliveries.models import StepKind
from petition.deliveries.queries import delivery_to_change
from petition.deliveries.telling import news_of, step_to_tell
from petition.outbox import actions as outbox
from petition.signatures import removals
from petition.signatures.models import Signature
from petition.updates.models import UpdateKind
from petition.updates.queries import update_of, updates_of
from tests.deliveries.making import ago, found, go_on, handed_over, organiser, planned
from tests.factories import NOON, make_ask, signed, signer
from tests.updates.telling import as_recorded, news, told, work_off

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


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
        "Foreign Secretary",
        "10 November 2026",
        1_243,
        "",
    )
    assert of_hand_over["fr"].country == "Royaume-Uni"
    assert (english.title_language, of_hand_over["ar"].office_language) == ("en", "ar")
    assert of_hand_over["ru"].title_language == "en"
    assert of_hand_over["fr"].counted == "1\u202f243"
    for one in of_answer.values():
        assert (one.words, one.words_language, one.count) == ("Nous y avons pensé.", "fr", 1_243)
    assert of_answer["ru"].day.startswith("17 ")


def test_what_was_told_wrongly_is_put_right_once_for_those_who_got_it(
    clock: time_machine.Traveller,
) -> None:
    ask, by = make_ask(), organiser()
    got, left, refused, doubted = (
        signed(ask, signer(f"s{n}@example.org", mail_allowed=True))[0].id for n in range(4)
    )
    told(number := handed_over(by), by)
    work_off()
    mails = {one.origin: one for one in news()}
    with transaction():
        outbox.sent([mails[f"signature:{one}"] for one in (got, left)], now())
        outbox.refused(mails[f"signature:{refused}"], "550", now())
        outbox.in_doubt([mails[f"signature:{doubted}"]], now())
    later = signed(ask, signer(mail_allowed=True))[0].id
    assert not corrected(number, by)
    go_on(number, StepKind.RETRACTED, by, words="La date était fausse.", language="fr")
    assert not corrected(number, by), "nothing stands in its place"
    go_on(number, StepKind.HANDED_OVER, by, ago(1))
    with transaction():
        removals.withdraw(session.get_one(Signature, left), now())
    clock.shift(telling.CORRECTABLE)
    assert not corrected(number, by)
    clock.shift(-timedelta(hours=1))
    assert corrected(number, by)
    assert not corrected(number, by), "once"
    work_off()

    right = sorted(news(), key=lambda one: one.origin or "")
    assert [one.origin for one in right] == [f"signature:{one}" for one in (got, doubted)]
    assert later not in {got, doubted}
    assert right[0].message.subject == "Correction: What you signed was handed over"
    assert "La date était fausse." in right[0].message.text
    assert "19 November 2026" in right[0].message.text


def test_what_was_stopped_before_any_mail_left_can_be_told_anew() -> None:
    signed(make_ask(), signer(mail_allowed=True))
    by = organiser()
    for kind, step in zip(UpdateKind, (StepKind.HANDED_OVER, StepKind.ANSWERED), strict=True):
        number = handed_over(by)
        if step is StepKind.ANSWERED:
            go_on(number, step, by)
        first = told(number, by, kind)
        go_on(number, StepKind.RETRACTED, by)
        go_on(number, step, by)
        assert not corrected(number, by, kind), "nobody got it"
        again = told(number, by, kind)

        assert as_recorded(first).came_to_nothing
        assert update_of(number, kind) is not None
        assert [one.id for one in updates_of(number)] == [again.id]
    work_off()
    assert len(news()) == len(UpdateKind)


def test_a_correction_that_was_stopped_before_any_mail_left_can_be_told_anew() -> None:
    signed(make_ask(), signer(mail_allowed=True))
    told(number := handed_over(by := organiser()), by)
    work_off()
    wrong = news()
    with transaction():
        outbox.sent(wrong, now())
    for _time in range(2):
        go_on(number, StepKind.RETRACTED, by)
        go_on(number, StepKind.HANDED_OVER, by)
        assert corrected(number, by)
    work_off()

    assert [one.origin for one in news()] == [wrong[0].origin]


def corrected(number: int, by: int, kind: UpdateKind = UpdateKind.HANDED_OVER) -> bool:
    """Put right what was told of the hand-over; false where that cannot be."""
    with transaction():
        delivery = delivery_to_change(number)
        assert delivery is not None
        try:
            telling.correct(delivery, kind, by, now())
        except ValueError:
            return False
    return True
