"""The log of requests: one JSON line each, with the rule of the address, never the address.

Addresses hold secret tokens, and queries may hold anything: neither is written, nor is who asked.
"""

import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, got_request_exception, request

from petition.core.log import fault_fields, log

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NO_PAGE = "(no page)"


def init_app(app: Flask) -> None:
    """Log each request and each fault of the application."""
    app.wsgi_app = logged(app.wsgi_app)  # type: ignore[assignment,method-assign]

    def log_fault(_sender: Flask, exception: BaseException, **_: object) -> None:
        rule = request.url_rule.rule if request.url_rule else NO_PAGE
        fields = {"rule": rule} | fault_fields(exception)
        log.error("fault", extra={"fields": fields})

    got_request_exception.connect(log_fault, app, weak=False)
    app.logger.disabled = True  # Flask's own line would hold the address and the error's words


def logged(app: "WSGIApplication") -> "WSGIApplication":
    """Log each request to `app` once its answer begins, where such lines are written at all."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if not log.isEnabledFor(logging.INFO):
            return app(environ, start)
        started = time.perf_counter()

        def begin(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            found = environ["werkzeug.request"].url_rule
            rule = found.rule if found else NO_PAGE
            log_request(environ["REQUEST_METHOD"], rule, int(status[:3]), started)
            return start(status, headers, *fault)

        return app(environ, begin)

    return answer


def log_request(method: str, rule: str, status: int, started: float) -> None:
    """Log a request that began when `time.perf_counter()` said `started`, and is answered now."""
    took = (time.perf_counter() - started) * 1000
    fields = {"method": method, "rule": rule, "status": status, "ms": round(took, 1)}
    log.info("request", extra={"fields": fields})
