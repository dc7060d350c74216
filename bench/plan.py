"""How much is measured: the whole run, or a quick one while building."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of one run."""

    few: int = 1_000
    """Confirmed signatures in the small database."""
    many: int = 1_000_000
    """Confirmed signatures in the large one."""
    clients: int = 8
    page_rounds: int = 5
    page_seconds: float = 3.0
    post_rounds: int = 5
    post_seconds: float = 3.0
    most_posts: int = 4_000
    """Forms that are fetched before a round of posts; the round ends when they run out."""
    export_rounds: int = 3
    some: int = 100_000
    """Confirmed signatures in a third database, for the files that take longer a row."""
    more: int = 0
    """Confirmed signatures in a third one, for the growth of the chores; 0 for none."""
    letters: int = 300_000
    """Letters of one letter campaign, for the pages of the desk."""
    desk_turns: int = 15
    way_supporters: int = 500
    """How many go the whole way in a round."""
    way_rounds: int = 5
    is_quick: bool = False


FULL = Plan()
QUICK = Plan(
    many=20_000,
    page_rounds=1,
    page_seconds=1.0,
    post_rounds=1,
    post_seconds=1.0,
    most_posts=600,
    export_rounds=1,
    some=2_000,
    letters=6_000,
    desk_turns=3,
    way_supporters=100,
    way_rounds=1,
    is_quick=True,
)
