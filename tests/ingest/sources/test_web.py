"""How pages are fetched: politely, to a limit, and only from machines that are meant to be reached."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import ipaddress
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import WEB, Limits
from ingest.sources.expanding import expand, expand_urls, joined
from ingest.sources.fetching import Fetcher
from ingest.sources.robots import rules_of
from ingest.sources.urls import name_of, normalised, refused_address
from ingest.sources.web import Web
from rag.errors import SourceError
from tests.fakes.sites import Reply, Site, site
from tests.ingest.sources.test_archives import zipped

HTML = Reply(b"<html>hello</html>", headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.fixture
def running() -> Iterator[Site]:
    with site({"/page": HTML}) as found:
        yield found


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(Limits(url_private_addresses=True, url_timeout_s=5)) as found:
        yield found


def test_a_page_is_fetched_with_the_extension_of_its_type(running: Site, fetcher: Fetcher):
    """Its identity stays the URL that was given; where it was found is told beside."""
    with fetcher.fetch(running.url("/page")) as fetched:
        assert fetched.read() == HTML.body
        assert (fetched.source, fetched.name) == (running.url("/page"), "page.html")
        assert fetched.metadata == {"url": running.url("/page"), "content_type": "text/html; charset=utf-8"}
    assert not fetched.path.exists()
    assert running.agents == {"Footnote/0.1"}


def test_redirects_are_followed_to_an_end(running: Site, fetcher: Fetcher):
    """At most five of them."""
    for number in range(7):
        running.replies[f"/r{number}"] = Reply(
            status=302, headers={"Location": f"/r{number - 1}" if number else "page"}
        )
    with fetcher.fetch(running.url("/r4")) as fetched:
        assert fetched.metadata["url"] == running.url("/page")
        assert fetched.source == running.url("/r4")
    with pytest.raises(SourceError, match="more than 5 redirects"):
        fetcher.fetch(running.url("/r5"))


def test_an_answer_that_is_no_page_is_an_error(running: Site, fetcher: Fetcher):
    """It names the URL, the status and what to do."""
    running.replies["/login"] = Reply(status=403)
    running.replies["/down"] = Reply(status=503)
    for path, words in (("/no", "404. Check the URL"), ("/login", "403.*login"), ("/down", "503. Try again later")):
        with pytest.raises(SourceError, match=f"{path}: the server answered {words}"):
            fetcher.fetch(running.url(path))
    with pytest.raises(SourceError, match="cannot be reached"):
        fetcher.fetch("http://127.0.0.1:9/")


def test_a_page_that_is_too_large_is_refused_while_it_arrives(running: Site, fetcher: Fetcher, tmp_path: Path):
    """An endless one too, and one that unpacks to too much; nothing stays on the disk."""
    running.replies["/endless"] = Reply(stream=lambda: itertools.repeat(bytes(65536)))
    packed = gzip.compress(bytes(3_000_000))
    running.replies["/packed"] = Reply(packed, headers={"Content-Encoding": "gzip"})
    with Fetcher(Limits(max_file_mb=2, url_private_addresses=True), folder=tmp_path) as small:
        for path in ("/endless", "/packed"):
            with pytest.raises(SourceError, match=r"larger than the limit of 2 MB.*FOOTNOTE_MAX_FILE_MB"):
                small.fetch(running.url(path))
        assert not list(tmp_path.iterdir())
    with fetcher.fetch(running.url("/packed")) as fetched:
        assert fetched.size_bytes == 3_000_000
    running.replies["/odd"] = Reply(b"x", headers={"Content-Encoding": "br"})
    with pytest.raises(SourceError, match="unsupported content encoding"):
        fetcher.fetch(running.url("/odd"))


def test_a_page_that_breaks_off_or_trickles_is_an_error(running: Site):
    """No part of a page is taken for the page."""

    def trickle() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.02)
            yield b"x"

    running.replies["/short"] = Reply(b"half", headers={"Content-Length": "8"})
    running.replies["/slow"] = Reply(stream=trickle)
    with Fetcher(Limits(url_private_addresses=True, url_timeout_s=0.3)) as fetcher:
        with pytest.raises(SourceError, match="broke off"):
            fetcher.fetch(running.url("/short"))
        with pytest.raises(SourceError, match="too slow"):
            fetcher.fetch(running.url("/slow"))


def test_a_server_that_never_ends_its_headers_is_given_up():
    """Although a byte comes now and then, which keeps a connection alive."""

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X: y\r\n")
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        began = time.monotonic()
        limits = Limits(url_private_addresses=True, url_timeout_s=0.3)
        with Fetcher(limits) as fetcher, pytest.raises(SourceError, match="broke off"):
            fetcher.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert time.monotonic() - began < 5
        thread.join()


def test_robots_txt_is_kept_to(running: Site, fetcher: Fetcher):
    """It is asked for once; what leads to a page that it forbids is forbidden too."""
    running.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /secret\n")
    running.replies["/secret"] = HTML
    running.replies["/lead"] = Reply(status=302, headers={"Location": "/secret"})
    fetcher.fetch(running.url("/page")).close()
    for path in ("/secret", "/lead"):
        with pytest.raises(SourceError, match=r"robots\.txt does not allow it"):
            fetcher.fetch(running.url(path))
    assert running.paths.count("/robots.txt") == 1
    assert "/secret" not in running.paths


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_robots_txt_that_cannot_be_had(running: Site, fetcher: Fetcher, status: int, allowed: bool):
    """A site without one allows everything; one that fails may have one that does not."""
    running.replies["/robots.txt"] = Reply(status=status)
    if allowed:
        fetcher.fetch(running.url("/page")).close()
    else:
        with pytest.raises(SourceError, match=rf"robots\.txt is answered {status}"):
            fetcher.fetch(running.url("/page"))


def test_requests_to_one_site_keep_the_pause_it_wants(running: Site):
    """Ten seconds at most."""
    running.replies["/robots.txt"] = Reply(b"User-agent: Footnote\nCrawl-delay: 3\n")
    slept: list[float] = []
    web = Web(5, private=True, sleep=slept.append)
    for _ in range(3):
        with web.open(running.url("/page")):
            pass
    assert [round(pause) for pause in slept] == [3, 6], "nobody slept, so that the pauses add up"
    assert rules_of("User-agent: *\nCrawl-delay: 86400").delay_s == 10


def test_local_addresses_are_refused_unless_allowed(running: Site):
    """Nothing is sent to them, by whatever name they are called."""
    with Fetcher(Limits()) as fetcher:
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"):
            with pytest.raises(SourceError, match=r"/page: .* is .*address.* not fetched"):
                fetcher.fetch(running.url("/page", host))
    assert not running.asked


def test_every_address_of_a_name_must_be_allowed():
    """One private address among public ones is enough to refuse the name."""
    web = Web(1, private=False, resolver=lambda _host, _port: ["93.184.216.34", "10.0.0.7"])
    words = r"example\.test \(10\.0\.0\.7\) is a private.*FOOTNOTE_URL_PRIVATE_ADDRESSES"
    with pytest.raises(SourceError, match=words), web.open("http://example.test/"):
        pass


def test_a_redirect_to_a_local_address_is_refused(running: Site):
    """The name that leads there is checked like the first one."""
    running.replies["/away"] = Reply(status=302, headers={"Location": "http://inside.test/"})
    running.replies["/robots.txt"] = Reply(b"")
    addresses = {"outside.test": ["127.0.0.1"], "inside.test": ["224.0.0.1"]}
    web = Web(1, private=True, resolver=lambda host, _port: addresses[host])
    with pytest.raises(SourceError, match=r"inside\.test \(224"), web.open(running.url("/away", "outside.test")):
        pass
    assert running.paths == ["/robots.txt", "/away"]


def test_a_name_cannot_lead_elsewhere_when_asked_again(running: Site):
    """The connection goes to the address that was checked, under the name that was given."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    web = Web(5, private=True, resolver=rebinding)
    with web.open(running.url("/page", "docs.example.test")) as page:
        assert b"".join(page.blocks) == HTML.body
    assert {host for _, host in running.asked} == {f"docs.example.test:{running.port}"}
    assert len(asked) == len(running.asked)


def test_an_address_that_does_not_answer_is_followed_by_the_next(running: Site):
    web = Web(5, private=True, resolver=lambda _host, _port: ["127.0.0.9", "127.0.0.1"])
    with web.open(running.url("/page", "docs.example.test")) as page:
        assert b"".join(page.blocks) == HTML.body


def certificate(folder: Path, host: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / f"{host}.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


def test_a_certificate_must_be_that_of_the_name(tmp_path: Path):
    """The address is connected to, and the name is what the server must prove to be."""
    pem = certificate(tmp_path, "docs.example.test")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    trusting = ssl.create_default_context(cafile=str(pem))
    with site({"/page": HTML}, serving) as running:
        web = Web(5, private=True, resolver=lambda _host, _port: ["127.0.0.1"], tls=trusting)
        with web.open(running.url("/page", "docs.example.test", "https")) as page:
            assert b"".join(page.blocks) == HTML.body
        with (
            pytest.raises(SourceError, match="certificate verify failed"),
            web.open(running.url("/page", "other.example.test", "https")),
        ):
            pass


def test_an_archive_on_the_web_is_one(running: Site, fetcher: Fetcher):
    """Its members are sources; it is downloaded once for all of them."""
    running.replies["/x.zip"] = Reply(zipped({"a.md": b"a", "b.md": b"b"}))
    url = running.url("/x.zip")
    sources = expand([url], fetcher=fetcher)
    assert [item.source for item in sources.items] == [f"{url}!/a.md", f"{url}!/b.md"]
    assert sources.roots == (url,)
    for item in sources.items:
        fetcher.fetch(item.source).close()
    assert running.paths.count("/x.zip") == 1
    assert "404" in expand([running.url("/no.zip")], fetcher=fetcher).missing[0].reason


def test_a_list_of_urls(tmp_path: Path):
    """One a line, with comments; each is spelled in one way and taken once."""
    file = tmp_path / "urls.txt"
    file.write_text("# pages\nHTTPS://Example.TEST:443/a#part\n\n  https://example.test/a\nhttp://example.test/b.pdf\n")
    sources = expand_urls(file)
    assert [item.source for item in sources.items] == ["http://example.test/b.pdf", "https://example.test/a"]
    assert sources.roots == WEB
    assert not sources.missing


def test_lists_and_paths_are_joined(tmp_path: Path):
    """What both hold is taken once."""
    (tmp_path / "urls.txt").write_text("https://example.test/a\nhttps://example.test/b\n")
    listed = expand_urls(tmp_path / "urls.txt")
    given = expand(["https://example.test/b", tmp_path / "urls.txt", tmp_path / "no.md"])
    whole = joined(given, listed)
    assert [item.name for item in whole.items] == ["urls.txt", "a", "b"]
    assert whole.missing == given.missing
    assert whole.roots == (f"{tmp_path}/no.md", *WEB)


def test_mistakes_in_a_list_of_urls_are_named_by_line(tmp_path: Path):
    """The other URLs are taken."""
    file = tmp_path / "urls.txt"
    file.write_text("https://example.test/a\nftp://example.test/\nhttps://me:secret@example.test/\n")
    sources = expand_urls(file)
    assert len(sources.items) == 1
    assert [one.source for one in sources.missing] == [f"{file}:2", f"{file}:3"]
    assert "secret" not in str(sources)
    file.write_text("# nothing\n")
    assert "holds no URL" in expand_urls(file).missing[0].reason
    assert "cannot be read" in expand_urls(tmp_path / "no.txt").missing[0].reason


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://EXAMPLE.test:80", "http://example.test/"),
        ("https://example.test:8443/A/b?q=1#f", "https://example.test:8443/A/b?q=1"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://example.test/x.zip!/a", "https://example.test/x.zip%21/a"),
    ],
)
def test_a_url_has_one_spelling(given_url: str, expected: str):
    assert normalised(given_url) == expected


@pytest.mark.parametrize(
    "url", ["ftp://example.test/", "http:///a", "http://u:p@example.test/", "http://exa mple/", "http://a:99999/", "x"]
)
def test_what_is_no_url_is_an_error(url: str):
    with pytest.raises(SourceError):
        normalised(url)


@given(
    st.sampled_from(["http://", "HTTPS://"]),
    st.from_regex(r"[A-Za-z0-9]{1,8}(\.[a-z]{2,5})?(:[0-9]{1,4})?", fullmatch=True),
    st.text(max_size=20),
)
def test_spelling_a_url_again_changes_nothing(scheme: str, host: str, rest: str):
    try:
        once = normalised(f"{scheme}{host}/{rest}")
    except SourceError:
        return
    assert normalised(once) == once
    assert once.isascii()
    assert "#" not in once


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "240.0.0.1"),
        *("255.255.255.255", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "::ffff:10.0.0.1", "2001:db8::1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1", "192.0.2.1"),
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str):
    """Also when they are wrapped into an IPv6 address."""
    assert refused_address(address, private=False)
    assert not refused_address(address, private=True)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "224.0.0.1", "ff02::1", "::ffff:0.0.0.0"])
def test_addresses_of_no_machine_are_always_refused(address: str):
    assert refused_address(address, private=True)


@given(st.ip_addresses())
def test_only_global_addresses_are_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address):
    if not address.is_global:
        assert refused_address(str(address), private=False)


def test_a_page_is_named_after_its_path_and_its_type():
    assert name_of("https://example.test/a/report.pdf?x=1", "text/html") == "report.pdf"
    assert name_of("https://example.test/v1.2/", "text/html") == "v1.2.html"
    assert name_of("https://example.test/", "application/pdf") == "example.test.pdf"
    assert name_of("https://example.test/%C3%A4.md") == "ä.md"
