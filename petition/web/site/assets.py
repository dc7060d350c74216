"""Style sheets, scripts and pictures: named by their content, kept by browsers for a year."""

import gzip
import hashlib
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from flask import Blueprint, Flask, Response, abort, request, url_for
from whitenoise import WhiteNoise

from config import Config
from petition.web.site.security import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = Path(__file__).parents[3] / "static"
CHECKING = STATIC / "js" / "checking"
YEAR = 31_536_000
DAY = 86_400

assets = Blueprint("assets", __name__)


def init_app(app: Flask, config: Config) -> None:
    """Serve `static/` ahead of the application, and the joined style sheet from it."""
    app.register_blueprint(assets)
    app.add_url_rule("/static/<path:filename>", "static", build_only=True)
    files = WhiteNoise(
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        max_age=DAY,
        allow_all_origins=False,
        add_headers_function=partial(add_headers, config),
    )
    app.wsgi_app = _for_readers(files, app.wsgi_app)  # type: ignore[assignment,method-assign]


def _for_readers(files: "WSGIApplication", app: "WSGIApplication") -> "WSGIApplication":
    """Let who reads have the files; their refusals of any other method have no headers of ours."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        asked = files if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else app
        return asked(environ, start)

    return answer


def add_headers(config: Config, headers: Headers, _path: str, _url: str) -> None:
    """Give a file the headers that every answer carries."""
    for name, value in HEADERS.items():
        headers[name] = value
    if config.on_tls:
        headers["Strict-Transport-Security"] = config.hsts


@assets.get("/site-<fingerprint>.css")
def joined(fingerprint: str) -> Response:
    """Serve all style sheets as one, packed: a phone on a slow line asks once, for a sixth."""
    if fingerprint != _fingerprint(_joined_css()):
        abort(404)
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(_packed_css() if packed else _joined_css(), mimetype="text/css")
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return _kept_for_a_year(response)


@assets.get("/checking-<fingerprint>/<path:name>")
def checking(fingerprint: str, name: str) -> Response:
    """Serve a script of those that check a pack: what it imports is of the same version."""
    script = _checking_scripts().get(name)
    if script is None or fingerprint != _fingerprint(b"".join(_checking_scripts().values())):
        abort(404)
    return _kept_for_a_year(Response(script, mimetype="text/javascript"))


def _kept_for_a_year(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    return response


def stylesheet() -> str:
    """Return the address of the joined style sheet."""
    return url_for("assets.joined", fingerprint=_fingerprint(_joined_css()))


def checking_script(name: str) -> str:
    """Return the address of a script that checks packs, changed whenever any of them changes."""
    fingerprint = _fingerprint(b"".join(_checking_scripts().values()))
    return url_for("assets.checking", fingerprint=fingerprint, name=name)


def asset(path: str) -> str:
    """Return the address of a file below `static/`, changed whenever the file changes."""
    return url_for("static", filename=path, v=_file_fingerprint(path))


@lru_cache
def _joined_css() -> bytes:
    css = STATIC / "css"
    files = [css / "tokens.css", css / "base.css", *sorted((css / "components").glob("*.css"))]
    return b"\n".join(file.read_bytes() for file in files if file.is_file())


@lru_cache
def _packed_css() -> bytes:
    return gzip.compress(_joined_css(), mtime=0)


@lru_cache
def _checking_scripts() -> dict[str, bytes]:
    files = sorted(CHECKING.rglob("*.js"))
    return {file.relative_to(CHECKING).as_posix(): file.read_bytes() for file in files}


@lru_cache
def _file_fingerprint(path: str) -> str:
    return _fingerprint((STATIC / path).read_bytes())


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
