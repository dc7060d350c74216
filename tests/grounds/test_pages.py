"""The reading client's eye: a sound page passes, and each fault is seen."""

import pytest

from tests.grounds import pages
from tests.grounds.client import filled_in

SOUND = """<!doctype html>
<html lang="en"><head><title>Sign</title><link rel="stylesheet" href="/static/css/base.css">
</head><body><a href="#form">Skip</a><h1>Sign</h1>
<form id="form" method="post" action="/sign">
<input type="hidden" name="token" value="t">
<label for="name">Name</label><input id="name" name="name" aria-describedby="hint">
<p id="hint">Your full name</p>
<fieldset><legend>Shown</legend>
<label><input type="radio" name="shown" value="no" checked> No</label>
<label><input type="radio" name="shown" value="yes"> Yes</label></fieldset>
<label>Country <select name="country"><option value="CA">Canada</option>
<option value="GB" selected>United Kingdom</option></select></label>
<label>Why <textarea name="why">
because</textarea></label>
<label><input type="checkbox" name="mail"> Mail</label>
<button name="go">Sign</button></form>
<script src="/static/js/share.js"></script></body></html>"""


def routes(path: str, method: str) -> bool:
    return (path, method) in {("/sign", "POST"), ("/", "GET")}


def test_a_sound_page_has_no_faults() -> None:
    assert pages.find_faults(SOUND, "/", routes) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('<html lang="en">', "<html>", "lang"),
        ("<title>Sign</title>", "<title></title>", "no title"),
        ("<h1>Sign</h1>", "<h1>Sign</h1><h1>Again</h1>", "2 h1"),
        ("<h1>Sign</h1>", "<h2>Sign</h2>", "0 h1"),
        ("<h1>Sign</h1>", "<h1>Sign</h2>", "HTML"),
        ('<p id="hint">', '<p id="name">', "used 2 times"),
        ('<p id="hint">', "<p>", "aria-describedby"),
        ('<label for="name">Name</label>', "", "no label"),
        ('for="name"', 'for="nome"', "for refers"),
        ("<legend>Shown</legend>", "", "fieldset"),
        ('href="#form"', 'href="#from"', "#from"),
        ('action="/sign"', 'action="/elsewhere"', "/elsewhere"),
        ('action="/sign"', 'action="https://example.org/sign"', "example.org"),
        ('method="post" action', "action", "GET /sign"),
        ('<p id="hint">', '<p id="hint" style="color: red">', "inline style"),
        ('<p id="hint">', '<p id="hint" onclick="go()">', "onclick"),
        ("<h1>Sign</h1>", "<h1>Sign</h1><script>go()</script>", "inline script"),
        ("<h1>Sign</h1>", '<h1>Sign</h1><img src="/a.png">', "no alt"),
        ('href="#form"', 'href=" JavaScript:go()"', "javascript: address"),
        ('name="go"', 'name="go" formaction="javascript:go()"', "javascript: address"),
        ("<title>", "<style>h1 {color: red}</style><title>", "inline style"),
        ("<h1>Sign</h1>", '<h1>Sign</h1><img alt="" src="//example.org/a.png">', "loads from"),
        ("<h1>Sign</h1>", '<h1>Sign</h1><iframe src="https://example.org"></iframe>', "loads from"),
        ('href="/static/css', 'href="https://example.org/css', "loads from"),
        ("<h1>Sign</h1>", '<h1 aria-labelledby="gone">Sign</h1>', "aria-labelledby"),
        ("<h1>Sign</h1>", '<h1>Sign</h1><a href="/gone">Gone</a>', "/gone"),
        ("<h1>Sign</h1>", '<h1>Sign</h1><a href="/"></a>', "no words"),
        ("<h1>Sign</h1>", "<h1 data-copy='name'>Sign</h1>", "copy.js"),
        ('src="/static/js', 'src="https://cdn.example.org/js', "cdn.example.org"),
    ],
)
def test_a_fault_is_seen(before: str, after: str, fault: str) -> None:
    assert SOUND.count(before) == 1
    page = SOUND.replace(before, after)

    with pytest.raises(pages.PageFault, match=fault):
        pages.read(page, "/", routes)


def test_a_form_is_sent_as_it_stands_with_what_was_typed() -> None:
    form = pages.parse(SOUND).form
    assert form is not None

    sent = filled_in(form, {"name": "Zoë"})

    assert sent == {
        "token": "t", "name": "Zoë", "shown": "no", "country": "GB", "why": "because"
    }  # fmt: skip


def test_a_value_without_a_control_is_refused() -> None:
    form = pages.parse(SOUND).form
    assert form is not None

    with pytest.raises(AssertionError, match="no control named"):
        filled_in(form, {"nmae": "Zoë"})
