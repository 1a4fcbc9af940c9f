"""Buckets: fsspec's file system in memory, and S3 as moto's server speaks it."""

from __future__ import annotations

import importlib
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from ingest.sources import Limits
from ingest.sources.buckets import object_blocks
from ingest.sources.expanding import expand
from ingest.sources.fetching import Fetcher
from rag.errors import SourceError
from rag.types import sha256_of
from tests.ingest.sources.test_archives import zipped

OBJECTS = {
    "docs/b.md": b"bee",
    "docs/sub/a.txt": b"ay",
    "docs/.hidden.md": b"x",
    "docs/.git/c.md": b"x",
    "docs/d.exe": b"x",
    "docs/x.zip": zipped({"in/e.md": b"e"}),
    "docs/x.zip!/f.md": b"x",
    "docsother.md": b"x",
}


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, object]]:
    """The configuration of a bucket service on the loopback interface."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "key": "k",
        "secret": "s",
        "client_kwargs": {"endpoint_url": f"http://{host}:{port}", "region_name": "eu-west-1"},
    }
    server.stop()


@pytest.fixture(params=["memory", "s3"])
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a new bucket with the objects above."""
    if request.param == "s3":
        monkeypatch.setitem(fsspec.config.conf, "s3", request.getfixturevalue("s3"))
    system, url = fsspec.filesystem(request.param), f"{request.param}://b{uuid.uuid4().hex}"
    system.mkdir(url)
    for key, data in OBJECTS.items():
        system.pipe_file(f"{url}/{key}", data)
    return url


def test_a_prefix_stands_for_its_supported_objects(bucket: str):
    """Sorted by key, archives opened; a prefix ends where a folder would."""
    sources = expand([f"{bucket}/docs/"])
    assert [item.source for item in sources.items] == [
        f"{bucket}/docs/b.md",
        f"{bucket}/docs/sub/a.txt",
        f"{bucket}/docs/x.zip!/in/e.md",
    ]
    assert sources.items[0].size_bytes == 3
    assert sources.roots == (f"{bucket}/docs",)
    assert {one.source.removeprefix(f"{bucket}/docs/") for one in sources.skipped} == {
        ".hidden.md",
        ".git/c.md",
        "d.exe",
    }
    assert [one.source for one in sources.missing] == [f"{bucket}/docs/x.zip!/f.md"]


def test_a_bucket_a_key_and_a_pattern_are_taken_too(bucket: str):
    """A key named by itself is taken whatever it is called."""
    assert f"{bucket}/docsother.md" in [item.source for item in expand([bucket]).items]
    assert [item.source for item in expand([f"{bucket}/docs/d.exe"]).items] == [f"{bucket}/docs/d.exe"]
    matched = expand([f"{bucket}/docs/**/*.txt"])
    assert [item.source for item in matched.items] == [f"{bucket}/docs/sub/a.txt"]
    assert not matched.roots, "a pattern prunes nothing"


def test_an_object_is_fetched_by_its_source(bucket: str):
    with Fetcher(Limits()) as fetcher:
        for key, data in (("docs/b.md", b"bee"), ("docs/x.zip!/in/e.md", b"e")):
            with fetcher.fetch(f"{bucket}/{key}") as fetched:
                assert (fetched.read(), fetched.sha256, fetched.name) == (data, sha256_of(data), key.rpartition("/")[2])
            assert not fetched.path.exists()


def test_what_is_not_there_is_an_error(bucket: str):
    """An empty prefix is a mistake in what was given."""
    assert "nothing is there" in expand([f"{bucket}/no"]).missing[0].reason
    with Fetcher(Limits()) as fetcher, pytest.raises(SourceError, match=r"no\.md: there is no such object"):
        fetcher.fetch(f"{bucket}/no.md")


def test_an_object_that_is_too_large_is_refused_while_it_is_read(bucket: str, tmp_path: Path):
    fsspec.filesystem(bucket.partition(":")[0]).pipe_file(f"{bucket}/big.md", bytes(30_000))
    words = r"big\.md.*limit of 0\.02 MB"
    with Fetcher(Limits(max_file_mb=0.02), folder=tmp_path) as fetcher, pytest.raises(SourceError, match=words):
        fetcher.fetch(f"{bucket}/big.md")
    assert not list(tmp_path.iterdir())


def test_an_object_that_changes_while_it_is_read_is_noticed(bucket: str):
    """No mixture of two versions is taken for one."""
    system, url = fsspec.filesystem(bucket.partition(":")[0]), f"{bucket}/big.md"
    system.pipe_file(url, b"a" * 3_000_000)

    with object_blocks(url) as blocks:
        next(blocks)
        system.pipe_file(url, b"b" * 2_500_000)
        with pytest.raises(SourceError, match=r"big\.md"):
            list(blocks)


@pytest.mark.slow
def test_a_bucket_that_cannot_be_listed_is_an_error(monkeypatch: pytest.MonkeyPatch):
    """It says what failed and where the keys come from."""
    nowhere = {"key": "k", "secret": "s", "client_kwargs": {"endpoint_url": "http://127.0.0.1:9"}}
    config = {"retries": {"max_attempts": 0}}
    monkeypatch.setitem(fsspec.config.conf, "s3", {**nowhere, "config_kwargs": config})
    refused = expand(["s3://bucket/docs"]).missing[0]
    assert "127.0.0.1:9" in refused.reason
    assert "docs/guide/sources.md" in refused.reason


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch):
    """S3 is an extra that may not be installed."""
    known = importlib.import_module("fsspec.registry")
    monkeypatch.delitem(known._registry, "s3", raising=False)
    monkeypatch.setitem(sys.modules, "s3fs", None)
    assert "Install footnote-rag[s3]" in expand(["s3://bucket/docs"]).missing[0].reason


@pytest.mark.parametrize("url", ["nosuch://x/y", "file:///etc", "simplecache::s3://b/k"])
def test_other_addresses_are_refused(url: str):
    assert expand([url]).missing[0].source == url
