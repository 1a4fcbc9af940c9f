"""Web addresses: their one spelling, and which of the machines they lead to may be talked to. Pure."""

from __future__ import annotations

import ipaddress
import re
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from ingest.parsers.registry import EXTENSIONS
from ingest.sources.source import is_archive, reads_as_member
from rag.errors import SourceError

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?")
_SAFE = "%/:@!$&'()*+,;=~-._"
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_EXTENSIONS_OF_TYPES = {
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tiff",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/xml": ".xml",
}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_url(text: str) -> bool:
    """Whether a text is meant as an address on the web."""
    return text.lower().startswith(("http://", "https://"))


def normalised(url: str) -> str:
    """The one spelling of a URL: lower-case host, no default port, no fragment, escapes where they must be.

    Normalising again changes nothing.

    Raises:
        SourceError: it is no http or https URL, carries credentials, or has no host.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii").lower()
        path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE + "?")
    except ValueError as exc:  # UnicodeError is one
        raise SourceError(f"{url}: not a URL ({exc}). Check it") from exc
    if scheme not in _PORTS:
        raise SourceError(f"{url}: only http and https URLs are fetched")
    if "@" in parts.netloc:
        raise SourceError(f"{scheme}://***@{host}: URLs with a user name or password are refused. Leave them out")
    if not _is_host(host):
        raise SourceError(f"{url}: the URL names no host. Check it")
    where = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[scheme]):
        where += f":{port}"
    whole = f"{scheme}://{where}{path}" + (f"?{query}" if query else "")
    return whole.replace("!/", "%21/") if reads_as_member(whole) else whole


def name_of(url: str, media_type: str = "") -> str:
    """A file name for a page: the last part of its path, with the extension of its media type where it needs one."""
    parts = urlsplit(url)
    name = unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.hostname or "page"
    extension = _EXTENSIONS_OF_TYPES.get(media_type.partition(";")[0].strip().lower(), "")
    known = PurePosixPath(name).suffix.lower() in EXTENSIONS or is_archive(name)
    return name if known else name + extension


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def refused_address(text: str, *, private: bool) -> str | None:
    """Why a machine of this IP address is not talked to; None: it may be. `private`: local networks are allowed."""
    address = _unwrapped(ipaddress.ip_address(text))
    if address.is_unspecified or address.is_multicast:
        return "not the address of a single machine"
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    public = address.is_global and not address.is_reserved and not site_local
    return None if public or private else "a private, local or reserved address"


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address of a transition scheme leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    return inner or address


def _is_host(host: str) -> bool:
    try:
        return bool(_HOST.fullmatch(host)) or ("%" not in host and bool(ipaddress.IPv6Address(host)))
    except ValueError:
        return False
