"""Pages fetched over http and https: politely, and never from machines that are not meant to be reached.

A name is resolved once, every address it has is checked, and the connection is made to a checked address, so that a
name cannot lead to another machine the second time it is asked.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from ingest.sources.robots import AGENT, ALLOWED, Rules, forbidden, rules_of
from ingest.sources.urls import name_of, normalised, origin_of, refused_address
from rag.errors import SourceError
from rag.types import Scalar

USER_AGENT = f"{AGENT}/0.1"
REDIRECTS = 5

_SLOWEST_BYTES_A_SECOND = 10_000
_ROBOTS_BYTES = 512_000
_ROBOTS_S = 3600.0
_FAILURE_S = 60.0
_ENCODINGS = {"", "identity", "gzip", "deflate"}
_REMEDIES = {
    401: "It wants a login: download it and give the file",
    403: "It may want a login: download it and give the file",
    404: "Check the URL",
    410: "It is gone for good: remove it from the list",
}

Resolver = Callable[[str, int], Sequence[str]]
Trace = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it arrives: its `blocks`, a file name for it, and where it was found in the end."""

    blocks: Iterator[bytes]
    name: str
    metadata: Mapping[str, Scalar]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order.

    Raises:
        OSError: the name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Web:
    """Fetches pages and remembers each site's robots.txt and when it was last asked. Threads may share it."""

    def __init__(
        self,
        timeout_s: float,
        *,
        private: bool,
        resolver: Resolver = resolve,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._private = private
        self._resolve = resolver
        self._sleep = sleep
        self._tls = tls
        self._rules: dict[str, tuple[float, Rules]] = {}
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def open(self, url: str) -> Iterator[Page]:
        """The page at a URL, after redirects.

        Raises:
            SourceError: also while the blocks are read; says what failed and what to do.
        """
        with ExitStack() as cleanup:
            where, response = self._follow(url, url, cleanup, polite=True)
            if response.status_code != httpx.codes.OK:
                remedy = _REMEDIES.get(response.status_code, "Try again later")
                raise SourceError(f"{url}: the server answered {response.status_code}. {remedy}")
            if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
                raise SourceError(f"{url}: the server sent the page with an unsupported content encoding. Download it")
            media_type = response.headers.get("content-type", "")
            metadata: dict[str, Scalar] = {"url": where, "content_type": media_type}
            yield Page(self._blocks(url, response), name_of(where, media_type), metadata)

    def _blocks(self, url: str, response: httpx.Response) -> Iterator[bytes]:
        began, total = time.monotonic(), 0
        try:
            for block in response.iter_bytes():
                total += len(block)
                if time.monotonic() - began > self._timeout_s + total / _SLOWEST_BYTES_A_SECOND:
                    raise SourceError(f"{url}: the server is too slow. Try again later, or download it")
                yield block
        except httpx.HTTPError as exc:
            raise _failed(url, exc) from exc

    def _follow(self, url: str, start: str, cleanup: ExitStack, *, polite: bool) -> tuple[str, httpx.Response]:
        """The last response of a chain of redirects and its URL; each is checked like the first. Errors name `url`."""
        where = normalised(start)
        for _ in range(1 + REDIRECTS):
            if polite:
                self._obey(url, where)
            response = self._ask(url, where, cleanup)
            if not response.has_redirect_location:
                return where, response
            response.close()
            where = normalised(urljoin(where, response.headers["location"]))
        raise SourceError(f"{url}: more than {REDIRECTS} redirects. Give the URL that they lead to")

    def _ask(self, url: str, where: str, cleanup: ExitStack) -> httpx.Response:
        """The answer of the first of the host's machines that takes the connection."""
        failure: httpx.ConnectError | httpx.ConnectTimeout | None = None
        for address in self._addresses(url, where):
            # One client for one request: a connection or a cookie of one site must not serve another on its machine.
            client = cleanup.enter_context(
                httpx.Client(verify=self._context(), trust_env=False, timeout=self._timeout_s, follow_redirects=False)
            )
            try:
                with _deadline(self._timeout_s) as trace:
                    return client.send(_request(client, where, address, trace), stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
                failure = exc
            except httpx.HTTPError as exc:
                raise _failed(url, exc) from exc
        assert failure is not None, "a host has at least one address"
        raise _failed(url, failure) from failure

    def _addresses(self, url: str, where: str) -> Sequence[str]:
        parts = urlsplit(where)
        host = parts.hostname or ""
        try:
            found = self._resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
        except (OSError, UnicodeError) as exc:
            raise SourceError(f"{url}: the name {host} is not known ({exc}). Check the URL") from exc
        if not found:
            raise SourceError(f"{url}: the name {host} has no address. Check the URL")
        for address in found:
            reason = refused_address(address, private=self._private)
            if reason:
                allowed = not refused_address(address, private=True)
                remedy = "Set FOOTNOTE_URL_PRIVATE_ADDRESSES=true to allow it" if allowed else "Check the URL"
                leads = host if host == str(address) else f"{host} ({address})"
                raise SourceError(f"{url}: {leads} is {reason} and is not fetched. {remedy}")
        return found

    def _obey(self, url: str, where: str) -> None:
        """Keep to the site's robots.txt: not at all, or not so soon."""
        origin = origin_of(where)
        rules = self._rules_of(url, origin)
        if not rules.allow(where):
            raise SourceError(f"{url}: {rules.reason or f'{origin}/robots.txt does not allow it. Download it by hand'}")
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next.get(origin, now))
            self._next[origin] = start + rules.delay_s
        if start > now:
            self._sleep(start - now)

    def _rules_of(self, url: str, origin: str) -> Rules:
        until_s, rules = self._rules.get(origin, (0.0, None))
        if rules is None or time.monotonic() > until_s:
            rules = self._fetch_rules(url, f"{origin}/robots.txt")
            self._rules[origin] = (time.monotonic() + (_FAILURE_S if rules.reason else _ROBOTS_S), rules)
        return rules

    def _fetch_rules(self, url: str, where: str) -> Rules:
        """A site that has no robots.txt allows everything; one that fails may have one that does not."""
        try:
            with ExitStack() as cleanup:
                _, response = self._follow(url, where, cleanup, polite=False)
                if response.is_client_error:
                    return ALLOWED
                if not response.is_success:
                    return forbidden(f"{where} is answered {response.status_code}. Try again later")
                text = bytearray()
                for block in self._blocks(url, response):
                    text += block
                    if len(text) >= _ROBOTS_BYTES:
                        break
                return rules_of(text[:_ROBOTS_BYTES].decode("utf-8", "replace"))
        except SourceError as exc:
            return forbidden(str(exc).removeprefix(f"{url}: "))

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return self._tls


@contextmanager
def _deadline(timeout_s: float) -> Iterator[Trace]:
    """Ends a connection that has not answered in time; the timeout of httpx begins anew with every byte that comes."""
    connections: list[socket.socket] = []

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            connections.append(info["return_value"].get_extra_info("socket"))

    def end() -> None:
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(timeout_s, end)
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


def _request(client: httpx.Client, where: str, address: str, trace: Trace) -> httpx.Request:
    """A request to the machine of this address, for the host that the URL names."""
    parts = urlsplit(where)
    return client.build_request(
        "GET",
        httpx.URL(where).copy_with(host=address),
        headers={
            "Host": parts.netloc,
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        },
        extensions={"sni_hostname": parts.hostname, "trace": trace},
    )


def _failed(url: str, exc: httpx.HTTPError) -> SourceError:
    return SourceError(f"{url}: the server cannot be reached or broke off ({exc or type(exc).__name__}). Try again")
