"""The notice that asks an office to strike records: words ready to send, in its language."""

from dataclasses import dataclass

from babel.numbers import format_decimal

from petition.core.i18n import (
    date_in_words,
    text_direction,
    translations,
    writing_locale,
)
from petition.deliveries.models import Delivery
from petition.deliveries.striking.withdrawals import Withdrawals
from petition.petitions.asks import ask_of


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to an office, as plain text."""

    lang: str
    dir: str
    subject: str
    text: str


def notice_of(delivery: Delivery, found: Withdrawals, language: str) -> Notice:
    """Return the next notice about records of which the office was not told yet.

    It says which, and neither who nor why.
    """
    spoken, locale = translations(language), writing_locale(language)
    _, ngettext = spoken.ugettext, spoken.ungettext
    ask, count = ask_of(delivery.petition, language), len(found.next)

    def number(value: int) -> str:
        return str(format_decimal(value, locale=locale))

    subject = _("Signatures that count no more: %(title)s") % {"title": ask.title}
    day = date_in_words(found.handed_over.day, locale)
    handed = _("On %(day)s we handed over to you what was signed under this petition:") % {
        "day": day
    }
    since = ngettext(
        "Since the pack was made, %(count)s of those who signed has taken the signature back, had "
        "it erased, or it was found not to be genuine. It counts no more.",
        "Since the pack was made, %(count)s of those who signed have taken their signatures back, "
        "had them erased, or they were found not to be genuine. They count no more.",
        count,
    ) % {"count": number(count)}
    strike = _(
        "Please strike these records from all that you hold of the pack, and use them no more. "
        "Their numbers, as “number” in signatures.jsonl:"
    )
    left = ngettext(
        "%(count)s signature of the pack stays.",
        "%(count)s signatures of the pack stay.",
        stays := (found.pack.row_count or 0) - len(found.records),
    ) % {"count": number(stays)}
    records = ", ".join(str(one.record) for one in found.next)
    root = _("The root of the pack, by which you know it:")
    office = delivery.office_in(language)
    paragraphs = [office, handed, ask.title, since, strike, records, root, str(found.pack.root)]
    text = "\n\n".join([*paragraphs, left, ask.organisation]) + "\n"
    return Notice(language, text_direction(language), subject, text)
