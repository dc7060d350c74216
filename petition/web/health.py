"""For the machines that watch over an install."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from petition.core.clock import now
from petition.core.migrating import is_current
from petition.outbox.queries import a_worker_is_alive

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer as long as the process can."""
    return jsonify(process="ok")


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 200 when database, migrations and worker are as they should be, else 503."""
    try:
        checks = {"database": True, "migrations": is_current()}
        checks["worker"] = checks["migrations"] and a_worker_is_alive(now())
    except SQLAlchemyError:
        checks = {"database": False, "migrations": False, "worker": False}
    words = {name: "ok" if good else "failing" for name, good in checks.items()}
    return jsonify(words), 200 if all(checks.values()) else 503
