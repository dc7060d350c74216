"""The field for public keys: what is none is said beside it, and a secret one is never shown."""

import re

import pytest
from pyrage import decrypt
from pyrage.x25519 import Identity

from petition.core.storage.database import session
from petition.exports.models import Export
from petition.organisers.models import Role
from tests.grounds.exporting import work_off
from tests.grounds.pages import parse
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.organiser.signatures.test_exports import ask, make, record, take

pytestmark = pytest.mark.any_database
KEY = str(Identity.generate().to_public())


def test_an_export_is_encrypted_for_the_keys_that_are_given(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    identity = Identity.generate()
    client, key = log_in(Role.EXPORTER), str(identity.to_public())
    page = make(client, preset="names", format="pdf", encrypted_for=f"\n {key} \n")
    words = client.visit(page).get_text()
    answer = take(client, page, follow_redirects=True)

    assert key in words
    assert re.search(rf"--output ({SLUG}-names-\w+\.pdf) \1\.age", words)
    assert "in the clear" not in words
    assert "Names and countries, PDF, encrypted" in record(client)
    assert answer.mimetype == "application/octet-stream"
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf"attachment; filename={SLUG}-names-\w+\.pdf\.age", disposition)
    assert decrypt(answer.data, [identity]).startswith(b"%PDF-")


def test_sheets_are_told_by_their_type_and_their_name(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = make(client, preset="names", format="pdf")
    assert "Download PDF" in client.visit(page).get_text()
    assert "Nobody: it is in the clear" in client.visit(page).get_text()
    answer = take(client, page, follow_redirects=True)

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith("Z.pdf")
    assert answer.data.startswith(b"%PDF-")


def test_what_is_made_anew_is_encrypted_for_the_same(log_in: LogIn, supporters: Supporters) -> None:
    client, key = log_in(), str(Identity.generate().to_public())
    page = make(client, encrypted_for=key)
    client.submit(page, client.visit(page), {}, form="form[action$='/anew']")
    work_off()

    assert [export.encrypted_for for export in session.query(Export)] == [key, key]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nadia@example.org", "Line 1 is not a public key of age"),
        (f"{KEY}\nage1{'q' * 58}", "In the key on line 2 a letter is wrong. Copy it anew"),
        (KEY[:-2], "The key on line 1 has 60 characters, and should have 62"),
        (f"age1yubikey1{'q' * 59}", "The key on line 1 is of a kind that this site cannot"),
        ("\n".join(str(Identity.generate().to_public()) for _ in range(11)), "Enter at most 10"),
        ("x" * 1_001, "Use at most 1000 characters"),
    ],
    ids=["an address", "a slip", "cut short", "a plugin's", "too many", "too long"],
)
def test_what_is_no_public_key_is_said_beside_it_and_kept(
    log_in: LogIn, supporters: Supporters, given: str, words: str
) -> None:
    answer = ask(log_in(), encrypted_for=given)

    assert answer.status_code == 422
    page = parse(answer.text)
    assert words in page.select_one("#encrypted_for-error").get_text()  # type: ignore[union-attr]
    assert given in page.select_one("textarea#encrypted_for").get_text()  # type: ignore[union-attr]
    assert session.query(Export).count() == 0


@pytest.mark.parametrize("field", ["encrypted_for", "why"])
def test_a_secret_key_is_refused_in_every_field_and_not_shown_again(
    log_in: LogIn, supporters: Supporters, field: str
) -> None:
    client = log_in()
    for around in ("{}", "# public key: age1\n{}\n", "{}" + "x" * 9_000):
        for spelt in (str, str.lower, "\u200b".join, "\u00ad".join, lambda key: key[4:]):
            secret = spelt(str(Identity.generate()))
            answer = ask(client, **{field: around.format(secret)})

            assert answer.status_code == 422
            said = parse(answer.text).select_one(f"#{field}-error").get_text()  # type: ignore[union-attr]
            assert "That was a secret key. Keep it secret: it was not stored." in said
            assert secret[10:40] not in answer.text
            assert "SECRET-KEY" not in answer.text.upper()
    assert session.query(Export).count() == 0


def test_only_names_and_countries_are_put_on_sheets(log_in: LogIn, supporters: Supporters) -> None:
    answer = ask(log_in(), preset="spreadsheet", format="pdf")

    assert answer.status_code == 422
    assert "Only names and countries can be put on sheets in PDF" in answer.text
