"""Choices of hypothesis that a seed alone decides.

Its own provider also offers numbers and words that stand in the modules which happen to be loaded,
so that a test rolls otherwise alone than among others.
"""

from typing import Any

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

STEADY = "steady"


class SteadyProvider(HypothesisProvider):
    """Chance, and nothing that stands in some module."""

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


AVAILABLE_PROVIDERS[STEADY] = f"{__name__}.SteadyProvider"
