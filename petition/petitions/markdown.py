"""Markdown of organisers, made into HTML that cannot harm a reader."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import render_footnote_ref

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "em", "strong", "a", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "code", "sup", "div"),
}
SCHEMES = {"https", "http", "mailto"}
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin)
# A section would want a heading of its own.
_markdown.add_render_rule("footnote_block_open", lambda *_: '<hr>\n<div class="footnotes">\n<ol>\n')
_markdown.add_render_rule("footnote_block_close", lambda *_: "</ol>\n</div>\n")

WORD_JOINER = "\u2060"


def _number(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    """Return the number of a note, the same however often the note is named."""
    return f"[{tokens[at].meta['id'] + 1}]"


def _mark(renderer: RendererProtocol, tokens: Sequence[Token], at: int, *rest: Any) -> str:
    """Return the mark of a note, tied to the word before it: never alone on a line."""
    return WORD_JOINER + render_footnote_ref(renderer, tokens, at, *rest)


_markdown.add_render_rule("footnote_caption", _number)
_markdown.add_render_rule("footnote_ref", _mark)

_alone = Lock()
"""The parser puts its rules together at first use; no other thread may see them half made."""


def to_tree(source: str) -> SyntaxTreeNode:
    """Parse the same Markdown as a tree, for those who set it otherwise than in HTML."""
    with _alone:
        return SyntaxTreeNode(_markdown.parse(source))


@lru_cache(maxsize=256)
def to_html(source: str) -> Markup:
    """Render CommonMark with tables and footnotes; keep only harmless elements, no images."""
    with _alone:
        rendered = _markdown.render(source)
    html = nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"a": {"href", "title", "id"}, "li": {"id"}, "ol": {"start"}},
        set_tag_attribute_values={"div": {"class": "footnotes"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return Markup(html)  # noqa: S704 - sanitised on the line above
