"""Reads a page as a careful browser would and says what is wrong with it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
from bs4 import BeautifulSoup
from lxml.html import HtmlElement, document_fromstring, tostring

ROOT = Path(__file__).resolve().parent.parent.parent
CONTROLS = ("input", "select", "textarea")
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-errormessage", "aria-controls")
LOADS = (("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"))
BEHAVIOURS = tuple(script.stem for script in sorted((ROOT / "static" / "js").glob("*.js")))
"""The scripts of static/js, each at work where its attribute stands."""
TOKEN = re.compile(r"[A-Za-z0-9_.-]{24,}")
"""What differs each time a page is made, and says nothing about its syntax."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Routes = Callable[[str, str], bool]
"""Whether a path answers a method."""


class PageFault(AssertionError):
    """A page that no visitor should get; the message lists everything wrong with it."""


@lru_cache(maxsize=64)
def parse(html: str) -> BeautifulSoup:
    """Return the page as a tree to select from, and to leave as it is: others get the same."""
    return BeautifulSoup(html, "lxml")


def read(html: str, path: str, routes: Routes) -> None:
    """Raise PageFault when something is wrong with the page at `path`."""
    faults = find_faults(html, path, routes)
    if faults:
        raise PageFault(f"{path}:\n" + "\n".join(f"- {fault}" for fault in faults))


def find_faults(html: str, path: str, routes: Routes) -> list[str]:
    """Return what is wrong with the page at `path`, in plain words."""
    page = document_fromstring(html)
    return [
        *_syntax_faults(TOKEN.sub("token", html)),
        *_head_faults(page),
        *_id_faults(page),
        *_label_faults(page),
        *_content_policy_faults(page),
        *_behaviour_faults(page),
        *_target_faults(page, path, routes),
    ]


@lru_cache(maxsize=256)
def _syntax_faults(html: str) -> tuple[str, ...]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return tuple(
        f"HTML: {code} at line {position[0]} {details or ''}".rstrip()
        for position, code, details in parser.errors
    )


def _head_faults(page: HtmlElement) -> Iterator[str]:
    language = page.get("lang", "")
    if not LANGUAGE.fullmatch(language):
        yield f"html has lang “{language}”"
    if not "".join(page.xpath("head/title/text()")).strip():
        yield "no title"
    headings = [_text_of(heading) for heading in page.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} h1: {headings}"
    for image in page.xpath("//img[not(@alt)]"):
        yield f"no alt: {_shown(image)}"


def _id_faults(page: HtmlElement) -> Iterator[str]:
    ids = Counter(page.xpath("//@id"))
    for value, times in ids.items():
        if times > 1 or not value or re.search(r"\s", value):
            yield f"id “{value}” used {times} times"
    references = [("for", "//label/@for"), *((name, f"//@{name}") for name in REFERENCES)]
    for attribute, found in references:
        for targets in page.xpath(found):
            for target in targets.split():
                if target not in ids:
                    yield f"{attribute} refers to no id: {target}"
    for link in page.xpath("//a/@href[starts-with(., '#')]"):
        if link[1:] and link[1:] not in ids:
            yield f"link to no id: {link}"


def _label_faults(page: HtmlElement) -> Iterator[str]:
    labelled = set(page.xpath("//label/@for"))
    for control in page.iter(*CONTROLS):
        if control.tag == "input" and control.get("type", "text") in UNLABELLED_TYPES:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (named or control.get("id") in labelled or control.xpath("ancestor::label")):
            yield f"no label: {_shown(control)}"
    for radio in page.xpath("//input[@type='radio'][not(ancestor::fieldset[1]//legend)]"):
        yield f"no fieldset with a legend: {_shown(radio)}"
    for name in page.xpath("//button | //label | //legend | //a[@href]"):
        if not (_words_of(name) or name.get("aria-label")):
            yield f"no words: {_shown(name)}"


def _text_of(tag: HtmlElement) -> str:
    return str(tag.text_content()).strip()


def _words_of(tag: HtmlElement) -> str:
    return _text_of(tag) + "".join(tag.xpath(".//img/@alt"))


def _shown(tag: HtmlElement) -> str:
    return str(tostring(tag, encoding="unicode", with_tail=False))


def _content_policy_faults(page: HtmlElement) -> Iterator[str]:
    for script in page.xpath("//script[not(@src)][not(@type='application/ld+json')]"):
        yield f"inline script: {_shown(script)}"
    for style in page.xpath("//style | //*[@style]"):
        yield f"inline style: {_shown(style)}"
    for handler in page.xpath("//@*[starts-with(name(), 'on')]"):
        yield f"{handler.getparent().tag} has {handler.attrname}"
    for address in page.xpath("//@href | //@src | //@action | //@formaction"):
        if address.strip().lower().startswith("javascript:"):
            yield f"{address.getparent().tag} has a javascript: address"
    for name, attribute in LOADS:
        for tag in page.iter(name):
            if _is_load(tag) and urlsplit(tag.get(attribute, "")).netloc:
                yield f"loads from a host: {_shown(tag)}"


def _behaviour_faults(page: HtmlElement) -> Iterator[str]:
    loaded = {urlsplit(address).path for address in page.xpath("//script/@src")}
    for name in BEHAVIOURS:
        if page.xpath(f"//*[@data-{name}]") and f"/static/js/{name}.js" not in loaded:
            yield f"data-{name} does nothing without {name}.js"


def _is_load(tag: HtmlElement) -> bool:
    relations = set(tag.get("rel", "").split())
    return tag.tag != "link" or not relations & {"canonical", "alternate"}


def _target_faults(page: HtmlElement, path: str, routes: Routes) -> Iterator[str]:
    for form in page.iter("form"):
        method = form.get("method", "get").upper()
        target = urljoin(path, form.get("action") or path)
        if urlsplit(target).netloc or not routes(urlsplit(target).path, method):
            yield f"form target does not route: {method} {target}"
    for link in dict.fromkeys(page.xpath("//a/@href")):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        if not routes(urljoin(path, parts.path), "GET"):
            yield f"link does not route: {link}"
