"""What each role may do."""

from collections.abc import Mapping
from enum import StrEnum, auto

from petition.organisers.models import Role


class Permission(StrEnum):
    """One thing that a role allows."""

    SEE_PETITIONS = auto()
    """The petitions and letters, with the numbers that say how they stand."""
    SEE_SIGNATURES = auto()
    """The list, without anything that names a person."""
    SEE_NAMES = auto()
    """Names and reasons in that list, and finding a signature by its address."""
    DECIDE_SIGNATURES = auto()
    SEE_LETTERS = auto()
    """Which letters wait for a person, without their words or anything that names one."""
    READ_LETTERS = auto()
    """The words of those on hold, and who wrote them."""
    DECIDE_LETTERS = auto()
    HALT_LETTERS = auto()
    """The switch that keeps everything of a letter campaign from leaving."""
    SEE_EXPORTS = auto()
    EXPORT = auto()
    LOOSEN_PRESETS = auto()
    """Letting files of a preset be made without a key that it required of everybody."""
    SEE_DELIVERIES = auto()
    """With what organisers noted for themselves."""
    RECORD_DELIVERIES = auto()
    """What was handed over and answered, which the public reads."""
    TELL_SIGNERS = auto()
    """Having news of a delivery mailed to all who said yes."""
    SEE_AUDIT = auto()
    """Who did or looked at what."""
    EDIT_RECIPIENTS = auto()
    """Deciding whether letters go to an office."""
    REMOVE_SAMPLE = auto()
    """The sample campaign, with what people tried in it. No other campaign can be removed."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EDITOR: frozenset(
        {Permission.SEE_PETITIONS, Permission.HALT_LETTERS, Permission.EDIT_RECIPIENTS}
    ),
    Role.MODERATOR: frozenset(
        {
            Permission.SEE_PETITIONS,
            Permission.SEE_SIGNATURES,
            Permission.SEE_NAMES,
            Permission.DECIDE_SIGNATURES,
            Permission.SEE_LETTERS,
            Permission.READ_LETTERS,
            Permission.DECIDE_LETTERS,
            Permission.HALT_LETTERS,
        }
    ),
    Role.EXPORTER: frozenset(
        {
            Permission.SEE_PETITIONS,
            Permission.SEE_EXPORTS,
            Permission.EXPORT,
            Permission.SEE_DELIVERIES,
            Permission.RECORD_DELIVERIES,
            Permission.TELL_SIGNERS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_PETITIONS,
            Permission.SEE_SIGNATURES,
            Permission.SEE_EXPORTS,
            Permission.SEE_DELIVERIES,
            Permission.SEE_LETTERS,
            Permission.SEE_AUDIT,
        }
    ),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role allows it."""
    return permission in PERMISSIONS[role]
