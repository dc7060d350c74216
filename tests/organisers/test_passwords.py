"""Passwords are hashed slowly, and refused when they are easily guessed."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from petition.organisers import passwords
from petition.organisers.models import Identity
from petition.organisers.passwords import Objection

ADA = Identity("Ada Lovelace", "ada.lovelace@example.org")


def test_the_hash_is_argon2id_with_the_parameters_of_the_design() -> None:
    parameters = extract_parameters(passwords.hash_password("many words make one lock"))

    assert parameters.type.name == "ID"
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19456, 2, 1)


def test_only_the_right_password_matches() -> None:
    stored = passwords.hash_password("many words make one lock")

    assert passwords.matches(stored, "many words make one lock")
    assert not passwords.matches(stored, "many words make one lock ")


def test_nothing_matches_the_hash_of_nobody() -> None:
    assert not passwords.matches(None, "many words make one lock")
    assert not passwords.matches("damaged", "many words make one lock")


def test_two_ways_of_typing_one_letter_are_one_password() -> None:
    stored = passwords.hash_password("caf\u00e9 caf\u00e9 caf\u00e9")

    assert passwords.matches(stored, "cafe\u0301 cafe\u0301 cafe\u0301")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")

    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hash_password("x"))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven char", Objection.SHORT),
        ("a" * 13, Objection.MONOTONOUS),
        ("words " * 50, Objection.LONG),
        ("ada.lovelace@example.org", Objection.ABOUT_YOU),
        ("ADA LOVELACE 1815", Objection.ABOUT_YOU),
        ("adalovelace!!", Objection.ABOUT_YOU),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, why: Objection) -> None:
    assert passwords.objection(password, ADA) == why


def test_a_sentence_is_a_good_password() -> None:
    assert passwords.objection("twelve chars", ADA) is None
    assert passwords.objection("Lovelace wrote the first program", ADA) is None
