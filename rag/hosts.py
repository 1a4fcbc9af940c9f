"""Which addresses lead to this machine."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


def is_loopback(url: str) -> bool:
    """Whether a URL has a loopback address, which proxies cannot reach."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _NAMES or host.endswith(".localhost")


def is_here(url: str) -> bool:
    """Whether a URL leads to this machine, so that requests do not pass a network.

    An address other than loopback is tested by binding to it, which the operating system allows only for its own.
    """
    if is_loopback(url):
        return True
    host = urlsplit(url).hostname
    if not host:
        return False
    try:
        addresses = {(family, found[0]) for family, *_, found in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(addresses) and all(_is_own(family, str(address)) for family, address in addresses)


def _is_own(family: int, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
