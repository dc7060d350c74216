"""Templates: one name with their endpoint, every word translatable, nothing inline."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.markup import (
    forbidden_by_the_content_policy,
    includes,
    macros,
    mentioned,
    untranslated,
)
from tests.architecture.sources import PRODUCT, STYLES, TEMPLATES, named, templates

DOORS = ("public", "organiser", "development")
COMPONENTS = TEMPLATES / "components"
WITHOUT_STYLES = {
    *(
        "error_prefix",
        "icon",
        "hidden_copy",
        "petition_title",
        "gap_title",
        "report_line",
        "social_card",
    ),
    *("you_form", "way_out", "letter_card", "copy_text", "onward", "handed_to"),  # made of others
}


def views_without_template_of_their_name(root: Path, doors: Path) -> Iterator[str]:
    """Yield each template of a door that no view of the same name can be found for."""
    for door in DOORS:
        for template in sorted((root / door).rglob("*.html")):
            name = template.relative_to(root).as_posix()
            module = (doors / template.relative_to(root).parent).with_suffix(".py")
            source = module.read_text("utf-8") if module.exists() else ""
            shown = template.stem in functions(source) or name in strings(source)
            if not (shown or is_part_of_another(template, name)):
                yield f"{name}: {module.name} has no view for it"


def functions(source: str) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


def strings(source: str) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def is_part_of_another(template: Path, name: str) -> bool:
    siblings = (path for path in template.parent.glob("*.html") if path != template)
    return any(name in mentioned(path.read_text("utf-8")) for path in siblings)


def test_each_page_has_a_view_of_its_name() -> None:
    assert list(views_without_template_of_their_name(TEMPLATES, PRODUCT / "web")) == []


def test_a_page_without_a_view_is_seen(tmp_path: Path) -> None:
    (tmp_path / "public/petitions/signing").mkdir(parents=True)
    (tmp_path / "web/public/petitions").mkdir(parents=True)
    for page in ("sign", "check_inbox", "gone"):
        (tmp_path / f"public/petitions/signing/{page}.html").touch()
    (tmp_path / "web/public/petitions/signing.py").write_text(
        "def sign(): ...\nshow('public/petitions/signing/check_inbox.html')\n"
    )

    assert list(views_without_template_of_their_name(tmp_path, tmp_path / "web")) == [
        "public/petitions/signing/gone.html: signing.py has no view for it"
    ]


def test_each_template_that_is_named_exists() -> None:
    named_in_code = {
        (named(path), text)
        for path in sorted((PRODUCT / "web").rglob("*.py"))
        for text in strings(path.read_text("utf-8"))
        if text.endswith(".html") and "/" in text and not text.startswith("/")
    }
    named_in_templates = {
        (named(path), text) for path in templates() for text in mentioned(path.read_text("utf-8"))
    }

    missing = {
        f"{where}: {text}"
        for where, text in named_in_code | named_in_templates
        if not ((TEMPLATES / text).exists() or (TEMPLATES / "emails" / text).exists())
    }
    assert missing == set()


def test_every_word_can_be_translated() -> None:
    found = [
        f"{named(path)}:{line} {words}"
        for path in templates()
        for line, words in untranslated(path.read_text("utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Sign</p>",
        "<p>{{ name }} signed</p>",
        "{% if late %}Too late{% endif %}",
        "{% block title %}Privacy{% endblock %}",
        '<img alt="A seal" src="">',
        '<input placeholder="Name">',
        '<input type="submit" value="Go">',
        '<meta name="description" content="Sign here">',
        "<p>{{ 'Yes' if agreed else _('No') }}</p>",
        "<p>{{ reason|default('none given') }}</p>",
        "<p>{{ 'signed by ' ~ name }}</p>",
        "{{ button('Sign now') }}",
        "{{ button('Sign') }}",
        "{{ field(form.name, hint='Your full name') }}",
        "{% set words = ['Open our mail'] %}",
        "{% call notice('Sent to you') %}{% endcall %}",
        "<p>Подпись</p>",
        "<code>x</code> words",
    ],
)
def test_words_out_of_the_translators_sight_are_seen(source: str) -> None:
    assert list(untranslated(source)) != []


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Sign') }}</p>",
        "{% trans n=count %}{{ n }} signature{% pluralize %}{{ n }} signatures{% endtrans %}",
        "<p class=\"a {{ 'b c' if d else 'e' }}\">{{ count }} → 1,000</p>",
        "<p>{{ day }} UTC · SHA-256</p>",
        "{# a remark #}<code>petition@example.org</code>",
        "{{ icon('arrow', 18) }}{{ f(class_='button button--quiet wide') }}",
        '<a href="{{ url_for("public.petitions.signing.sign") }}" hreflang="fr">{{ title }}</a>',
        '<meta name="viewport" content="width=device-width">',
        "<p>{{ ngettext('signature', 'signatures', n) }}&nbsp;–</p>",
        "{{ button(_('Sign now'), 'quiet') }}",
    ],
)
def test_what_translators_see_passes(source: str) -> None:
    assert list(untranslated(source)) == []


def test_nothing_is_inline() -> None:
    """Mails alone carry their styles with them."""
    pages = (path for path in templates() if TEMPLATES / "emails" not in path.parents)
    found = [
        f"{named(path)}:{line} {what}"
        for path in pages
        for line, what in forbidden_by_the_content_policy(path.read_text("utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        '<p{% if bad %} style="color: {{ ink }}"{% endif %}>',
        "<style>p { color: red }</style>",
        "<script>go()</script>",
        '<script type="application/json">{}</script>',
        '<button onclick="go()">',
        "{{ field(form.name, onchange='go()') }}",
        "{{ field(form.name, style='color: red') }}",
    ],
)
def test_what_is_inline_is_seen(source: str) -> None:
    assert list(forbidden_by_the_content_policy(source)) != []


def test_a_script_of_its_own_file_passes() -> None:
    source = '<script type="module" src="{{ asset("js/share.js") }}"></script>'

    assert list(forbidden_by_the_content_policy(source)) == []


def test_each_component_is_a_macro() -> None:
    files = sorted(COMPONENTS.rglob("*.html"))

    assert [named(path) for path in files if not macros(path.read_text("utf-8"))] == []


def test_no_part_of_a_page_reads_what_happens_to_be_in_scope() -> None:
    """A macro says what it needs; the sheets of the styleguide alone show all that there is."""
    including = {named(path) for path in templates() if includes(path.read_text("utf-8"))}

    assert including == {"templates/development/styleguide/show.html"}


def test_each_component_has_its_stylesheet() -> None:
    components = {path.stem for path in COMPONENTS.glob("*.html")}
    styled = {path.stem for path in (STYLES / "components").glob("*.css")}

    assert components - styled - WITHOUT_STYLES == set()
    assert WITHOUT_STYLES & styled == set()
