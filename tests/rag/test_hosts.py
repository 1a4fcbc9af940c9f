"""Which proxies are used for servers that are not on this machine."""

from __future__ import annotations

import os

import pytest

from rag.errors import SettingError
from rag.hosts import uses_proxy
from rag.models.endpoints import Endpoint, direct_client

REMOTE = "http://llm.example/v1"


@pytest.fixture(autouse=True, scope="module")
def no_proxies() -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            del os.environ[name]


def endpoint(url: str = REMOTE) -> Endpoint:
    return Endpoint(url=url, model=None, api_key=None, timeout_s=1, connect_timeout_s=1, retries=0)


@pytest.mark.parametrize("variable", ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"])
@pytest.mark.parametrize("proxy", ["socks4://u:secret@127.0.0.1:1080", "foo://bar"])
def test_a_proxy_that_no_client_supports_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str) -> None:
    """With the schemes that work, without its password; whatever the scheme of the URL, as clients open them all."""
    monkeypatch.setenv(variable, proxy)
    for url in (REMOTE, "https://llm.example/v1"):
        with pytest.raises(SettingError, match=f"{variable} .*'(socks4|foo)'.*http, https, socks5, socks5h") as caught:
            uses_proxy(url)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["socks4:127.0.0.1", "http://", "http://[::1", "http://h:99999", "//h:1"])
def test_a_proxy_that_is_no_url_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(SettingError, match="ALL_PROXY"):
        uses_proxy(REMOTE)


def test_clients_of_remote_models_are_not_built_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether for threads or for an event loop."""
    monkeypatch.setenv("ALL_PROXY", "socks4://127.0.0.1:1080")
    for build in (endpoint().client, endpoint().async_client, lambda: direct_client(REMOTE)):
        with pytest.raises(SettingError, match="ALL_PROXY"):
            build()


@pytest.mark.parametrize("proxy", ["http://h:1", "https://h", "socks5://u:p@127.0.0.1:1", "socks5h://h:1", "h:3128"])
def test_supported_proxies_are_used(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """The client of a model takes them all."""
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert uses_proxy(REMOTE)
    endpoint().client().close()


def test_a_proxy_that_is_not_used_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """For servers on this machine, and where NO_PROXY excludes every host."""
    monkeypatch.setenv("ALL_PROXY", "foo://bar")
    assert not uses_proxy("http://127.0.0.1:8000/v1")
    endpoint("http://127.0.0.1:8000/v1").client().close()
    monkeypatch.setenv("NO_PROXY", "example.org, *")
    assert uses_proxy(REMOTE)
    endpoint().client().close()
