"""Input that breaks programs, in the spirit of the Big List of Naughty Strings."""

import re
from typing import Any

from hypothesis import strategies as st
from lxml.etree import Element
from lxml.html import document_fromstring

MARK = "naughty"
"""The name of elements and attributes that no page of ours has."""
ENDS = 2
"""How often a page says that it ends: its body, and the whole."""

FRAGMENTS = (
    # empty, spaces, controls
    *(
        "",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\x00",
        "\x01\x02\x7f",
        "\x1b[31m",
        "\x85",
        "\u2028\u2029",
    ),
    *(
        "\ufeff",
        "\u200b",
        "\u200d\u2060",
        "\u00ad",
        "\u180e",
        "\u3000",
        "\ue000",
        "\uffff",
        "\U000e0041",
    ),
    # direction
    *("\u202e", "\u202aa\u202c", "\u2066b\u2069", "\u200e\u200f", "שלום", "مرحبا", "ﷺ", "اﻟﺴﻼم"),
    # beyond the basic plane, combining floods, forms that change when composed
    *("😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "𝓝𝓪𝓭𝓲𝓪", "Z" + "\u0310\u0337\u0353" * 12, "e\u0301", "ﬁ", "Å", "가"),
    *("İ", "ß", "ǆ", "ﾅﾃﾞｨｱ", "田中さん", "Ṱ̺̺̕o͞ ̷", "˙ɐnbᴉlɐ", "\u0301"),
    # formulae, and their full-width look-alikes
    *("=1+1", '=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"),
    *(
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        " =1",
        "\u00a0=1",
        "'=1",
        '"=1',
        ";=1",
        "=cmd|' /C calc'!A0",
        "%0A=1",
    ),
    # markup
    f"<{MARK}>",
    f"</title><{MARK}>",
    f'"><{MARK} {MARK}=1>',
    f"' {MARK}='1",
    f'" onfocus=alert(1) {MARK}="',
    f"</textarea><{MARK}>",
    f"</option></select><{MARK}>",
    f"--><{MARK}>",
    f"]]><{MARK}>",
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"),
    *("javascript:alert(1)", "&lt;b&gt;", "&#60;b&#62;", "&amp", "<!--", "<![CDATA[", "<?xml"),
    # other languages that programs speak
    *("' OR 1=1 --", "'; DROP TABLE signature; --", "\\", "\\'", "%s%n%d", "%(name)s", "{}", "{0}"),
    *(
        "{{7*7}}",
        "{% raw %}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "$(id)",
        "`id`",
        "| id",
        "../../etc/passwd",
    ),
    *(
        "NULL",
        "None",
        "undefined",
        "NaN",
        "Infinity",
        "0x0",
        "1e309",
        "-0",
        "true",
        "[]",
        "__proto__",
    ),
    # mail
    *("a@b", "a@b@c", "@", "a b@example.org", '"a"@example.org', "a@[127.0.0.1]", "a@example..org"),
    *("a@example.org\r\nBcc: eve@example.org", "a@example.org,b@example.org", "<a@example.org>"),
    *(
        "a@exämple.org",
        "ä@example.org",
        "a@xn--a",
        "a" * 65 + "@example.org",
        "a@" + "b" * 260 + ".org",
    ),
    *(".a@example.org", "a.@example.org", "a..b@example.org", "a+b@example.org", "a@example.org."),
    *("=1@example.org", "+a@example.org", "-a@example.org", "'a@example.org", "{a}@example.org"),
    # long
    *("x" * 121, "x" * 501, "Ω" * 300, "\u0301" * 2_000, "<" * 3_000, "x" * 20_000),
)


def texts() -> st.SearchStrategy[str]:
    """Return text of every kind: troublemakers in company, and anything at all."""
    any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
    one = st.sampled_from(FRAGMENTS)
    company = st.lists(one | any_text, min_size=2, max_size=5).map("".join)
    around_a_name = st.builds("{}Nadia{}{}".format, one, any_text, one)
    return st.one_of(company, any_text, around_a_name)


def letters() -> st.SearchStrategy[str]:
    """Return text that a person may well have typed: most of it has to be taken as it is."""
    letters_of_all_scripts = st.characters(categories=["L", "Mn", "Nd", "P", "Sm", "Zs"])
    return st.text(letters_of_all_scripts, min_size=1, max_size=60)


def addresses() -> st.SearchStrategy[str]:
    """Return what may stand in a field for an e-mail address, odd ones that are right included."""
    atoms = st.text("abcXYZ019!#$%&'*+-/=?^_`{|}~.", min_size=1, max_size=20)
    domains = st.sampled_from(["example.org", "EXAMPLE.org", "gmail.com", "exämple.org", "a.co"])
    return st.one_of(texts(), st.builds("{}@{}".format, atoms | texts(), domains))


def octets() -> st.SearchStrategy[bytes]:
    """Return the value of a field as octets that need not be UTF-8: surrogates, cut-off letters."""
    odd = (
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xff\xfe",
        b"\xc0\x80",
        b"\xe2\x82",
        b"%",
        b"%zz",
        b"%u0041",
    )
    return st.one_of(st.binary(max_size=60), st.sampled_from(odd), texts().map(str.encode))


def foreign_markup(page: str) -> list[str]:
    """Return the elements of a page that came from what somebody typed."""
    if page.count("</html") + page.count("</body") > ENDS:  # libxml2 reads no further
        return ["</html>"]
    elements = document_fromstring(page).iter(Element)
    return [f"<{one.tag} {sorted(one.attrib)}>" for one in elements if _is_foreign(one)]


def _is_foreign(one: Any) -> bool:
    """Whether no page of ours has such an element, or such an attribute."""
    foreign = MARK in {one.tag, *one.attrib} or any(name.startswith("on") for name in one.attrib)
    typed = {"value", "content"}  # an attribute of ours may hold what somebody typed
    scripted = any(
        value.strip().lower().startswith("javascript:") for value in one.attrib.values()
    ) and not typed & set(one.attrib)
    return foreign or scripted or (one.tag == "script" and "src" not in one.attrib)


def is_whole_page(page: str) -> bool:
    """Whether an answer is one whole HTML page."""
    starts = page.startswith("<!doctype html>")
    return starts and page.endswith("</html>") and len(re.findall("<h1", page)) == 1
