"""What papers can show is known before they are printed, and the table says what is so."""

import random
from unicodedata import category

import pytest
import typst

from bin import glyphs as made
from petition.core.printing.glyphs import NOT_SET, TABLE, has_glyph, without_glyph
from petition.core.printing.typesetting import font_folders, typeset_pdf
from tests.core.printing.test_typesetting import card
from tests.grounds.papers import MISSING, words_of

SHOWN = {
    "Amharic": "ሰላም",
    "Arabic": "ليلى",
    "Armenian": "Անի",
    "Bengali": "রহিম",
    "Burmese": "မင်္ဂလာပါ",
    "Cherokee": "ᏣᎳᎩ",
    "Chinese": "王小明",
    "Cyrillic": "Надія",
    "emoji": "🙏🏽👨‍👩‍👧❤️",
    "Georgian": "ნინო",
    "Greek": "Ελένη",
    "Gujarati": "નમસ્તે",
    "Gurmukhi": "ਸਤਿ",
    "Hebrew": "נועה לוי",
    "Hindi": "प्रिया शर्मा",
    "Kannada": "ಕನ್ನಡ",
    "Khmer": "សួស្តី",
    "Lao": "ສະບາຍດີ",
    "Malayalam": "മലയാളം",
    "Oriya": "ଓଡ଼ିଆ",
    "Sinhala": "ආයුබෝවන්",
    "Tamil": "கவிதா",
    "Telugu": "తెలుగు",
    "Thai": "สมชาย ใจดี",
    "Urdu": "گلناز ڑوہی",
    "Uyghur": "ئۇيغۇر",
}
BOXES = {
    "Dhivehi": "ދިވެހި",
    "Inuktitut": "ᐃᓄᒃᑎᑐᑦ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Syriac": "ܫܠܡܐ",
    "Tibetan": "བཀྲ་ཤིས",
    "Tifinagh": "ⴰⵣⵓⵍ",
}


@pytest.mark.parametrize("script", SHOWN)
def test_names_in_these_scripts_are_printed(script: str) -> None:
    assert without_glyph({"lines": [SHOWN[script]]}) == []
    assert MISSING not in words_of(typeset_pdf("card.typ", card(SHOWN[script])))


@pytest.mark.parametrize("script", BOXES)
def test_names_in_these_scripts_come_out_as_boxes_and_that_is_known(script: str) -> None:
    assert set(without_glyph(("Nadia ", BOXES[script]))) == set(BOXES[script])
    assert MISSING in words_of(typeset_pdf("card.typ", card(BOXES[script])))


def test_what_shows_nothing_by_itself_is_no_box() -> None:
    assert without_glyph("a\r\n\t b\u200d\u2068c\u00ad\ufeff") == []


def test_the_table_was_made_with_the_fonts_at_hand() -> None:
    first = TABLE.read_text("ascii").partition("\n")[0]

    assert first == made.fonts(), "run bin/glyphs"


def test_the_table_says_what_typesetting_shows() -> None:
    compiler = typst.Compiler(font_paths=list(font_folders()), ignore_system_fonts=True)
    codes = [
        code
        for code in random.Random(11).sample(range(made.LAST), 600)
        if made.is_text(code) and category(chr(code)) not in NOT_SET
    ]

    shown = [code for code in codes if has_glyph(chr(code))]
    assert made.shown_of(compiler, codes) == shown
    assert 0 < len(shown) < len(codes)
