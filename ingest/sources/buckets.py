"""Objects in buckets: S3 and whatever else fsspec speaks. Keys and endpoints come from fsspec's own configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import fsspec

from ingest.sources.source import (
    BLOCK_BYTES,
    Item,
    Refused,
    is_hidden,
    misnamed,
    printable,
    reads_as_member,
    refusal_of,
)
from rag.errors import SourceError

_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+.:-]*://")
_MAGIC = frozenset("*?[")
_READ_AHEAD_BYTES = 8 << 20
_STAMPS = ("size", "ETag", "etag", "md5Hash", "LastModified", "last_modified", "mtime", "created")


def is_bucket(text: str) -> bool:
    """Whether a text is meant for fsspec."""
    return _PROTOCOL.match(text) is not None


def has_pattern(url: str) -> bool:
    """Whether a URL is a pattern for several objects."""
    return bool(_MAGIC & set(url))


def in_bucket(url: str) -> Iterator[Item | Refused]:
    """The objects at, under or (for a pattern) matched by a URL, in the order the file system gives them.

    Raises:
        SourceError: there are none, or the bucket cannot be listed.
    """
    system, path = _system(url)
    with _telling(url):
        found = system.glob(path, detail=True) if has_pattern(path) else system.find(path, detail=True)
    if not found:
        raise SourceError(f"{url}: nothing is there. Check the bucket and the prefix")
    root = _root_of(url)
    for key, info in found.items():
        if info.get("type") != "directory":
            yield _found(f"{url.partition('://')[0]}://{key.lstrip('/')}", root, info)


@contextmanager
def object_blocks(source: str) -> Iterator[Iterator[bytes]]:
    """The bytes of one object, piece by piece.

    Raises:
        SourceError: also while they are read: it is gone, cannot be read, or changed meanwhile.
    """
    system, path = _system(source)
    with _telling(source):
        file = system.open(path, "rb", block_size=_READ_AHEAD_BYTES)
    with file:
        yield _pieces(system, path, file, source)


def _pieces(system: Any, path: str, file: Any, source: str) -> Iterator[bytes]:
    with _telling(source):
        before = _stamp(getattr(file, "details", None) or system.info(path))
        while block := file.read(BLOCK_BYTES):
            yield block
        if _stamp(system.info(path)) != before:
            raise SourceError(f"{source}: the object changed while it was read. Ingest it again")


def _stamp(info: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(info.get(name) for name in _STAMPS)


def _root_of(url: str) -> str:
    """The bucket, prefix or key as a source; of a pattern, what stands before its first sign."""
    fixed = url
    while has_pattern(fixed):
        fixed = fixed.rpartition("/")[0]
    return fixed.rstrip("/")


def _found(source: str, root: str, info: Mapping[str, Any]) -> Item | Refused:
    *folders, name = source.removeprefix(root).strip("/").split("/") if source != root else [source.rpartition("/")[2]]
    reason = misnamed(source) or ("the key reads like a member of an archive" if reads_as_member(source) else None)
    if reason:
        return Refused(printable(source), reason, lost=True)
    if any(map(is_hidden, folders)):
        return Refused(source, "in a hidden folder")
    unwanted = refusal_of(name) if source != root else None
    return Refused(source, unwanted) if unwanted else Item(source, name, int(info.get("size") or 0))


def _system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    protocol = url.partition("://")[0]
    if protocol in ("file", "local") or "::" in url:
        raise SourceError(f"{url}: not an address of a bucket. Give files and folders by their paths")
    try:
        with _telling(url, passing=(ImportError, ValueError)):
            system = fsspec.filesystem(protocol, use_listings_cache=False)
    except ImportError as exc:
        needed = "Install footnote-rag[s3]" if protocol in ("s3", "s3a") else f"Install what it needs ({exc})"
        raise SourceError(f"{url}: the library that speaks {protocol}:// is not installed. {needed}") from exc
    except ValueError as exc:
        raise SourceError(f"{url}: {protocol}:// is not known. Check it") from exc
    return system, str(system._strip_protocol(url))


@contextmanager
def _telling(url: str, passing: tuple[type[Exception], ...] = (SourceError,)) -> Iterator[None]:
    """Turns the errors of a file system into a SourceError; each has its own, from its own library."""
    try:
        yield
    except passing:
        raise
    except FileNotFoundError as exc:
        raise SourceError(f"{url}: there is no such object. Check the bucket and the key") from exc
    except Exception as exc:
        reason = str(exc) or type(exc).__name__
        raise SourceError(f"{url}: {reason}. Check the address and the keys, see docs/guide/sources.md") from exc
