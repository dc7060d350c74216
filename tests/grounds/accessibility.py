"""What axe says about a page; of the package that ships it we use nothing but the script."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """tags => axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
})"""


@lru_cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds against the page; its JavaScript must be on."""
    page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(RUN, RULES)["violations"]
    return found


def grave_violations(page: Page) -> list[str]:
    """Return the serious and critical findings, a line for each element."""
    return [
        f"{found['id']}: {found['help']}: {node['html']}"
        for found in violations(page)
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]
