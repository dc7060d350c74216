"""Small charts: what they show and where each mark stands, for the chart component to draw."""

from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1, 2, 5)
WIDTH = 1000
HEIGHT = 100
MOST_NAMES = 5
GAP = 0.25
"""How much of a column's room stays empty."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One number, what it counts, and how it is called on an axis where there is little room."""

    label: str
    value: int
    short: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A column or a bar, in units of the drawing, beside the number that it stands for."""

    datum: Datum
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing `width` wide and `height` high, its marks, and the values of its two lines."""

    marks: list[Mark]
    top: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def names_all(self) -> bool:
        """Whether there is room for a name under each column."""
        return len(self.marks) <= MOST_NAMES

    @property
    def named(self) -> list[Mark]:
        """The columns whose names stand under the line: all, or the first and the last."""
        return self.marks if self.names_all else [self.marks[0], self.marks[-1]]

    @property
    def half(self) -> int | None:
        """The value of the line half-way up, where it is a whole number."""
        return self.top // 2 if self.top % 2 == 0 else None


def round_top(value: int) -> int:
    """Return the first of 1, 2, 5, 10, 20, 50 and so on that is not below `value`."""
    scale = 1
    while True:
        for step in STEPS:
            if value <= step * scale:
                return step * scale
        scale *= 10


def columns(data: Sequence[Datum]) -> Chart:
    """Return upright columns in the order of the data, from the start of the line to its end."""
    top = round_top(max(datum.value for datum in data))
    room = WIDTH / len(data)
    marks = [
        Mark(
            datum,
            x=round((index + GAP / 2) * room, 2),
            y=round(HEIGHT - _share(datum.value, top, HEIGHT), 2),
            width=round((1 - GAP) * room, 2),
            height=_share(datum.value, top, HEIGHT),
        )
        for index, datum in enumerate(data)
    ]
    return Chart(marks, top)


def bars(data: Sequence[Datum]) -> Chart:
    """Return lying bars, one for each row of a table; the longest is as long as there is room."""
    top = max(datum.value for datum in data)
    marks = [Mark(datum, 0, 0, _share(datum.value, top, WIDTH), 1) for datum in data]
    return Chart(marks, top, height=1)


def _share(value: int, top: int, room: int) -> float:
    return round(value * room / top, 2)
