"""Keeps tests from reaching anything beyond this machine."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest


class NetworkRefused(AssertionError):
    """A test tried to reach another machine."""


def is_local(address: Any) -> bool:
    """Whether a socket address (a path, or a host and port) is on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    return is_local_host(address[0])


def is_local_host(host: str | bytes | None) -> bool:
    """Whether a host name or address means this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ip_address(str(name)).is_loopback
    except ValueError:
        return False


def guard(patch: pytest.MonkeyPatch) -> None:
    """Make every way out of this process refuse addresses that are not local."""
    for method in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method), -1))
    patch.setattr(socket, "getaddrinfo", _guarded(socket.getaddrinfo, 0))


def _guarded(original: Any, position: int) -> Any:
    def call(*arguments: Any, **options: Any) -> Any:
        target = arguments[position] if arguments else options.get("host")
        if not (is_local(target) if position else is_local_host(target)):
            raise NetworkRefused(f"A test tried to reach {target!r}.")
        return original(*arguments, **options)

    return call
