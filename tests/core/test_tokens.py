"""Tokens of links: random, and known to the database by their digest alone."""

from hypothesis import given
from hypothesis import strategies as st

from petition.core.tokens import LINK_LIFETIME, digest, new_token


def test_a_token_has_at_least_128_bits() -> None:
    tokens = {new_token().secret for _ in range(1_000)}

    assert len(tokens) == 1_000
    assert {len(token) for token in tokens} == {32}  # six bits a letter


def test_the_digest_is_that_of_the_secret() -> None:
    token = new_token()

    assert digest(token.secret) == token.digest
    assert len(token.digest) == 32
    assert token.secret.encode() not in token.digest


def test_links_live_for_72_hours() -> None:
    assert LINK_LIFETIME.total_seconds() == 72 * 3600


@given(st.text())
def test_any_text_has_a_digest(text: str) -> None:
    assert len(digest(text)) == 32
