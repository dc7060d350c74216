"""Putting a letter together: the template's parts, and the writer's own between them."""

from dataclasses import dataclass

from petition.core.i18n import words_for
from petition.letters.campaigns.models import LetterText
from petition.letters.letter.written import Draft, Sentence, Writer
from petition.recipients.models import Mailroom


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
        salutation=words_for(text.language, mailroom.salutation),
        opening=text.opening.strip(),
        facts=text.facts.strip(),
        ask=text.ask_of(text.version.naming(mailroom.recipient).jurisdiction).strip(),
        close=words_for(text.language, mailroom.close),
    )


def compose(template: Template, draft: Draft) -> str:
    """Return the letter's words as they stand before their writer has edited them."""
    own = [_as_paragraph(sentence) for sentence in draft.sentences if sentence.words]
    parts = (
        *(template.salutation, template.opening, *own),
        *(template.facts, template.ask, template.close, signed(draft.writer)),
    )
    return "\n\n".join(filter(None, parts))


def given_words(template: Template, writer: Writer) -> str:
    """Return what a letter says in nobody's own words: the template, and who signs it."""
    return f"{template.words}\n\n{signed(writer)}"


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


def signed(writer: Writer) -> str:
    """Return how the letter is signed: the name, and the address where one was asked for."""
    return "\n".join(filter(None, [writer.name, writer.address]))


def _as_paragraph(sentence: Sentence) -> str:
    return " ".join(sentence.words.split())


def _flat(text: str) -> str:
    return " ".join(text.split())


def follow(body: str, before: tuple[Template, Draft], after: tuple[Template, Draft]) -> str:
    """Return an edited letter after another page has changed something.

    What stood in it word for word is exchanged; a sentence that is gone goes, a new one comes
    before the facts. What its writer has changed stays as they wrote it.
    """
    (old, old_draft), (new, new_draft) = before, after
    exchanged = (
        *((old.salutation, new.salutation), (old.opening, new.opening), (old.facts, new.facts)),
        *((old.ask, new.ask), (old.close, new.close)),
        (signed(old_draft.writer), signed(new_draft.writer)),
    )
    paragraphs = body
    for was, becomes in exchanged:
        if was and was != becomes:
            paragraphs = becomes.join(paragraphs.rsplit(was, 1))
    kept = {_as_paragraph(sentence) for sentence in new_draft.sentences}
    known = {_as_paragraph(sentence) for sentence in old_draft.sentences}
    for gone in known - kept:
        paragraphs = paragraphs.replace(f"{gone}\n\n", "", 1)
    for sentence in new_draft.sentences:
        words = _as_paragraph(sentence)
        if words not in known:
            paragraphs = _with(paragraphs, words, new)
    return paragraphs


def _with(body: str, words: str, template: Template) -> str:
    for part in (template.facts, template.ask, template.close):
        if part and part in body:
            return body.replace(part, f"{words}\n\n{part}", 1)
    return f"{body}\n\n{words}"
