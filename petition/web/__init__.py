"""The doors that speak HTTP."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from petition.core.keyring import sealing
from petition.core.memory import forget_everything
from petition.web import mistyped, security_txt
from petition.web.development import development
from petition.web.keeping.pages import ahead_of
from petition.web.organiser import organiser as organiser_door
from petition.web.public import public as public_door
from petition.web.site import assets, errors, formats, health, languages, request_log, security
from petition.web.site.compiled_templates import CompiledTemplates
from petition.web.site.cookies import OrganisersCookie


def init_app(app: Flask, config: Config) -> None:
    """Open every door of the application, onto the install with these settings."""
    use(app, config)
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it reads the referrer, which our pages never send
    )
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": CompiledTemplates(),
    }
    app.session_interface = OrganisersCookie()
    languages.init_app(app)
    formats.init_app(app)
    security.init_app(app)
    mistyped.init_app(app)
    errors.init_app(app)
    request_log.init_app(app)
    app.register_blueprint(health.health)
    app.register_blueprint(security_txt.security_txt)
    app.register_blueprint(public_door)
    app.register_blueprint(organiser_door)
    if config.on_loopback:
        app.register_blueprint(development)
    assets.init_app(app, config)
    app.wsgi_app = ahead_of(app.wsgi_app)  # type: ignore[assignment,method-assign]
    if config.proxies:
        count = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count)  # type: ignore[method-assign]
    app.wsgi_app = security.require_host(app.wsgi_app)  # type: ignore[assignment,method-assign]


def use(app: Flask, config: Config) -> None:
    """Let an application serve the install with these settings, and forget the one before.

    Which doors there are, and how many proxies stand in front, was decided when it was built.
    """
    forget_everything()
    app.config.update(
        PETITION=config,
        SECRET_KEY=sealing.signing_key(),
        TRUSTED_HOSTS=config.trusted_hosts,
        PREFERRED_URL_SCHEME="https" if config.on_tls else "http",
        SESSION_COOKIE_NAME="__Host-organiser" if config.on_tls else "organiser",
        SESSION_COOKIE_SECURE=config.on_tls,
    )
