"""A text as plain data, block by block, for those who set it on paper rather than in a page.

Nothing in it is markup any more: a template lays out kinds and texts, and runs nothing. What the
page leaves out (pictures, addresses of other schemes) is left out here too.
"""

from typing import Any
from urllib.parse import urlsplit

from markdown_it.tree import SyntaxTreeNode

from petition.petitions.markdown import SCHEMES, to_tree

Block = dict[str, Any]
Span = dict[str, Any]
MARKS = {"em": "em", "strong": "strong", "sup": "sup"}


def to_blocks(source: str) -> list[Block]:
    """Return the blocks of CommonMark (with tables).

    Kinds: heading (level, spans), paragraph (spans), list (start or None, items), quote (blocks),
    table (rows), code (text), rule. A span is a text with its marks, an address, or a break.
    """
    return _blocks(to_tree(source))


def _blocks(parent: SyntaxTreeNode) -> list[Block]:
    return [block for node in parent.children for block in _block(node)]


def _block(node: SyntaxTreeNode) -> list[Block]:
    match node.type:
        case "paragraph" | "inline":
            return [{"kind": "paragraph", "spans": _spans(node)}]
        case "heading":
            level = min(max(int(node.tag[1:]), 2), 4)
            return [{"kind": "heading", "level": level, "spans": _spans(node)}]
        case "bullet_list":
            return [{"kind": "list", "start": None, "items": [_blocks(i) for i in node.children]}]
        case "ordered_list":
            start = int(node.attrs.get("start", 1))
            return [{"kind": "list", "start": start, "items": [_blocks(i) for i in node.children]}]
        case "blockquote":
            return [{"kind": "quote", "blocks": _blocks(node)}]
        case "table":
            return [_table(node)]
        case "fence" | "code_block":
            return [{"kind": "code", "text": node.content.rstrip("\n")}]
        case "hr":
            return [{"kind": "rule"}]
        case "footnote_block":
            notes = [_blocks(note) for note in node.children]
            return [{"kind": "rule"}, {"kind": "list", "start": 1, "items": notes}]
    return _blocks(node)  # a kind of its own, whose contents must not be lost


def _table(node: SyntaxTreeNode) -> Block:
    rows = [row for part in node.children for row in part.children]
    return {"kind": "table", "rows": [[_spans(cell) for cell in row.children] for row in rows]}


def _spans(node: SyntaxTreeNode, marks: tuple[str, ...] = ()) -> list[Span]:
    return [span for child in node.children for span in _span(child, marks)]


def _span(node: SyntaxTreeNode, marks: tuple[str, ...]) -> list[Span]:
    match node.type:
        case "text":
            return [_text(node.content, marks)]
        case "code_inline":
            return [_text(node.content, (*marks, "code"))]
        case "softbreak":
            return [_text(" ", marks)]
        case "hardbreak":
            return [{"kind": "break"}]
        case "image" | "footnote_anchor":
            return []
        case "footnote_ref":
            return [_text(f"[{node.meta['id'] + 1}]", (*marks, "sup"))]
        case "link":
            return _link(node, marks)
    more = (MARKS[node.type],) if node.type in MARKS else ()
    return _spans(node, (*marks, *more))


def _text(text: str, marks: tuple[str, ...]) -> Span:
    return {"kind": "text", "text": text, "marks": list(marks)}


def _link(node: SyntaxTreeNode, marks: tuple[str, ...]) -> list[Span]:
    """Return the words of a link and then, where they are not the same, its address."""
    spans, href = _spans(node, marks), str(node.attrs.get("href", ""))
    said = "".join(span.get("text", "") for span in spans)
    if urlsplit(href).scheme not in SCHEMES or said in {href, href.removeprefix("mailto:")}:
        return spans
    return [*spans, {"kind": "address", "href": href, "shown": href.removeprefix("mailto:")}]
