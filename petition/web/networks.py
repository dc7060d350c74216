"""Networks: what is counted in place of single addresses."""

import ipaddress


def network_of(address: str | None) -> str:
    """Return the network of an address: /24 for IPv4, /48 for IPv6."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
