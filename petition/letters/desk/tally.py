"""The tally of letters: how many stand where, what was answered, and how much is people's own."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select, union_all

from petition.core.storage.database import Base
from petition.core.storage.ledger import Ledger
from petition.letters.desk.models import Figure, LetterTally, LetterTallyEntry
from petition.letters.drafting.own_words import CLEARLY_FROM, PARTLY_FROM
from petition.letters.letter.models import COUNTED, Letter, LetterState, SentElsewhere


def _counted(_totals: type[Base]) -> Select[*tuple[Any, ...]]:
    """Count the letters anew, each read once, from the index of what figures are made of."""
    letters = (
        select(*(getattr(Letter, name) for name in COUNTED), func.count().label("count"))
        .group_by(*(getattr(Letter, name) for name in COUNTED))
        .cte("letters")
    )
    of = letters.c
    state, figures = cast(of.state, String), list[ColumnElement[Any]]()
    figures.append(
        case(
            (of.unmailed, Figure.UNMAILED.value),
            ((of.state == LetterState.QUEUED) & of.on_hold, Figure.ON_HOLD.value),
            (of.state == LetterState.SENDING, Figure.QUEUED.value),
            else_=state,
        )
    )
    figures.append(literal("answer_") + cast(of.answer, String))
    figures.append(
        case(
            (of.state == LetterState.AWAITING, None),
            (of.own_share < PARTLY_FROM, Figure.TEMPLATE.value),
            (of.own_share < CLEARLY_FROM, Figure.PARTLY.value),
            else_=Figure.CLEARLY.value,
        )
    )
    elsewhere = SentElsewhere.letter_campaign_id, SentElsewhere.recipient_id
    every = union_all(
        *(
            select(of.letter_campaign_id, of.recipient_id, figure.label("figure"), of.count)
            for figure in figures
        ),
        select(*elsewhere, literal(Figure.SENT_ELSEWHERE.value), func.count()).group_by(*elsewhere),
    ).subquery()
    *key, count = every.c
    return select(*key, func.sum(count)).where(every.c.figure.is_not(None)).group_by(*key)


LEDGER = Ledger(LetterTallyEntry, (LetterTally,), _counted, "Letter campaign {}, office {}, {}")
