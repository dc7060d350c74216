"""Every word of the public pages and mails is translated, and nothing else is in the catalogues."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from babel.support import Translations

from bin import catalogues
from petition.core.i18n import LANGUAGES, catalogue_file
from tests.architecture.sources import named

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?.")
TRANSLATED = [language for language in LANGUAGES if language != "en"]
NUMBERS = range(1, 200)


@pytest.fixture(scope="module")
def spoken() -> set[tuple[str, ...]]:
    """What code and templates say."""
    return {key(message) for message in messages(catalogues.spoken())}


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def key(message: Message) -> tuple[str, ...]:
    return (message.context or "", *ids(message))


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations of a catalogue."""
    language = str(catalogue.locale)
    plurals = get_plural(language)
    singles = [form for form in range(plurals.num_plurals) if stands_for_one(form, language)]
    for message in messages(catalogue):
        name = ids(message)[0]
        if not catalogues.is_translated(message):
            yield f"“{name}” is not translated"
            continue
        if len(ids(message)) > 1 and len(strings(message)) != plurals.num_plurals:
            yield f"“{name}” needs {plurals.num_plurals} plural forms"
            continue
        for form, words in enumerate(strings(message)):
            may_leave_out = len(ids(message)) > 1 and form in singles
            yield from faults_in(ids(message)[-1], words, may_leave_out=may_leave_out)


def faults_in(source: str, words: str, *, may_leave_out: bool) -> Iterator[str]:
    wanted, given = (set(PLACEHOLDER.findall(text)) for text in (source, words))
    if given != wanted and not (may_leave_out and given < wanted):
        yield f"“{words}” has {sorted(given)}, “{source}” has {sorted(wanted)}"
    if words != words.strip() or "  " in words:
        yield f"“{words}” has spaces that “{source}” has not"


def stands_for_one(form: int, language: str) -> bool:
    """Whether a plural form is for one number or none, and need not say it: Arabic has a dual."""
    compiled = BytesIO()
    write_mo(compiled, Catalog(locale=language))
    compiled.seek(0)
    chosen = Translations(compiled).plural
    return [chosen(number) for number in NUMBERS].count(form) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_what_is_said_and_nothing_else(
    language: str, spoken: set[tuple[str, ...]]
) -> None:
    kept = {key(message) for message in messages(catalogues.known(language))}

    assert {"missing": spoken - kept, "unused": kept - spoken} == {
        "missing": set(),
        "unused": set(),
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_is_translated_with_its_plurals_and_placeholders(language: str) -> None:
    assert list(faults(catalogues.known(language))) == []


def test_english_is_what_the_code_says() -> None:
    catalogue = catalogues.known("en")

    assert [ids(message) for message in messages(catalogue) if any(strings(message))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_as_the_command_writes_it(language: str) -> None:
    written = catalogue_file(language).read_bytes()
    again = catalogues.brought_up_to(catalogues.spoken(), catalogues.known(language), language)

    assert catalogues.as_bytes(again, language) == written


def test_no_call_for_a_translation_escapes_the_search(spoken: set[tuple[str, ...]]) -> None:
    """As it would with words that are put together while the program runs."""
    said = {words for _context, *ids_of in spoken for words in ids_of}
    escaped = [
        f"{named(path)}:{call.lineno} {ast.unparse(call)}"
        for path in catalogues.sources()
        if path.suffix == ".py"
        for call in translating_calls(path.read_text("utf-8"))
        if not words_of(call) <= said
    ]

    assert escaped == []


def translating_calls(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in catalogues.KEYWORDS:
                yield node


def words_of(call: ast.Call) -> set[str]:
    """Return the text constants of a call; what is no constant stands as its source."""
    many = "ngettext" in ast.unparse(call.func)
    first = 1 if "pgettext" in ast.unparse(call.func) else 0
    arguments = call.args[first : first + (2 if many else 1)]
    return {
        str(argument.value) if isinstance(argument, ast.Constant) else ast.unparse(argument)
        for argument in arguments
    }


BAD = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8"

msgid "Sign"
msgstr ""

#, fuzzy
msgid "Yes"
msgstr "Oui"

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "%(nombre)s jour"
msgstr[1] "%(num)s jours"

msgid "No"
msgstr "Non "
"""


def test_what_is_wrong_with_a_catalogue_is_seen() -> None:
    found = " ".join(faults(read_po(BytesIO(BAD.encode()), locale="fr")))

    assert "“Sign” is not translated" in found
    assert "“Yes” is not translated" in found
    assert "%(nombre)s" in found
    assert "“Non ” has spaces" in found


def test_a_wrong_number_of_plural_forms_is_seen() -> None:
    catalogue = Catalog(locale="ar")
    catalogue.add(("%(num)s day", "%(num)s days"), ("%(num)s يوم", "%(num)s أيام"))

    assert list(faults(catalogue)) == ["“%(num)s day” needs 6 plural forms"]


def test_only_a_form_for_a_single_number_may_leave_it_out() -> None:
    assert [stands_for_one(form, "ar") for form in range(6)] == [True] * 3 + [False] * 3
    assert [stands_for_one(form, "ru") for form in range(3)] == [False] * 3
