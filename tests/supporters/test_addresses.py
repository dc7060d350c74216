"""One mailbox has one canonical address, however it is spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.supporters.addresses import canonical, domain_of, supporter_tag

LOCAL = st.text("abcXYZ019._-", min_size=1, max_size=12).filter(lambda text: text.strip("."))
LABEL = st.text("abcXYZ019._-+", max_size=8)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("nadia@example.org", "nadia@example.org"),
        ("Nadia@Example.ORG", "nadia@example.org"),
        (" nadia@example.org ", "nadia@example.org"),
        ("nadia+petition@example.org", "nadia@example.org"),
        ("nadia+a+b@example.org", "nadia@example.org"),
        ("na.dia@example.org", "na.dia@example.org"),
        ("na.dia@gmail.com", "nadia@gmail.com"),
        ("n.a.d.i.a+x@GMAIL.com", "nadia@gmail.com"),
        ("nadia@googlemail.com", "nadia@gmail.com"),
        ("na.dia@outlook.com", "na.dia@outlook.com"),
        ("+nadia@example.org", "+nadia@example.org"),
        ("nadia@sub.gmail.com", "nadia@sub.gmail.com"),
        ("nadia@gmail.com.example.org", "nadia@gmail.com.example.org"),
        ("na-dia_x@example.org", "na-dia_x@example.org"),
    ],
)
def test_an_address_has_one_canonical_form(address: str, expected: str) -> None:
    assert canonical(address) == expected


@given(local=LOCAL, label=LABEL, domain=st.sampled_from(["example.org", "gmail.com", "a.co"]))
def test_the_canonical_form_is_its_own(local: str, label: str, domain: str) -> None:
    once = canonical(f"{local}+{label}@{domain}")

    assert canonical(once) == once
    assert canonical(f"{local.upper()}@{domain.upper()}") == once


@given(one=LOCAL, other=LOCAL)
def test_two_people_are_never_made_one(one: str, other: str) -> None:
    if one.casefold() != other.casefold():
        assert canonical(f"{one}@example.org") != canonical(f"{other}@example.org")


@given(dots=st.lists(st.sampled_from(["", "."]), min_size=4, max_size=4))
def test_dots_do_not_count_at_gmail_alone(dots: list[str]) -> None:
    spelt = "".join(letter + dot for letter, dot in zip("nadi", dots, strict=True)) + "a"

    assert canonical(f"{spelt}@gmail.com") == "nadia@gmail.com"
    assert canonical(f"{spelt}@example.org") == f"{spelt}@example.org"


def test_the_domain_is_that_of_the_canonical_form() -> None:
    assert domain_of("Nadia@GoogleMail.com") == "gmail.com"


@pytest.mark.usefixtures("instance")
def test_spellings_of_one_mailbox_have_one_tag_in_each_scope() -> None:
    tags = {supporter_tag("petition:1", a) for a in ("n.a@gmail.com", "NA+x@googlemail.com")}

    assert len(tags) == 1
    assert supporter_tag("petition:2", "na@gmail.com") not in tags
