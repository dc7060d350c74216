"""Whoever sends byte by byte, or nothing at all, keeps nobody else waiting."""

import socket
from contextlib import ExitStack

import pytest

from tests.grounds.mail import LOOPBACK
from tests.grounds.servers import Server
from tests.grounds.slow_visitors import AT_ONCE, dripping, slowest

FORM = b"POST /en/petitions/none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.fault
def test_slow_visitors_keep_nobody_waiting(live_server: Server) -> None:
    with ExitStack() as stack:

        def line(*begins: bytes) -> socket.socket:
            made = socket.create_connection((LOOPBACK, live_server.port))
            stack.enter_context(made)
            for begin in begins:
                made.sendall(begin)
            return made

        with_one_byte = [line(b"G") for _ in range(16)]
        with_half_a_form = [line(FORM, b"x") for _ in range(16)]
        silent = [line() for _ in range(64)]
        with dripping(with_half_a_form):
            assert slowest(live_server.port, "/healthz", 30) < AT_ONCE
        assert len(with_one_byte) + len(silent) == 80
