"""Why a file is not taken."""

from enum import StrEnum

from petition.core.errors import DomainError


class Fault(StrEnum):
    """What is wrong with a file."""

    NO_KIND = "no_kind"
    """It begins as none of the kinds that are taken."""
    TWO_KINDS = "two_kinds"
    """It is several files in one: it can be read as something else too."""
    BROKEN = "broken"
    LOCKED = "locked"
    """It wants a password."""
    ACTIVE = "active"
    """It holds a program, other files, or something that opens when it is opened."""
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MUCH_WORK = "too_much_work"
    """It takes more time or memory than any honest file."""
    BUSY = "busy"
    """Others' files are looked at; there is time for it soon."""


class Unclean(DomainError):
    """A file that is not taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"the file is not taken: {fault}")
        self.fault = fault
