"""How much of a letter is its writer's own, and which letters say nearly the same.

A text is taken apart into shingles, runs of five words (A. Z. Broder, On the resemblance and
containment of documents, 1997). What of a letter's shingles the template does not have is its
writer's own. Likeness is told by a few keyed marks of those, never by the words themselves.
"""

import re
from enum import StrEnum
from unicodedata import category, normalize

from petition.core.keyring.sealing import tag

SHINGLE = 5
PARTLY_FROM = 3
CLEARLY_FROM = 30
MARKS = 8
MARK_BYTES = 4
ALIKE_FROM = 4
"""How many marks two letters share that say nearly the same."""
_word = re.compile(r"\w+(?:'\w+)*")
_without_spaces = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
"""Scripts that set no space between words, where each letter counts as one."""
_unheard = {"Mn", "Mc", "Me", "Cf"}
"""Accents, vowel signs and what is invisible: they may be written in several ways, or added."""
Shingles = frozenset[tuple[str, ...]]


class OwnWords(StrEnum):
    """How much of a letter is its writer's own."""

    TEMPLATE = "template"
    PARTLY = "partly"
    CLEARLY = "clearly"


def shingles(text: str) -> Shingles:
    """Return the runs of five words in a text; of a shorter text, all of it as one."""
    words = _words(text)
    if not words:
        return frozenset()
    last = max(1, len(words) - SHINGLE + 1)
    return frozenset(tuple(words[start : start + SHINGLE]) for start in range(last))


def own_shingles(body: str, template: str) -> Shingles:
    """Return the shingles of a letter that its template does not have."""
    return shingles(body) - shingles(template)


def own_share(body: str, template: str) -> int:
    """Return how much of a letter is not its template's, in whole percent."""
    all_of_it = shingles(body)
    if not all_of_it:
        return 0
    return round(100 * len(all_of_it - shingles(template)) / len(all_of_it))


def in_words(share: int) -> OwnWords:
    """Return a share, in percent, as one of three words."""
    if share < PARTLY_FROM:
        return OwnWords.TEMPLATE
    return OwnWords.PARTLY if share < CLEARLY_FROM else OwnWords.CLEARLY


def likeness_marks(own: Shingles, letter_campaign_id: int) -> list[bytes]:
    """Return eight keyed marks of a letter's own shingles: as many as two share, so alike they are.

    Each is made of the smallest of the shingles' tags in another order (MinHash), so that two
    letters share each with a probability of the part of their shingles that they have in common.
    They are the letter campaign's own, so that two of them cannot be joined. Without words of
    one's own there are none: what many send unchanged is the template, no
    likeness.
    """
    scope = f"letter-likeness:{letter_campaign_id}"
    tags = [tag(scope, " ".join(shingle)) for shingle in own]
    if not tags:
        return []
    starts = range(0, MARKS * MARK_BYTES, MARK_BYTES)
    smallest = [min(one[start : start + MARK_BYTES] for one in tags) for start in starts]
    return [tag(scope, f"{order}:{one.hex()}") for order, one in enumerate(smallest)]


def _words(text: str) -> list[str]:
    apart = normalize("NFKD", text.casefold().replace("’", "'"))
    plain = normalize("NFC", "".join(one for one in apart if category(one) not in _unheard))
    return _word.findall(_without_spaces.sub(lambda letter: f" {letter[0]} ", plain))
