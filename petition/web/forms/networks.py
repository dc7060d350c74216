"""Networks: what is counted in place of single addresses."""

import ipaddress
from functools import cache

from flask import request

from petition.arrivals.budgets import code_of
from petition.core.clock import now
from petition.core.log import log
from petition.web.site.settings import settings

LONGEST = 64
"""Characters of an address with brackets and a port; what is longer is none."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Where a network of IPv6 alone has the addresses of IPv4 (RFC 6052)."""
LOOPBACK = {"127.0.0.0/24", "::/48"}
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def present_network() -> str | None:
    """Return the network that the request came from.

    None where a proxy names none, or where all that is seen on TLS is a proxy of this machine:
    such visitors have nothing in common that could be counted.
    """
    network = network_of(request.remote_addr)
    if network is None or (network in LOOPBACK and settings().on_tls):
        _warn_once()
        return None
    return network


def present_network_code() -> bytes | None:
    """Return the code by which the network is counted that the request came from, if any."""
    network = present_network()
    return code_of("network", network, now()) if network else None


def network_of(address: str | None) -> str | None:
    """Return the network of an address, /24 for IPv4 and /48 for IPv6; None where it is no address.

    Some proxies write a port behind the address, or IPv4 as a part of IPv6.
    """
    ip = _read((address or "")[: LONGEST + 1].strip())
    if ip is None:
        return None
    length = 24 if ip.version == 4 else 48
    rest = ip.max_prefixlen - length
    return f"{type(ip)(int(ip) >> rest << rest)}/{length}"  # `ip_network` takes three times as long


def _read(text: str) -> IPAddress | None:
    if len(text) > LONGEST:
        return None
    for bare in (str, _without_port):
        try:
            return _as_ipv4(ipaddress.ip_address(bare(text).partition("%")[0]))
        except ValueError:
            continue
    return None


def _without_port(text: str) -> str:
    """Return what stands before a port, or in brackets."""
    unquoted = text.strip('"')
    if unquoted.startswith("["):
        return unquoted[1:].partition("]")[0]
    return unquoted.partition(":")[0]


def _as_ipv4(ip: IPAddress) -> IPAddress:
    """Return the IPv4 address that an IPv6 address stands for, if it stands for one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip


@cache
def _warn_once() -> None:
    """Say that the proxy names nobody, and no more than that."""
    log.warning("visitors without a network address: look at PETITION_PROXIES and the proxy")
