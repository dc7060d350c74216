"""Reads a page as a careful browser would and says what is wrong with it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag

CONTROLS = "input, select, textarea"
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-errormessage", "aria-controls")
LOADS = (("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"))
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
    return BeautifulSoup(html, "html5lib")


def read(html: str, path: str, routes: Routes) -> BeautifulSoup:
    """Return the page at `path` as a tree. Raises PageFault when something is wrong with it."""
    faults = find_faults(html, path, routes)
    if faults:
        raise PageFault(f"{path}:\n" + "\n".join(f"- {fault}" for fault in faults))
    return parse(html)


def find_faults(html: str, path: str, routes: Routes) -> list[str]:
    """Return what is wrong with the page at `path`, in plain words."""
    page = parse(html)
    return [
        *_syntax_faults(TOKEN.sub("token", html)),
        *_head_faults(page),
        *_id_faults(page),
        *_label_faults(page),
        *_content_policy_faults(page),
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


def _head_faults(page: BeautifulSoup) -> Iterator[str]:
    language = str(page.html.get("lang", "")) if page.html else ""
    if not LANGUAGE.fullmatch(language):
        yield f"html has lang “{language}”"
    if page.title is None or not page.title.get_text(strip=True):
        yield "no title"
    headings = [heading.get_text(strip=True) for heading in page.find_all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} h1: {headings}"
    for image in page.select("img:not([alt])"):
        yield f"no alt: {image}"


def _id_faults(page: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in page.select("[id]"))
    for value, times in ids.items():
        if times > 1 or not value or re.search(r"\s", value):
            yield f"id “{value}” used {times} times"
    references = [("for", "label[for]"), *((name, f"[{name}]") for name in REFERENCES)]
    for attribute, selector in references:
        for tag in page.select(selector):
            for target in str(tag[attribute]).split():
                if target not in ids:
                    yield f"{attribute} refers to no id: {target}"
    for link in page.select('a[href^="#"]'):
        fragment = str(link["href"])[1:]
        if fragment and fragment not in ids:
            yield f"link to no id: #{fragment}"


def _label_faults(page: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    for control in page.select(CONTROLS):
        if control.name == "input" and str(control.get("type", "text")) in UNLABELLED_TYPES:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (named or control.get("id") in labelled or control.find_parent("label")):
            yield f"no label: {control}"
    for radio in page.select('input[type="radio"]'):
        group = radio.find_parent("fieldset")
        if group is None or group.find("legend") is None:
            yield f"no fieldset with a legend: {radio}"
    for name in page.select("button, label, legend, a[href]"):
        if not (_words_of(name) or name.get("aria-label")):
            yield f"no words: {name}"


def _words_of(tag: Tag) -> str:
    images = [str(image.get("alt", "")) for image in tag.select("img")]
    return tag.get_text(strip=True) + "".join(images)


def _content_policy_faults(page: BeautifulSoup) -> Iterator[str]:
    for script in page.select("script:not([src], [type='application/ld+json'])"):
        yield f"inline script: {script}"
    for style in page.select("style, [style]"):
        yield f"inline style: {style}"
    for tag in page.find_all(True):
        if handlers := [name for name in tag.attrs if name.startswith("on")]:
            yield f"{tag.name} has {', '.join(handlers)}"
        for name in ("href", "src", "action", "formaction"):
            if str(tag.get(name, "")).strip().lower().startswith("javascript:"):
                yield f"{tag.name} has a javascript: address"
    for name, attribute in LOADS:
        for tag in page.find_all(name):
            if _is_load(tag) and urlsplit(str(tag.get(attribute, ""))).netloc:
                yield f"loads from a host: {tag}"


def _is_load(tag: Tag) -> bool:
    relations = set(tag.get_attribute_list("rel"))
    return tag.name != "link" or not relations & {"canonical", "alternate"}


def _target_faults(page: BeautifulSoup, path: str, routes: Routes) -> Iterator[str]:
    for form in page.find_all("form"):
        method = str(form.get("method", "get")).upper()
        target = urljoin(path, str(form.get("action") or path))
        if urlsplit(target).netloc or not routes(urlsplit(target).path, method):
            yield f"form target does not route: {method} {target}"
    for link in page.select("a[href]"):
        parts = urlsplit(str(link["href"]))
        if parts.scheme or parts.netloc or not parts.path:
            continue
        if not routes(urljoin(path, parts.path), "GET"):
            yield f"link does not route: {link['href']}"
