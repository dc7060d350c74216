"""The log of requests: one JSON line each, with the rule of the address, never the address.

Addresses hold secret tokens, and queries may hold anything: neither is written, nor is who asked.
"""

import time

from flask import Flask, Response, g, got_request_exception, request

from petition.core.log import fault_fields, log


def init_app(app: Flask) -> None:
    """Log each request and each fault of the application."""

    @app.before_request
    def start_clock() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def log_answer(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "(no page)"
        started = g.get("started", time.perf_counter())
        log_request(request.method, rule, response.status_code, started)
        return response

    def log_fault(_sender: Flask, exception: BaseException, **_: object) -> None:
        rule = request.url_rule.rule if request.url_rule else "(no page)"
        fields = {"rule": rule} | fault_fields(exception)
        log.error("fault", extra={"fields": fields})

    got_request_exception.connect(log_fault, app, weak=False)
    app.logger.disabled = True  # Flask's own line would hold the address and the error's words


def log_request(method: str, rule: str, status: int, started: float) -> None:
    """Log a request that began when `time.perf_counter()` said `started`, and is answered now."""
    took = (time.perf_counter() - started) * 1000
    fields = {"method": method, "rule": rule, "status": status, "ms": round(took, 1)}
    log.info("request", extra={"fields": fields})
