"""The three numbers by which a server says why it does not take a letter."""

import pytest

from petition.letters.delivery_status import blames_our_server, blames_the_address, code_in


@pytest.mark.parametrize(
    ("fields", "said", "code"),
    [
        ("Status: 5.1.1", "", "5.1.1"),
        ("Status: 5.0.0", "550 5.1.1 no such user", "5.1.1"),
        ("Status: 5.0.0", "the recipient's mailbox is full", "5.2.2"),
        ("Status: 5.1.1\nRemote-MTA: dns; 192.5.1.1", "", "5.1.1"),
        ("", "host 192.5.1.1 and Exim 4.92.3 said: 550 user unknown", "5.1.1"),
        ("", "550-5.7.26 go to\n550 5.7.26 https://example.org", "5.7.26"),
        ("", "552 #5.2.2 quota", "5.2.2"),
        ("", "sorry, no mailbox here by that name (#5.1.1 - chkusr)", "5.1.1"),
        ("", "The account is disabled.", "5.2.1"),
        ("", "Client host blocked using a list", "5.7.1"),
        ("", "Host or domain name not found", "5.1.2"),
        ("", "delivery time expired", "4.4.7"),
        ("Status: 2.0.0", "delivered", None),
        ("", "We have your letter, thank you.", None),
        ("", "", None),
    ],
)
def test_a_code_is_found_or_read_from_the_words(fields: str, said: str, code: str | None) -> None:
    assert code_in(fields, said) == code


@pytest.mark.parametrize("code", ["5.1.1", "5.1.10", "5.1.2", "4.1.1"])
def test_a_mailbox_that_is_not_there_is_told_from_one_that_takes_nothing_now(code: str) -> None:
    assert blames_the_address(code)
    assert not blames_our_server(code)


@pytest.mark.parametrize("code", ["5.7.1", "5.7.606", "5.1.8", "5.1.7"])
def test_a_refusal_of_our_own_server_is_not_laid_at_the_door_of_the_office(code: str) -> None:
    assert blames_our_server(code)
    assert not blames_the_address(code)


@pytest.mark.parametrize("code", ["5.2.2", "4.4.7", "5.3.4", None])
def test_what_passes_blames_neither(code: str | None) -> None:
    assert not blames_the_address(code)
    assert not blames_our_server(code)
