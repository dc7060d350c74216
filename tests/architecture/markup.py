"""What a template says of itself: its words, tags and attributes, without rendering it.

The pieces of literal text are put together in the order of the source, with a mark where an
expression prints something; what comes out is read as HTML. Text constants that an expression
can print count as literal.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

MARK = "\ufffc"
WORDY_ATTRIBUTES = {
    "alt", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription",
    "aria-valuetext", "label", "placeholder", "title",
}  # fmt: skip
WORDY_META = {"description", "application-name", "og:title", "og:description", "twitter:title"}
TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
NOT_WORDS = {"class_", "class", "rel", "accept", "sizes", "autocomplete", "type", "pattern"}
SAME_IN_EVERY_LANGUAGE = {
    "CSV", "HTML", "JSON", "PDF", "QR", "SHA-256", "TOTP", "UTC", "UTF-8",
}  # fmt: skip
SENTENCE = re.compile(r"^\s*[A-Z][a-z]+[.:!?…]?\s*$|[A-Za-z]{2,}[,;:]? [A-Za-z]+")
TAG = re.compile(r"<[^>]*>")
ID_SUFFIX = re.compile(rf"{MARK}(-[a-z]+)+")
PARSER = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and words of each text in a template that no translator will see."""
    tree = PARSER.parse(source)
    document = _Document(tree)
    yield from document.words
    for line, constant in _constants_out_of_sight(tree):
        if SENTENCE.search(TAG.sub("", constant)):
            yield line, constant


def forbidden_by_the_content_policy(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and description of inline styles, scripts and handlers."""
    tree = PARSER.parse(source)
    yield from _Document(tree).inline
    for call in tree.find_all(nodes.Call):
        for keyword in call.kwargs:
            if keyword.key == "style" or re.fullmatch("on[a-z]+", keyword.key):
                yield call.lineno, f"{keyword.key}= in a call"


def macros(source: str) -> set[str]:
    """Return the names of the macros that a template defines."""
    return {macro.name for macro in PARSER.parse(source).find_all(nodes.Macro)}


def includes(source: str) -> bool:
    """Whether a template includes another, which then reads whatever is in scope."""
    return PARSER.parse(source).find(nodes.Include) is not None


def mentioned(source: str) -> set[str]:
    """Return the names of the templates that a template includes, imports or extends."""
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    origins = [getattr(found, "template", None) for found in PARSER.parse(source).find_all(kinds)]
    return {origin.value for origin in origins if isinstance(origin, nodes.Const)}


class _Document(HTMLParser):
    """A template read as HTML."""

    def __init__(self, tree: nodes.Template) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[tuple[int, str]] = []
        self.inline: list[tuple[int, str]] = []
        self._line = 1
        self._untouched = 0
        for line, piece in _pieces(tree):
            self._line = line
            self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note_inline(tag, given)
        if tag in {"code", "kbd", "samp", "style", "script"}:
            self._untouched += 1
        wordy = WORDY_ATTRIBUTES & given.keys()
        if tag == "meta" and {given.get("name"), given.get("property")} & WORDY_META:
            wordy = wordy | {"content"}
        if tag in {"input", "button"} and given.get("type") in {"submit", "button", "reset"}:
            wordy = wordy | {"value"}
        for name in wordy & given.keys():
            self._note_words(given[name])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"code", "kbd", "samp", "style", "script"}:
            self._untouched -= 1

    def handle_data(self, data: str) -> None:
        if not self._untouched:
            self._note_words(data)

    def _note_inline(self, tag: str, given: dict[str, str]) -> None:
        runs = tag == "script" and given.get("type") != "application/ld+json"
        if tag == "style" or (runs and "src" not in given):
            self.inline.append((self._line, f"<{tag}>"))
        for name in given:
            if name == "style" or re.fullmatch("on[a-z]+", name):
                self.inline.append((self._line, f"{name}="))

    def _note_words(self, text: str) -> None:
        for word in re.split(rf"[\s{MARK}/·|,;:()]+", ID_SUFFIX.sub(" ", text)):
            said = word.strip(".…!?“”‘’\"'–—-→←↑↓&+#@*") not in SAME_IN_EVERY_LANGUAGE
            if said and any(letter.isalpha() for letter in word):
                self.words.append((self._line, text.replace(MARK, "…").strip()))
                return


def _pieces(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                yield node.lineno, node.data
            else:
                yield node.lineno, _printed(node) or MARK


def _printed(node: nodes.Node) -> str:
    """Return the text constants that an expression can print, with marks between them."""
    match node:
        case nodes.Const(value=str(text)):
            return text
        case nodes.CondExpr(expr1=first, expr2=second):
            return MARK.join(_printed(one) for one in (first, second) if one is not None)
        case nodes.Concat(nodes=parts):
            return "".join(_printed(one) or MARK for one in parts)
        case nodes.Add(left=left, right=right) | nodes.Or(left=left, right=right):
            return _printed(left) + MARK + _printed(right)
        case nodes.And(right=right):
            return _printed(right)
        case nodes.Filter(node=inner, name="default", args=arguments):
            return MARK.join(_printed(one) for one in (inner, *arguments) if one is not None)
        case nodes.Filter(node=nodes.Node() as inner):
            return _printed(inner)
    return ""


def _constants_out_of_sight(node: nodes.Node) -> Iterator[tuple[int, str]]:
    """Yield the text constants that are handed on, to a macro or a name, untranslated."""
    match node:
        case nodes.Call(node=nodes.Name(name=name)) if name in TRANSLATING:
            return
        case nodes.Keyword(key=key) if key in NOT_WORDS:
            return
        case nodes.Operand():  # compared, not printed
            return
        case nodes.Const(value=str(text)):
            yield node.lineno, text
    if isinstance(node, nodes.Output):
        children = [call for one in node.nodes for call in _calls_in(one)]
    else:
        children = list(node.iter_child_nodes())
    for child in children:
        yield from _constants_out_of_sight(child)


def _calls_in(node: nodes.Node) -> list[nodes.Node]:
    return [node] if isinstance(node, nodes.Call) else list(node.find_all(nodes.Call))
