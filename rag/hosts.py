"""Which addresses lead to this machine."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine by an address that never leaves it. Proxies cannot reach such a one."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _NAMES or host.endswith(".localhost")


def is_here(url: str) -> bool:
    """Whether a URL leads to this machine: what is sent there does not pass a network.

    Of an address that is no loopback the operating system is asked: it lets only its own be listened on.
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
