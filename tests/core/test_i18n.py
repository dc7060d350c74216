"""Languages: their names, their alphabets, and catalogues that need no step of building."""

from datetime import date

import pytest
from markupsafe import Markup

from petition.core.i18n import (
    LANGUAGES,
    countries,
    date_in_words,
    language_for,
    language_name,
    listed,
    own_name,
    sort_key,
    text_direction,
    translations,
    words_for,
    writing_locale,
)


def test_five_languages_are_spoken() -> None:
    assert [own_name(language) for language in LANGUAGES] == [
        "English", "Français", "Español", "العربية", "Русский",
    ]  # fmt: skip
    assert [text_direction(language) for language in LANGUAGES] == ["ltr"] * 3 + ["rtl", "ltr"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"de": "Amt", "en": "Office", "fr": "Bureau"}, ("fr", "Bureau")),
        ({"de": "Amt", "en": "Office"}, ("en", "Office")),
        ({"de": "Amt", "es": "Oficina"}, ("de", "Amt")),
        ({"fr": "", "en": "", "es": "Oficina"}, ("es", "Oficina")),
        ({}, (None, "")),
    ],
    ids=["their own", "English", "the first", "what says something", "nothing"],
)
def test_a_reader_gets_their_own_language_else_english_else_the_first(
    written: dict[str, str], read: tuple[str | None, str]
) -> None:
    assert (language_for("fr", written), words_for("fr", written)) == read


def test_a_catalogue_is_compiled_once() -> None:
    assert translations("ru") is translations("ru")
    assert translations("ru").gettext("Yes") == "Да"


@pytest.mark.parametrize("language", ["en", "de", "../fr", ""])
def test_who_has_no_catalogue_hears_english(language: str) -> None:
    assert translations(language).gettext("Sign this petition") == "Sign this petition"


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("fr", 0, "signature"),
        ("fr", 2, "signatures"),
        ("ru", 1, "подпись"),
        ("ru", 3, "подписи"),
        ("ru", 11, "подписей"),
        ("ru", 21, "подпись"),
        ("ar", 2, "توقيعان"),
        ("ar", 7, "تواقيع"),
        ("ar", 30, "توقيعًا"),
        ("ar", 100, "توقيع"),
    ],
)
def test_plural_forms_are_those_of_the_language(language: str, number: int, words: str) -> None:
    assert translations(language).ngettext("signature", "signatures", number) == words


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("en", ["Åland Islands", "Albania", "Zambia"]),
        ("fr", ["Égypte", "Émirats arabes unis", "Équateur", "Érythrée", "Espagne"]),
        ("es", ["nube", "ñandú", "oso"]),
        ("ru", ["Италия", "Йемен", "Кабо-Верде"]),
        ("ar", ["أذربيجان", "إسبانيا", "ألمانيا", "اليمن", "بلجيكا"]),
    ],
)
def test_names_stand_in_the_order_of_the_language(language: str, in_order: list[str]) -> None:
    assert sorted(in_order, key=lambda name: sort_key(name, language)) == in_order


def test_countries_and_languages_are_named_in_the_readers_language() -> None:
    assert countries("ar")["CA"] == "كندا"
    assert countries("fr")["US"] == "États-Unis"
    assert language_name("en", "ru") == "английский"
    assert language_name("pt-BR", "es") == "portugués"
    assert language_name("qqq", "es") == "qqq"


@pytest.mark.parametrize(
    ("language", "written"), [("en", "A, B"), ("fr", "A, B"), ("ar", "A، B"), ("ru", "A, B")]
)
def test_lists_are_written_with_the_comma_of_the_language(language: str, written: str) -> None:
    assert listed(["A", None, "", "B"], language) == written


def test_a_list_with_markup_in_it_stays_safe() -> None:
    assert listed([Markup("<b>A</b>"), "<i>"], "en") == Markup("<b>A</b>, &lt;i&gt;")


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", date(2026, 11, 1), "1er novembre 2026"),
        ("fr", date(2026, 11, 10), "10 novembre 2026"),
        ("fr", date(2026, 11, 21), "21 novembre 2026"),
        ("es", date(2026, 11, 1), "1 de noviembre de 2026"),
        ("en", date(2026, 11, 1), "1 November 2026"),
    ],
)
def test_a_date_in_words_follows_the_language(language: str, day: date, written: str) -> None:
    assert date_in_words(day, writing_locale(language)) == written
