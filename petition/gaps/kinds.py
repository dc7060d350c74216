"""The kinds of gap, which are the five themes of the campaign."""

from enum import StrEnum


class GapKind(StrEnum):
    """What is left undone."""

    MULTILATERAL = "multilateral"
    """One government has listed someone, the others have not."""
    ABUSE = "abuse"
    """A kind of abuse is overlooked, such as human trafficking."""
    VICTIMS = "victims"
    """People who are rarely recognised as the victims."""
    ALLY = "ally"
    """Officials of partner governments are spared."""
    LEGAL = "legal"
    """A power is missing."""
