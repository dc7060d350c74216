"""The page on which anybody checks a pack: our keys, the verifier, and words for whatever fails."""

import hashlib
import re

import pytest
from bs4 import BeautifulSoup, Tag

from petition.core.i18n import LANGUAGES
from petition.core.keyring import sealing
from petition.deliveries.pack import verify
from petition.deliveries.pack.keys import public_keys
from petition.deliveries.pack.packing import verifier
from petition.web.site.assets import CHECKING
from tests.web.public.people import Person, fresh, words

pytestmark = pytest.mark.any_database

PAGE = "/en/deliveries/verify"
PROGRAM = "/en/deliveries/verify.py"
VENDORED = CHECKING / "vendor" / "noble-hashes-2.4.0"
REFUSES = re.compile(r'(?:refused\(|refuse\(|Refused\("?\w+"?, |#refused\()"([a-z-]+)"')
HASHED = re.compile(r"^\| ([0-9a-f]{64}) \| (\S+) \|$", re.MULTILINE)


def spoken(page: BeautifulSoup) -> list[Tag]:
    """Return what the page can say of a pack."""
    return [word for word in page.find_all("p") if word.has_attr("data-word")]


def test_it_shows_our_key_and_how_else_a_pack_is_checked(person: Person) -> None:
    [key] = public_keys()
    shown = fresh(person, PAGE)
    fields = {str(one["id"]): str(one["value"]) for one in shown.select("input[readonly]")}

    assert fields["key"] == key.line
    assert f"In use: {key.shown_id}" in words(shown)
    assert fields["program"] == f"python3 verify.py PACK.zip --key {key.line}"
    assert fields["software"] == f"flask --app petition deliveries verify PACK.zip --key {key.line}"
    assert hashlib.sha256(verifier()).hexdigest() in words(shown)
    assert shown.select_one(f"a[href='{PROGRAM}']") is not None


def test_keys_that_were_replaced_are_shown_as_such_and_trusted_after_the_one_in_use(
    person: Person,
) -> None:
    [before] = public_keys()
    sealing.key_file().replace(sealing.keys().with_new_delivery_key())
    now = public_keys()[0]
    shown = fresh(person, PAGE)
    form = shown.select_one("form[data-keys]")

    assert form is not None
    assert form["data-keys"] == f"{now.line} {before.line}"
    assert f"Replaced: {before.shown_id}" in words(shown)


def test_without_a_script_it_shows_no_form_and_says_what_to_do_instead(person: Person) -> None:
    shown = fresh(person, PAGE)
    told = [one for one in shown.select("[data-cannot]") if not one.has_attr("hidden")]

    assert [one["data-cannot"] for one in told] == ["script"]
    assert "one of the two other ways below" in told[0].get_text()
    assert shown.select_one("form[data-keys][hidden]") is not None


def test_no_control_of_it_could_be_sent_and_the_page_may_send_nothing(person: Person) -> None:
    answer = person.client.get(PAGE)
    policy = answer.headers["Content-Security-Policy"]

    assert fresh(person, PAGE).select("form [name]") == []
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_words_for_all_that_the_scripts_find(lang: str, person: Person) -> None:
    codes = {
        code
        for script in CHECKING.glob("*.js")
        for code in REFUSES.findall(script.read_text("utf-8"))
    }
    shown = fresh(person, PAGE.replace("en", lang))
    said = {str(one["data-word"]) for one in spoken(shown)}

    assert len(codes) > 20
    assert said == codes | {"reading"}


@pytest.mark.parametrize(
    ("lang", "first", "other"),
    [
        ("en", "1 December {year}", "{day} December {year}"),
        ("fr", "1er décembre {year}", "{day} décembre {year}"),
        ("ar", "1 ديسمبر {year}", "{day} ديسمبر {year}"),
        ("ru", "1 декабря {year} г.", "{day} декабря {year} г."),
    ],
)
def test_the_scripts_write_days_as_letters_do(
    lang: str, first: str, other: str, person: Person
) -> None:
    shown = fresh(person, PAGE.replace("en", lang))
    [words] = shown.select("template[data-words]")
    said = {str(one["data-moment"]): str(one.string) for one in words.select("[data-moment]")}

    assert len(said) == 2 * 12 + 2
    assert [" ".join(said[code].split()) for code in ("first-12", "day-12")] == [first, other]


def test_its_words_are_those_of_the_program(person: Person) -> None:
    shown = fresh(person, PAGE)
    source = re.sub(r"\s+", " ", verifier().decode())
    source = source.replace("{FORMAT}", str(verify.FORMAT))
    files = {"manifest": "MANIFEST", "signature": "SIGNATURE", "rows_file": "ROWS"}
    for word in spoken(shown):
        pieces = re.split(r"\{(\w+)\}", str(word.string))
        sentence = "".join(
            re.escape(piece) if at % 2 == 0 else rf"\{{?{files.get(piece, '[^}]+')}\}}?"
            for at, piece in enumerate(pieces)
        )
        assert word["data-word"] == "reading" or re.search(sentence, source), word


def test_the_verifier_is_that_of_our_packs_and_any_cache_may_keep_it(person: Person) -> None:
    answer = person.client.get(PROGRAM)

    assert answer.data == verifier()
    assert answer.headers["Content-Disposition"] == "attachment; filename=verify.py"
    assert answer.headers["Cache-Control"].startswith("public")
    again = person.client.get(PROGRAM, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_may_be_kept_by_anyone_and_sets_no_cookie(person: Person) -> None:
    answer = person.client.get(PAGE)

    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers


def test_it_is_found_without_its_language_and_from_the_list_of_deliveries(person: Person) -> None:
    for bare, full in (("/deliveries/verify", PAGE), ("/deliveries/verify.py", PROGRAM)):
        assert person.client.get(bare).location == full
    assert fresh(person, "/en/deliveries/").select_one(f"a[href='{PAGE}']") is not None


def test_its_scripts_change_their_address_together_and_are_kept_for_a_year(person: Person) -> None:
    page = fresh(person, PAGE)
    address = str(page.select("script")[0]["src"])
    folder = address.removesuffix("page.js")
    for file in CHECKING.rglob("*.js"):
        answer = person.client.get(folder + file.relative_to(CHECKING).as_posix())
        assert answer.data == file.read_bytes()
        assert answer.mimetype == "text/javascript"
        assert "immutable" in answer.headers["Cache-Control"]
    for nothing in (
        folder.replace("checking-", "checking-0") + "page.js",
        *(f"{folder}{name}" for name in ("none.js", "../copy.js", "vendor/", "")),
        f"{folder}vendor/{VENDORED.name}/README.md",
    ):
        assert person.client.get(nothing).status_code == 404, nothing


def test_what_is_of_others_is_as_they_published_it() -> None:
    noted = {name: sha256 for sha256, name in HASHED.findall((VENDORED / "README.md").read_text())}
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDORED.iterdir()
        if file.name != "README.md"
    }

    assert found == noted
    assert "MIT License" in (VENDORED / "LICENSE").read_text("utf-8")
    assert [folder.name for folder in (CHECKING / "vendor").iterdir()] == [VENDORED.name]
