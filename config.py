"""Every setting of an install: its name in the environment, its default and its meaning.

This module is the only reader of the environment. The table of settings in the README is
generated from :class:`Config` and held to it by a test.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

LONGEST_SENDER = 31


class SettingError(ValueError):
    """A setting in the environment cannot be understood. Worded for whoever starts the server."""


def setting(variable: str, default: Any, meaning: str) -> Any:
    """Declare one setting: the environment variable, the default and one sentence of meaning."""
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one install, read once at the start of a process."""

    instance: Path = setting(
        "PETITION_INSTANCE",
        Path("instance"),
        "Folder that holds the state of the install: database, keys, journal, file mailbox.",
    )
    host: str = setting("HOST", "127.0.0.1", "Address that the web server binds.")
    port: int = setting("PORT", 8000, "Port that the web server binds.")
    public_url: str = setting(
        "PETITION_URL", "", "Address people see. Empty: `http://127.0.0.1:` and the port."
    )
    site_name: str = setting(
        "PETITION_SITE_NAME", "Magnitsky Month", "Name in page headers and in mails."
    )
    contact: str = setting(
        "PETITION_CONTACT",
        "contact@example.org",
        "Address that the privacy page names for questions.",
    )
    security_contact: str = setting(
        "PETITION_SECURITY_CONTACT",
        "",
        "`mailto:security@example.org` or `https://…`, where somebody who has found a hole tells "
        "you; shown at `/.well-known/security.txt`. Empty: there is no such page.",
    )
    database_url: str = setting(
        "DATABASE_URL",
        "",
        "`postgresql://user:password@host/name`. Empty: SQLite in the instance folder.",
    )
    mail_server: str = setting(
        "MAIL_SERVER",
        "",
        "`smtp://user:password@host:587` (with STARTTLS) or `smtps://…:465`. "
        "Empty: mail is written to `mailbox/` in the instance folder.",
    )
    mail_cleartext: int = setting(
        "MAIL_CLEARTEXT",
        0,
        "1: mail may leave unencrypted for a mail server elsewhere that has no STARTTLS; a "
        "password never does. 0: nothing leaves through such a server.",
    )
    mail_from: str = setting(
        "MAIL_FROM", "petitions@example.org", "Sender address of mail but for news; must be yours."
    )
    news_from: str = setting(
        "NEWS_FROM",
        "",
        "Sender address of news to those who said yes; must be yours, and not that of other mail. "
        "Empty: `news@` at the domain of `MAIL_FROM`.",
    )
    bounce_mailbox: str = setting(
        "BOUNCE_MAILBOX",
        "",
        "`imaps://user:password@host/folder`, where letters that came back arrive; a worker looks "
        "every five minutes. Without a folder: `INBOX`. Empty: no worker looks.",
    )
    log_level: str = setting(
        "PETITION_LOG_LEVEL",
        "",
        "`info` writes a line for each request, `warning` only what went wrong. "
        "Empty: `warning` on a loopback address, else `info`.",
    )
    mail_timeout: int = setting(
        "MAIL_TIMEOUT", 90, "Seconds that the mail server may take for one mail before it waits."
    )
    mail_retry: int = setting(
        "MAIL_RETRY",
        60,
        "Seconds before the first new attempt after a temporary refusal; then twice as long.",
    )
    key_days: int = setting(
        "PETITION_KEY_DAYS",
        30,
        "Days after which a worker seals everything under a new key. The old one is dropped once "
        "no backup may be older. 0: never.",
    )
    backup_days: int = setting(
        "PETITION_BACKUP_DAYS",
        14,
        "Days for which a backup may be kept. So long stay what a restore needs: the journal of "
        "erasures, and a key after it was replaced.",
    )
    file_hours: int = setting(
        "PETITION_FILE_HOURS",
        24,
        "Hours for which a file that organisers had made, such as an export, can be downloaded.",
    )
    proxies: int = setting(
        "PETITION_PROXIES",
        0,
        "How many trusted proxies stand in front and set `X-Forwarded-*`.",
    )
    unconfirmed_mail: int = setting(
        "PETITION_UNCONFIRMED_MAIL",
        2000,
        "E-mails an hour to people who have not confirmed anything yet; more wait for the next "
        "hour, and `/readyz` and the organisers' first page say so. Raise it as far as your mail "
        "server takes more; it is what a flood of made-up signatures can make you send.",
    )
    hsts: str = setting(
        "PETITION_HSTS",
        "max-age=63072000",
        "`Strict-Transport-Security`, sent on TLS. Add `; includeSubDomains` only where every name "
        "below yours is served over TLS too.",
    )
    web_processes: int = setting("PETITION_WEB_PROCESSES", 2, "Web server processes.")
    web_threads: int = setting("PETITION_WEB_THREADS", 8, "Threads in each web server process.")
    network_limit: int = setting(
        "PETITION_NETWORK_LIMIT",
        60,
        "Signatures and letters an hour from one network before further ones and their mail wait.",
    )
    domain_limit: int = setting(
        "PETITION_DOMAIN_LIMIT", 60, "The same from one mail domain, large providers apart."
    )
    draft_limit: int = setting(
        "PETITION_DRAFT_LIMIT",
        120,
        "Letters an hour that one network may begin; whoever comes after is asked to wait.",
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; an absent or empty variable keeps its default.

        Raises SettingError when a number is not a number, or an address none.
        """
        given = {
            f.name: _convert(f, environment[f.metadata["variable"]])
            for f in fields(cls)
            if environment.get(f.metadata["variable"])
        }
        _check_security_contact(given.get("security_contact", ""))
        _check_mailbox(given.get("bounce_mailbox", ""))
        found = cls(**given)
        _check_public_url(found.public_url)
        _check_mail_server(found.mail_server)
        _check_sender("MAIL_FROM", found.mail_from)
        _check_sender("NEWS_FROM", found.news_sender)
        if found.news_sender.lower() == found.mail_from.lower():
            raise SettingError("NEWS_FROM must be another address than MAIL_FROM.")
        _check_hsts(found.hsts)
        return found

    @property
    def url(self) -> str:
        """The address people see, without a slash at its end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database; of one that a host hands out, with our driver."""
        if self.database_url:
            return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database_url)
        return f"sqlite:///{self.instance.resolve() / 'petition.sqlite3'}"

    @property
    def news_sender(self) -> str:
        """The address that news come from."""
        return self.news_from or f"news@{self.mail_from.rpartition('@')[2]}"

    @property
    def on_tls(self) -> bool:
        """Whether people reach this install over HTTPS."""
        return self.url.startswith("https://")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches the install, without TLS: a trial, not a service."""
        return not self.on_tls and all(map(_is_loopback, (urlsplit(self.url).hostname, self.host)))

    @property
    def log_threshold(self) -> str:
        """The least grave level that is logged."""
        return (self.log_level or ("warning" if self.on_loopback else "info")).upper()

    @property
    def shows_mailbox(self) -> bool:
        """Whether the development page with the file mailbox exists."""
        return self.on_loopback and not self.mail_server

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that requests may carry."""
        host = urlsplit(self.url).hostname or "127.0.0.1"
        return [host, "127.0.0.1", "localhost"] if self.on_loopback else [host]


def _convert(declared: Field[Any], text: str) -> Any:
    kind: Any = type(declared.default)
    try:
        return kind(text)
    except ValueError:
        variable = declared.metadata["variable"]
        raise SettingError(f"{variable} must be a whole number, not “{text}”.") from None


def _address(url: str) -> SplitResult | None:
    """Return the parts of a URL that names a host; None of any other."""
    try:
        address = urlsplit(url)
        names_one = bool(address.hostname) and address.port != 0
    except ValueError:
        return None
    return address if names_one else None


def _check_public_url(url: str) -> None:
    """Refuse what is no address of a site: no link in a mail would be a link."""
    address = _address(url)
    is_one = address and address.scheme in {"http", "https"}
    if url and (not is_one or "?" in url or "#" in url):
        raise SettingError(
            f"PETITION_URL must be like https://petitions.example.org, with https://, not “{url}”."
        )


def _check_security_contact(uri: str) -> None:
    """Refuse what is no address of the kinds that RFC 9116 names, or would need escaping."""
    if uri and not re.fullmatch(r"(mailto:[!-~]+@[!-~]+|https://[!-~]+|tel:\+[0-9-]+)", uri):
        raise SettingError(
            "PETITION_SECURITY_CONTACT must be like mailto:security@example.org or "
            "https://example.org/security."
        )


def _check_mailbox(url: str) -> None:
    """Refuse what is no mailbox, and one to which its password would travel in the clear."""
    address = _address(url)
    is_safe = address and (
        address.scheme == "imaps" or (address.scheme == "imap" and _is_loopback(address.hostname))
    )
    is_whole = address and address.username
    if url and not (is_safe and is_whole and unquote(url).isascii()):
        raise SettingError("BOUNCE_MAILBOX must be imaps://user:password@host/folder, in ASCII.")


def _check_mail_server(url: str) -> None:
    """Refuse what names no mail server: mail would wait and wait for it."""
    address = _address(url)
    if url and not (address and address.scheme in {"smtp", "smtps"}):
        raise SettingError(
            "MAIL_SERVER must be smtp://user:password@host:587 or smtps://user:password@host:465; "
            "what is special in a password is written as in a web address (%40 for @)."
        )


def _check_sender(variable: str, address: str) -> None:
    """Refuse what no server takes for an address: not one mail would leave."""
    if not re.fullmatch(r"[^\s<>,@]+@[^\s<>,@]+", address) or not address.isascii():
        raise SettingError(f"{variable} must be an address alone, such as petitions@example.org.")
    if len(address.partition("@")[0]) > LONGEST_SENDER:
        raise SettingError(
            f"{variable} may have {LONGEST_SENDER} characters before the @: the return address of "
            "a letter adds 33 to them, and mail servers take 64."
        )


def _check_hsts(value: str) -> None:
    """Refuse what browsers would not understand, and so not obey."""
    if not re.fullmatch(r"max-age=\d{1,10}(; ?includeSubDomains)?(; ?preload)?", value):
        raise SettingError("PETITION_HSTS must be like max-age=63072000; includeSubDomains.")


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
