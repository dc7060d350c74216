"""The three numbers by which a server says why it does not take a letter."""

import pytest

from petition.letters.bounces.delivery_status import blames_our_server, blames_the_address, code_in


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
        ("Status: 5.0.0\nDiagnostic-Code: smtp; 550 #5.1.1 gone", "", "5.1.1"),
        ("Status: 5.2.0\nDiagnostic-Code: smtp; 550 User unknown", "", "5.1.1"),
        ("Status: 5.2.0\nDiagnostic-Code: smtp; 550 Filtered", "", "5.2.0"),
        ("Status: 5.5.0", "550 5.1.1 who?\n503 5.5.2 need a recipient", "5.1.1"),
        ("", "550 User unknown\n503 5.5.2 need a recipient", "5.1.1"),
        ("Diagnostic-Code: smtp; 550 the mailbox is\n    frozen", "", "5.2.1"),
        ("", "552 this account does not have enough space", "5.2.2"),
        ("", "The number of messages in the mailbox exceeds what is allowed", "5.2.2"),
        ("", "550 sending IP 192.0.2.1 is banned", "5.7.1"),
        (
            "Remote-MTA: dns; spam-filter.example.org\nDiagnostic-Code: 550 User unknown",
            "",
            "5.1.1",
        ),
        ("", "554 identified as spam. Sorry", "5.7.1"),
        ("", "550 unroutable sender address", "5.1.8"),
        ("", "550 sender address rejected: domain not found", "5.1.8"),
        ("", "mail for example.org loops back to myself", "5.4.6"),
        ("", "Host not found, try again", None),
        ("", "450 the mailbox is temporarily unavailable", None),
        ("Status: 2.0.0", "delivered", None),
        ("", "We have your letter, thank you.", None),
        ("", "", None),
    ],
)
def test_a_code_is_found_or_read_from_the_words(fields: str, said: str, code: str | None) -> None:
    assert code_in(fields, said) == code


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ("<a@example.org> exceeded the maximum message size", "5.3.4"),
        ("<a@example.org>: the mailbox is full", "5.2.2"),
        ("<a@example.org>: blocked by our policy: we reject spam", "5.7.1"),
        ("<a@example.org>: user unknown; spam is blocked", "5.1.1"),
        ("<a@example.org>: see our pages", "5.1.1"),
    ],
)
def test_an_office_is_not_called_missing_where_the_words_clear_it(beside: str, code: str) -> None:
    assert code_in(f"Diagnostic-Code: smtp; 550 5.1.1 {beside}", "") == code


def test_the_words_of_a_report_count_before_the_subject_that_it_quotes() -> None:
    assert code_in("", "the mailbox is full", "Undeliverable: No such user") == "5.2.2"
    assert code_in("", "", "Returned mail: User unknown") == "5.1.1"


@pytest.mark.parametrize("code", ["5.1.1", "5.1.10", "5.1.2"])
def test_a_mailbox_that_is_not_there_is_told_from_one_that_takes_nothing_now(code: str) -> None:
    assert blames_the_address(code)
    assert not blames_our_server(code)


@pytest.mark.parametrize("code", ["5.7.1", "5.7.606", "5.1.8", "5.1.7"])
def test_a_refusal_of_our_own_server_is_not_laid_at_the_door_of_the_office(code: str) -> None:
    assert blames_our_server(code)
    assert not blames_the_address(code)


@pytest.mark.parametrize("code", ["5.2.2", "4.4.7", "5.3.4", "4.1.1", "4.1.2", None])
def test_what_passes_blames_neither(code: str | None) -> None:
    assert not blames_the_address(code)
    assert not blames_our_server(code)
