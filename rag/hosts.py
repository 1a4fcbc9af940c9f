"""Which addresses lead to this machine, and whether requests to others go through a proxy."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies

from rag.errors import SettingError

_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")
_PROXIED = ("http", "https", "all")
_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


def is_loopback(url: str) -> bool:
    """Whether a URL has a loopback address, which proxies cannot reach."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _NAMES or host.endswith(".localhost")


def uses_proxy(url: str) -> bool:
    """Whether requests to a URL go through the proxies of the environment.

    Raises:
        SettingError: they would, and one of those proxies cannot be used.
    """
    if is_loopback(url):
        return False
    proxies = getproxies()
    if "*" not in [name.strip() for name in proxies.get("no", "").split(",")]:
        for proxied in _PROXIED:
            _require_usable(proxied, proxies.get(proxied, ""))
    return True


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


def _require_usable(proxied: str, proxy: str) -> None:
    """Raise SettingError, without the password that a proxy may have."""
    if not proxy:
        return
    variable = f"the environment variable {proxied.upper()}_PROXY (or {proxied}_proxy)"
    usable = f"Set it to a URL with one of the schemes {', '.join(_PROXY_SCHEMES)}, or unset it"
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        raise SettingError(f"{variable} is not the URL of a proxy. {usable}")
    if parts.scheme not in _PROXY_SCHEMES:
        raise SettingError(f"{variable} has the scheme {parts.scheme!r}, which is not supported. {usable}")
