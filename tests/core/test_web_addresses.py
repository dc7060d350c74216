"""Only what leads where it seems to lead is an address of the web."""

import pytest

from petition.core.web_addresses import completed, is_web_address


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org",
        "http://example.org/answer?number=1#part",
        "HTTPS://EXAMPLE.ORG/",
        "https://example.org/@office",  # a path may have one
        "https://example.org/?to=a@example.org",
        "https://пример.example/ответ",
        "https://[2001:db8::1]:8080/",
    ],
)
def test_an_address_of_the_web_is_one(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:office@example.org",
        "https://",
        "https:///answer",
        "https://[",
        "https://a b",
        "https://example.org/a\nb",
        "https://example.org/\u202egro",
        "https://gov.uk@evil.example/",
        "https://user:pass@host.example/",
        "https://:@host.example/",
        "https://gov.uk%40evil.example@evil.example/",
        "https://evil.example\\.gov.uk/",
    ],
)
def test_what_leads_nowhere_or_elsewhere_is_none(text: str) -> None:
    assert not is_web_address(text)


@pytest.mark.parametrize(
    "text",
    ["example.org", "www.example.org/answer?number=1", "example.org:8080/a", "пример.рф/ответ"],
)
def test_what_begins_with_the_name_of_a_host_gets_its_https(text: str) -> None:
    assert completed(text) == f"https://{text}"
    assert is_web_address(completed(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", "https://example.org", "http://example.org", "javascript:alert(1)"),
        *(
            "mailto:office@example.org",
            "office@example.org",
            "example",
            "example.org\\@evil.example",
        ),
        *("by post", "10.12.2026", "data:text/html,x", "gov.uk@evil.example", "example.org evil"),
    ],
)
def test_anything_else_stays_as_it_was_typed(text: str) -> None:
    assert completed(text) == text
