"""What a mail is before it is queued, and how its templates become one."""

import json
import secrets
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from petition.core.i18n import text_direction, translations

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "emails"
LINK_HERE = secrets.token_hex(16)
"""Stands in a wording where each supporter's own link goes; nobody can guess and type it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one mailbox, in plain text and in HTML with the same words."""

    kind: str
    to: str
    subject: str
    text: str
    html: str

    def to_bytes(self) -> bytes:
        """Return the message in the form in which the outbox seals it."""
        fields = [self.kind, self.to, self.subject, self.text, self.html]
        document = json.dumps(fields, ensure_ascii=False)
        return zlib.compress(document.encode(), 1)  # then it fits into a row of the database

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` made."""
        return cls(*json.loads(zlib.decompress(data)))


@lru_cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(lang=language, dir=text_direction(language))
    return environment


def compose(
    kind: str, *, to: str, language: str, link_name: str, link: str, **context: str | int
) -> Message:
    """Render the folder `templates/emails/<kind>/` into a message to one mailbox.

    Only the link differs from one supporter to the next, so each wording is rendered once and
    the link is put in its place; templates know it by `link_name`.
    """
    wording = _wording(kind, language, link_name, tuple(sorted(context.items())))
    return replace(
        wording,
        to=to,
        text=wording.text.replace(LINK_HERE, link),
        html=wording.html.replace(LINK_HERE, str(escape(link))),
    )


@lru_cache(maxsize=256)
def _wording(
    kind: str, language: str, link_name: str, context: tuple[tuple[str, str | int], ...]
) -> Message:
    environment = _environment(language)
    values = dict(context) | {link_name: LINK_HERE}

    def render(part: str) -> str:
        return environment.get_template(f"{kind}/{part}").render(values).strip()

    return Message(
        kind=kind,
        to="",
        subject=" ".join(render("subject.txt").split()),
        text=render("body.txt") + "\n",
        html=render("body.html") + "\n",
    )
