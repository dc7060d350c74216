"""What a mail is to say while it waits, and how its templates put that into words."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from petition.core.i18n import isolated, text_direction, translations
from petition.core.tokens import LINK_LIFETIME

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "emails"
HOURS = int(LINK_LIFETIME.total_seconds() // 3600)
NEWS = "news_"
"""How the names of mails begin that nobody has asked for at that moment, and may end."""
LINK_HERE = secrets.token_hex(16)
"""Stands in a wording where each supporter's own link goes; nobody can guess and type it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What mails say that differ in their link alone: in plain text and in HTML the same words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one mailbox."""

    kind: str
    to: str
    wording: Wording
    link: str

    @property
    def is_news(self) -> bool:
        """Whether it is news; their link ends them."""
        return self.kind.startswith(NEWS)

    @property
    def subject(self) -> str:
        """Return the subject, which has no link."""
        return self.wording.subject

    @property
    def text(self) -> str:
        """Return the words in plain text."""
        return self.wording.text.replace(LINK_HERE, self.link)

    @property
    def html(self) -> str:
        """Return the same words in HTML."""
        return self.wording.html.replace(LINK_HERE, str(escape(self.link)))


@dataclass(frozen=True, slots=True)
class MailToWrite:
    """What a mail is to say, before it is put into words: that happens when it leaves.

    Only the link differs from one supporter to the next, so each wording is rendered once and
    the link is put in its place; templates know it by `link_name`.
    """

    kind: str
    """The folder below `templates/emails/` that has its words."""
    to: str
    language: str
    link_name: str
    link: str
    context: Mapping[str, str | int]

    @classmethod
    def with_link(
        cls, kind: str, to: str, language: str, link: tuple[str, str], **names: str
    ) -> Self:
        """Return one with a link, its name before it; it says for how many hours that works."""
        return cls(kind, to, language, *link, context={**names, "hours": HOURS})

    def to_bytes(self) -> bytes:
        """Return it in the form in which the outbox seals it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` made."""
        return cls(**json.loads(data.decode()))  # of octets it would first guess their code

    def written(self) -> Message:
        """Put the mail into words. Raises jinja2.TemplateError where its words are gone."""
        context = tuple(sorted(self.context.items()))
        wording = _wording(self.kind, self.language, self.link_name, context)
        return Message(self.kind, self.to, wording, self.link)


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
    environment.filters.update(isolated=isolated, direction=text_direction)
    return environment


@lru_cache(maxsize=256)
def _wording(
    kind: str, language: str, link_name: str, context: tuple[tuple[str, str | int], ...]
) -> Wording:
    environment = _environment(language)
    values = dict(context) | {link_name: LINK_HERE}

    def render(part: str) -> str:
        return environment.get_template(f"{kind}/{part}").render(values).strip()

    return Wording(
        subject=" ".join(render("subject.txt").split()),
        text=render("body.txt") + "\n",
        html=render("body.html") + "\n",
    )
