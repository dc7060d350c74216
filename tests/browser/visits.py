"""How a browser comes to each public page, and what it measures there."""

from playwright.sync_api import Page, Response

from petition.core.i18n import LANGUAGES
from tests.grounds.install import Install
from tests.grounds.public_pages import PUBLIC_PAGES, PublicPage
from tests.grounds.weighing import Scales

LOOKED_AT = [language for language in ("en", "ar") if language in LANGUAGES]
"""One language from the left, one from the right."""

SEND = """(form, values) => {
    for (const [name, value] of Object.entries(values)) {
        const control = form.elements[name];
        if (control.type === "checkbox") control.checked = true;
        else control.value = value;
    }
    form.submit();
}"""
"""Fills in a form and sends it as it stands."""

TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] : [
    `${document.documentElement.scrollWidth} px wide`,
    ...[...document.querySelectorAll("body *")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.right > width + 0.5 || box.left < -0.5;
    }).map(one => one.outerHTML.slice(0, 90)).slice(-5),
]"""
"""Says what makes the page scroll sideways."""


def page_called(name: str) -> PublicPage:
    """Return the line of the table with this name."""
    return next(page for page in PUBLIC_PAGES if page.name == name)


def visit(
    page: Page, install: Install, shown: PublicPage, lang: str, scales: Scales | None = None
) -> None:
    """Open a page; send its form, where it is one that answers. The last answer is weighed."""
    scales = scales or Scales()
    scales.reset()
    answer = page.goto(install.url + shown.path_on(install, lang))
    if shown.sends is not None:
        scales.reset()
        answer = _send(page, shown)
    assert answer is not None
    assert answer.status == shown.status, f"{shown.name} answered {answer.status}"


def _send(page: Page, shown: PublicPage) -> Response | None:
    with page.expect_navigation() as sent:
        page.locator(shown.form).first.evaluate(SEND, dict(shown.sends or {}))
    return sent.value


def too_wide(page: Page, width: int, height: int) -> list[str]:
    """Make the window this large; return what would have to be scrolled sideways."""
    page.set_viewport_size({"width": width, "height": height})
    found: list[str] = page.evaluate(TOO_WIDE, width)
    return found
