"""Aims and the rows of tables, in Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """What was aimed at, and what came of it."""

    words: str
    seen: float
    bound: float
    at_least: bool = False
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure is within the bound."""
        return self.seen >= self.bound if self.at_least else self.seen <= self.bound


def row(first: str, cells: Iterable[str]) -> str:
    """Return a row of a table."""
    return f"| {first} | {' | '.join(cells)} |"


def ms(value: float | None, factor: float, digits: int = 1) -> str:
    """Return a figure times `factor`, in milliseconds where that is above 1; a dash for none."""
    return "–" if value is None else f"{value * factor:.{digits}f}" + (" ms" if factor > 1 else "")
