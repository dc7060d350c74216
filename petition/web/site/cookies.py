"""Where cookies are allowed: below `/organiser/`, and nowhere else."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

ORGANISERS = "/organiser/"


class OrganisersCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, below `/organiser/` alone: no public page can set or read one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of an organisers' page; None elsewhere, and so none can be used."""
        if not request.path.startswith(ORGANISERS):
            return None
        return super().open_session(app, request)
