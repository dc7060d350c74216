"""Putting a letter together: the template's parts, and the writer's own between them."""

from dataclasses import dataclass

from petition.letters.models import LetterText
from petition.letters.writing import Draft, Sentence, Writer
from petition.recipients.models import Mailroom, words_in


@dataclass(frozen=True, slots=True)
class Template:
    """What the letter says before anybody has written, part by part."""

    subject: str
    salutation: str
    opening: str
    facts: str
    ask: str
    close: str

    @property
    def words(self) -> str:
        """All of it, to hold a letter against."""
        parts = (self.salutation, self.opening, self.facts, self.ask, self.close)
        return "\n\n".join(parts)


def template_for(text: LetterText, mailroom: Mailroom) -> Template:
    """Return the template of a text, addressed to an office."""
    return Template(
        subject=text.subject,
        salutation=words_in(mailroom.salutation, text.language),
        opening=text.opening.strip(),
        facts=text.facts.strip(),
        ask=text.ask_of(mailroom.recipient.jurisdiction).strip(),
        close=words_in(mailroom.close, text.language),
    )


def compose(template: Template, draft: Draft) -> str:
    """Return the letter's words as they stand before their writer has edited them."""
    own = [_as_paragraph(sentence) for sentence in draft.sentences if sentence.words]
    parts = (
        *(template.salutation, template.opening, *own),
        *(template.facts, template.ask, template.close, _signed(draft.writer)),
    )
    return "\n\n".join(filter(None, parts))


def given_words(template: Template, writer: Writer) -> str:
    """Return what a letter says in nobody's own words: the template, and who signs it."""
    return f"{template.words}\n\n{_signed(writer)}"


def body_of(template: Template, draft: Draft) -> str:
    """Return the letter's words: as edited, else as put together from the other pages."""
    return draft.body or compose(template, draft)


def subject_of(template: Template, draft: Draft) -> str:
    """Return the subject: as edited, else the template's."""
    return draft.subject or template.subject


def changed_parts(template: Template, body: str) -> list[str]:
    """Return which of "facts" and "ask" no longer stand in the letter as they were given."""
    words = _flat(body)
    parts = (("facts", template.facts), ("ask", template.ask))
    return [name for name, part in parts if _flat(part) not in words]


def _signed(writer: Writer) -> str:
    return "\n".join(filter(None, [writer.name, writer.address]))


def _as_paragraph(sentence: Sentence) -> str:
    return " ".join(sentence.words.split())


def _flat(text: str) -> str:
    return " ".join(text.split())
