"""What each role may do."""

from collections.abc import Mapping
from enum import StrEnum, auto

from petition.organisers.models import Role


class Permission(StrEnum):
    """One thing that a role allows."""

    SEE_PETITIONS = auto()
    SEE_SIGNATURES = auto()
    """The list, without anything that names a person."""
    SEE_NAMES = auto()
    """Names and reasons in that list, and finding a signature by its address."""
    REVIEW = auto()
    SEE_EXPORTS = auto()
    EXPORT = auto()
    EDIT_RECIPIENTS = auto()
    """Deciding whether letters go to an office."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EDITOR: frozenset({Permission.SEE_PETITIONS, Permission.EDIT_RECIPIENTS}),
    Role.MODERATOR: frozenset(
        {
            Permission.SEE_PETITIONS,
            Permission.SEE_SIGNATURES,
            Permission.SEE_NAMES,
            Permission.REVIEW,
        }
    ),
    Role.EXPORTER: frozenset({Permission.SEE_PETITIONS, Permission.SEE_EXPORTS, Permission.EXPORT}),
    Role.AUDITOR: frozenset(
        {Permission.SEE_PETITIONS, Permission.SEE_SIGNATURES, Permission.SEE_EXPORTS}
    ),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role allows it."""
    return permission in PERMISSIONS[role]
