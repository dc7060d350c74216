"""Roles allow what their work needs, and no more."""

import pytest

from petition.organisers.models import Role
from petition.organisers.permissions import PERMISSIONS, Permission, may


def test_every_role_is_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


def test_an_owner_may_do_everything() -> None:
    assert PERMISSIONS[Role.OWNER] == set(Permission)


@pytest.mark.parametrize("role", Role)
def test_whoever_decides_about_signatures_sees_whose_they_are(role: Role) -> None:
    assert may(role, Permission.SEE_NAMES) or not may(role, Permission.DECIDE_SIGNATURES)
    assert may(role, Permission.SEE_SIGNATURES) or not may(role, Permission.SEE_NAMES)


@pytest.mark.parametrize("role", Role)
def test_whoever_decides_about_letters_reads_them(role: Role) -> None:
    assert may(role, Permission.READ_LETTERS) or not may(role, Permission.DECIDE_LETTERS)
    assert may(role, Permission.SEE_LETTERS) or not may(role, Permission.READ_LETTERS)


def test_whoever_writes_or_moderates_can_stop_a_letter() -> None:
    stopping = {role for role in Role if may(role, Permission.HALT_LETTERS)}

    assert stopping == {Role.OWNER, Role.EDITOR, Role.MODERATOR}


@pytest.mark.parametrize(
    "permission", [Permission.SEE_NAMES, Permission.EXPORT, Permission.READ_LETTERS]
)
def test_an_auditor_and_an_editor_see_no_personal_data(permission: Permission) -> None:
    assert not may(Role.AUDITOR, permission)
    assert not may(Role.EDITOR, permission)
