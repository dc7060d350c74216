"""How much of a letter is its writer's own, and which letters say nearly the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.storage.database import session
from petition.letters.drafting.composing import Template, compose, given_words
from petition.letters.drafting.own_words import (
    ALIKE_FROM,
    OwnWords,
    in_words,
    likeness_marks,
    own_share,
    own_shingles,
    shingles,
)
from petition.letters.letter.models import Letter, LikenessMark
from petition.letters.letter.written import Draft, Sentence, Writer
from tests.factories import load_sample, rows
from tests.letters.posting import awaiting, queued

TEMPLATE = Template(
    subject="Sanctions",
    salutation="Dear Foreign Secretary,",
    opening="I am writing to you about human trafficking, which lives on money.",
    facts="In 2022 the perpetrators remained largely unsanctioned (https://example.org/2022).",
    ask="I ask that trafficking be considered in every round. Please tell me what you can do.",
    close="Yours faithfully,",
)
ARABIC = "أكتب إليكم بشأن الاتجار بالبشر لأن العقوبات قادرة على أن تطال المال الذي يعيش عليه"
ARABIC_OWN = "عملتُ عشر سنوات مع ناجين من هذه التجارة وما زلت أسمع أصواتهم كل ليلة"
CHINESE = "我写信给您是为了谈谈人口贩运的问题制裁可以触及它赖以生存的金钱"
CHINESE_OWN = "我在港口工作了十年亲眼见过这些船只和船上的人"
OWN = (
    "For eleven years I have run the seamen's mission in our harbour. Men come to us from the "
    "boats with nothing but the clothes they stand in, and some of them have not been paid since "
    "the spring before last. We give them soup, a telephone and a bed, and then the agent comes "
    "and asks where they are. I would like to be able to tell them that somebody is looking."
)
OTHER = (
    "My grandmother was sold at fourteen and never spoke of it until the week in which she died. "
    "I teach history now, and every year a pupil stays behind after the lesson on slavery and "
    "asks me whether it is over. I do not know what to answer them any more, and I am tired of it."
)


def letter(*sentences: str, name: str = "Nadia Sample", at: str = "") -> tuple[str, str]:
    """Return a letter, and what of it is nobody's own words."""
    who = Writer(name=name, email="nadia@example.org", country="GB", address=at)
    own = tuple(Sentence(number, words) for number, words in enumerate(sentences))
    return compose(TEMPLATE, Draft(writer=who, sentences=own)), given_words(TEMPLATE, who)


def share(*sentences: str, name: str = "Nadia Sample", at: str = "") -> int:
    return own_share(*letter(*sentences, name=name, at=at))


def marks(own: str) -> set[bytes]:
    return set(likeness_marks(shingles(own), 1))


def test_nothing_of_a_letter_left_as_the_template_is_its_writers_own() -> None:
    assert own_share(TEMPLATE.words, TEMPLATE.words) == 0
    assert share() == 0
    assert share(name="王小明", at="1 Example Street\nEXAMPLE TOWN\nEX1 1AA") == 0


def test_the_share_rises_with_every_sentence_of_ones_own() -> None:
    first, second = OWN.split(". ")[:2]
    found = [share(), share(first), share(first, second), share(OWN, OTHER)]

    assert found == sorted(set(found))
    assert [in_words(one) for one in found] == [
        OwnWords.TEMPLATE,
        OwnWords.CLEARLY,
        OwnWords.CLEARLY,
        OwnWords.CLEARLY,
    ]


def test_a_letter_all_in_ones_own_words_is_all_ones_own() -> None:
    assert own_share(OWN, TEMPLATE.words) == 100


def test_a_letter_with_nothing_in_it_is_nobodys_own() -> None:
    assert own_share("", TEMPLATE.words) == 0
    assert own_share(" … ", "") == 0


@pytest.mark.parametrize(
    ("percent", "word"),
    [(0, "template"), (2, "template"), (3, "partly"), (29, "partly"), (30, "clearly")],
)
def test_a_share_is_said_in_one_of_three_words(percent: int, word: str) -> None:
    assert in_words(percent) == word


@pytest.mark.parametrize(
    ("template", "own"),
    [(ARABIC, ARABIC_OWN), (CHINESE, CHINESE_OWN)],
    ids=["arabic", "chinese"],
)
def test_words_are_told_apart_in_every_script(template: str, own: str) -> None:
    half = own[: len(own) // 2]

    assert own_share(template, template) == 0
    assert (
        0 < own_share(f"{template}\n{half}", template) < own_share(f"{template}\n{own}", template)
    )
    assert own_share(own, template) == 100


def test_a_letter_copied_in_another_form_has_no_word_more() -> None:
    """Accents apart from their letters, capitals, other apostrophes, what is invisible."""
    template = "L’État a ignoré les victimes élevées à l’étranger, مُتخيَّل par tous"
    forms = (
        unicodedata.normalize("NFD", template),
        template.upper(),
        template.replace("’", "'"),
        template.replace("ignoré", "ig\u00adno\u200bré"),
        template.replace("مُتخيَّل", "متخيل"),
        template.replace(" ", "\n\n  "),
    )

    assert [own_share(form, template) for form in forms] == [0] * len(forms)


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_share_is_a_percentage_and_none_where_nothing_was_added(body: str, other: str) -> None:
    assert 0 <= own_share(body, other) <= 100
    assert own_share(body, body) == 0


@given(st.integers(0, 25), st.integers(5, 20))
def test_what_is_left_of_a_template_is_not_ones_own(first: int, most: int) -> None:
    words = TEMPLATE.words.split()[first : first + most]

    assert own_share(" ".join(words), TEMPLATE.words) == 0


@pytest.mark.usefixtures("instance")
def test_letters_that_say_nearly_the_same_share_a_mark() -> None:
    twice = f"{OWN} {OTHER}"

    assert marks(OWN) == marks(OWN.upper())
    assert len(marks(twice) & marks(f"{twice} Truly.")) >= ALIKE_FROM
    assert len(marks(OWN)) == 8


@pytest.mark.usefixtures("instance")
def test_letters_that_say_something_else_share_none() -> None:
    assert len(marks(OWN) & marks(OTHER)) < ALIKE_FROM
    assert not marks(ARABIC_OWN) & marks(CHINESE_OWN)


@pytest.mark.usefixtures("instance")
def test_the_marks_of_two_letter_campaigns_cannot_be_joined() -> None:
    first, second = (set(likeness_marks(shingles(OWN), number)) for number in (1, 2))

    assert not first & second


@pytest.mark.usefixtures("instance")
def test_a_letter_left_as_the_template_has_no_mark() -> None:
    assert likeness_marks(own_shingles(*letter()), 1) == []
    assert likeness_marks(own_shingles(*letter(name="Maria", at="1 Example Street")), 1) == []
    assert likeness_marks(own_shingles(*letter(OWN)), 1) != []


@pytest.mark.usefixtures("database")
def test_a_letter_is_stored_with_its_share_and_its_marks() -> None:
    load_sample()
    assert awaiting(name="Maria").own_share == 0
    assert rows(LikenessMark) == 0

    assert awaiting(name="Maria", own=OWN).own_share > 0
    assert rows(LikenessMark) == 8


@pytest.mark.usefixtures("database")
def test_a_first_name_that_many_have_is_no_burst_of_letters() -> None:
    load_sample()
    held = [queued(name=f"Maria {name}").on_hold for name in "ABCDEF"]

    assert held == [False] * 6


@pytest.mark.usefixtures("database")
def test_the_same_words_from_many_are_a_burst_whoever_signs_them() -> None:
    load_sample()
    held = [queued(name=f"Writer {name}", own=OWN).on_hold for name in "ABCDE"]

    assert held == [False] * 4 + [True]
    assert all(one.on_hold for one in session.query(Letter))
