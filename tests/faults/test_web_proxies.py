"""The proxies that we describe: people sign over TLS, slow clients stop nobody, no log tells."""

import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.faults.visitors import (
    ANSWER_SECONDS,
    Visitor,
    is_inbox_page,
    mailbox_of,
    path_of,
)
from tests.grounds.mail import LOOPBACK, free_port
from tests.grounds.servers import Server, StartServer
from tests.grounds.slow_visitors import dripping
from tests.grounds.web_proxies import FILES, Proxy, find, in_front_of

HEAD = b"POST /en/petitions/none HTTP/1.1\r\nHost: 127.0.0.1\r\n"
OF_THE_CERTIFICATE = "stapling OCSP"
"""Caddy says of ours that nobody can be asked for it, and names it: here by an address."""
ANY_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")

PROGRAMS = ["nginx", *(["caddy"] if find("caddy") else [])]
"""bin/test installs both; where there is no package of Caddy, its file is read, and no more."""

pytestmark = pytest.mark.fault
both = pytest.mark.parametrize("program", PROGRAMS)


class Browser(Visitor):
    """A visitor who comes through a proxy."""

    def __init__(self, server: Server, proxy: Proxy) -> None:
        super().__init__(server)
        self.port, self.origin, self.trust = proxy.port, proxy.url, proxy.trust

    def connection(self) -> HTTPConnection:
        """Return a connection to the proxy."""
        return HTTPSConnection(self.host, self.port, timeout=ANSWER_SECONDS, context=self.trust)

    def signs_and_confirms(self, server: Server, address: str) -> str:
        """Sign, press the button in the mail, and return the path of the mail's link."""
        assert is_inbox_page(self.sign(self.form_token(), address))
        link = mailbox_of(server).wait_for(address)
        assert self.ask("GET", link).status == 200
        receipt = self.ask("POST", link, {})
        assert receipt.status == 303
        assert self.ask("GET", path_of(receipt)).status == 200
        return link


@pytest.fixture
def behind(
    program: str, start_server: StartServer, tmp_path: Path
) -> Iterator[tuple[Server, Proxy]]:
    """The product behind a proxy."""
    port = free_port()
    settings = {"PETITION_URL": f"https://{LOOPBACK}:{port}", "PETITION_PROXIES": "1"}
    server = start_server(PETITION_LOG_LEVEL="info", **settings)
    with in_front_of(server.port, program, tmp_path / program, port) as proxy:
        yield server, proxy


@both
def test_people_sign_while_slow_clients_hang_on_and_no_log_has_who_or_which_link(
    behind: tuple[Server, Proxy],
) -> None:
    server, proxy = behind
    browser = Browser(server, proxy)
    with ExitStack() as stack:
        slow = [stack.enter_context(opened(proxy)) for _ in range(64)]
        for line in slow[:32]:
            line.sendall(HEAD + b"X-Slow: ")
        for line in slow[32:]:
            line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        with dripping(slow):
            link = browser.signs_and_confirms(server, "supporter@example.org")

    provoke_errors(browser, server, link)
    token = link.rpartition("/")[2]
    assert token not in proxy.said + server.printed
    said = [line for line in proxy.said.splitlines() if OF_THE_CERTIFICATE not in line]
    assert [line for line in said if ANY_ADDRESS.search(line)] == []
    assert ANY_ADDRESS.findall("".join(requests_of(server))) == []


def opened(proxy: Proxy) -> ssl.SSLSocket:
    """Return a connection over which nothing has been asked yet."""
    connection = HTTPSConnection(LOOPBACK, proxy.port, timeout=ANSWER_SECONDS, context=proxy.trust)
    connection.connect()
    assert isinstance(connection.sock, ssl.SSLSocket)
    return connection.sock


def requests_of(server: Server) -> list[str]:
    """Return the lines of the product's log that are about requests."""
    return [line for line in server.printed.splitlines() if '"event": "request"' in line]


def provoke_errors(browser: Browser, server: Server, link: str) -> None:
    """Do what makes a proxy write into its log of errors."""
    assert browser.status_of(link) in {200, 303, 410}
    assert browser.ask("POST", link, {"x": "x" * 300_000}).status in {303, 410, 413}
    plain = HTTPConnection(LOOPBACK, browser.port, timeout=ANSWER_SECONDS)
    plain.request("GET", link)
    assert plain.getresponse().status == 400  # no TLS
    plain.close()
    server.kill()
    assert browser.status_of(link) == 502


@both
def test_what_a_client_says_of_itself_is_not_passed_on(behind: tuple[Server, Proxy]) -> None:
    server, proxy = behind
    for header in ("X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"):
        connection = Browser(server, proxy).connection()
        connection.request("GET", "/en/", headers={header: "evil.example"})
        answer = connection.getresponse()
        assert answer.status == 200, header
        assert "evil.example" not in answer.read().decode()
        connection.close()


def test_the_words_of_the_caddyfile_keep_requests_out_of_its_log() -> None:
    lines = [line.strip() for line in (FILES / "Caddyfile").read_text("utf-8").splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]

    assert sum(line.endswith("{") for line in words) == words.count("}")
    assert [line for line in words if line.startswith("log")] == ["log default {"]
    assert "include tls" in words
    assert "header_up X-Forwarded-For {remote_host}" in words
