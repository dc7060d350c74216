"""A test client that reads every page it gets, and fills in forms as a browser does."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from tests.grounds import pages
from tests.grounds.arriving import take_in_arrivals

HOST = "localhost"
ORIGIN = f"http://{HOST}"
MAY_SET_COOKIES = ("/organiser",)
Values = Mapping[str, str | Sequence[str]]


class ReadingClient(FlaskClient):
    """Fails at once on a broken page, or on a cookie from a public one.

    A worker is never far: what a form brings in is taken in before its answer is read.
    """

    worker_rests = False

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Request as FlaskClient does, and read what comes back."""
        response = super().open(*args, **options)
        path = response.request.path
        if not path.startswith(MAY_SET_COOKIES) and response.headers.getlist("Set-Cookie"):
            raise pages.PageFault(f"{path} sets a cookie")
        if _is_page(response):
            pages.read(response.text, path, self.routes)
        if options.get("method") == "POST" and not self.worker_rests:
            take_in_arrivals(self.application.config["PETITION"])
        return response

    def routes(self, path: str, method: str) -> bool:
        """Whether the product answers this method at this path."""
        try:
            self.application.url_map.bind(HOST).match(path, method=method)
        except RequestRedirect:
            return method == "GET"
        except NotFound:
            return path.startswith("/static/")
        except HTTPException:
            return False
        return True

    def visit(self, url: str, *, status: int = 200) -> BeautifulSoup:
        """Get a page, follow where it leads, and return it as a tree."""
        response = self.get(url, follow_redirects=True)
        assert response.status_code == status, f"{url} answered {response.status}"
        return pages.parse(response.text)

    def submit(
        self,
        path: str,
        page: BeautifulSoup,
        values: Values,
        *,
        form: str = "form[method=post]",
        **options: Any,
    ) -> TestResponse:
        """Fill in the form of the page at `path` and post it, hidden fields and all."""
        found = page.select_one(form)
        assert found is not None, f"no {form} on {path}"
        target = urljoin(path, str(found.get("action") or path))
        sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.post(target, data=filled_in(found, values), headers=sent, **options)


def _is_page(response: TestResponse) -> bool:
    shown = not 300 <= response.status_code < 400
    return shown and response.mimetype == "text/html" and response.request.method != "HEAD"


def filled_in(form: Tag, values: Values) -> dict[str, str | Sequence[str]]:
    """Return what a browser would send: the form as it stands, with these values typed in.

    Fails on a value for which the form has no control.
    """
    standing: dict[str, str | Sequence[str]] = {}
    names = {str(control["name"]) for control in form.select("[name]")}
    assert values.keys() <= names, f"no control named {sorted(values.keys() - names)}"
    for control in form.select("input[name], textarea[name], select[name]"):
        name, value = str(control["name"]), _standing_value(control)
        if value is not None:
            before = standing.get(name, []) if _may_be_several(control) else []
            standing[name] = value if not before else [*_listed(before), value]
    return {**standing, **values}


def _may_be_several(control: Tag) -> bool:
    return control.get("type") in {"checkbox", "hidden"}


def _listed(values: str | Sequence[str]) -> Sequence[str]:
    return [values] if isinstance(values, str) else values


def _standing_value(control: Tag) -> str | None:
    kind = str(control.get("type", "text"))
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        options = control.select("option[selected]") or control.select("option")
        return str(options[0].get("value", options[0].get_text())) if options else None
    if kind in {"submit", "button", "image", "reset", "file"}:
        return None
    if kind in {"radio", "checkbox"} and not control.has_attr("checked"):
        return None
    return str(control.get("value", "on" if kind in {"radio", "checkbox"} else ""))


def path_of(url: str) -> str:
    """Return the part of an address that the client asks for."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
