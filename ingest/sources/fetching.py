"""Sources to bytes on the local disk."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ingest.sources.archives import Archive, open_archive, telling
from ingest.sources.buckets import is_bucket, object_blocks
from ingest.sources.folders import fetch_local
from ingest.sources.source import MB, Fetched, Limits, member_of, parts_of, too_large, unreadable
from ingest.sources.urls import is_url
from ingest.sources.web import Web
from rag.errors import SourceError
from rag.types import Scalar

_ARCHIVES_HELD = 4
_REMOTE_ARCHIVE_S = 600.0
_READS = 2

Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """An open archive, the file it was read from as it was then, and when that was."""

    archive: Archive
    stamp: Stamp
    opened_at: float


class Fetcher:
    """Fetches sources one at a time; threads may share it. Close it, or use it as a context manager.

    A few archives stay open, so that their members come without reading them from the start again. Temporary files are
    made in `folder`; None: where the system keeps them.
    """

    def __init__(self, limits: Limits, *, web: Web | None = None, folder: Path | None = None) -> None:
        self.limits = limits
        self._web = web or Web(limits.url_timeout_s, private=limits.url_private_addresses)
        self._folder = folder
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.RLock()

    def fetch(self, source: str) -> Fetched:
        """The bytes of a source: a local file's own path, else a temporary file that the caller closes.

        Raises:
            SourceError: it cannot be fetched, or is larger than `limits.max_file_mb`.
        """
        *outer, inner = parts_of(source)
        if outer:
            return self._fetch_member("!/".join(outer), inner, self.limits.max_file_mb)
        if is_url(source) or is_bucket(source):
            return self._fetch_remote(source, self.limits.max_file_mb)
        return fetch_local(source, self.limits.max_file_mb)

    def archive(self, source: str) -> Archive:
        """The archive that a source names, open; it stays the fetcher's.

        Raises:
            SourceError: it cannot be fetched, is broken, or holds more than the limits allow.
        """
        with self._lock:
            stamp = self._stamp(source)
            held = self._held.get(source)
            if held and held.stamp == stamp and (stamp or time.monotonic() - held.opened_at < _REMOTE_ARCHIVE_S):
                self._held.move_to_end(source)
                return held.archive
            self._drop(source)
            held = _Held(self._open(source), stamp, time.monotonic())
            self._held[source] = held
            while len(self._held) > _ARCHIVES_HELD:
                self._drop(next(iter(self._held)))
            return held.archive

    def close(self) -> None:
        """Close the archives that are open."""
        with self._lock:
            for source in list(self._held):
                self._drop(source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, source: str) -> Archive:
        *outer, inner = parts_of(source)
        limit_mb = self.limits.archive_max_mb
        if outer:
            fetched = self._fetch_member("!/".join(outer), inner, limit_mb)
        elif is_url(source) or is_bucket(source):
            fetched = self._fetch_remote(source, limit_mb)
        else:
            return open_archive(Path(source), source, self.limits, self._folder)
        with fetched:  # an open file outlives its name
            return open_archive(fetched.path, source, self.limits, self._folder)

    def _fetch_member(self, outer: str, inner: str, limit_mb: float) -> Fetched:
        """A member, once more from the start when its archive changed meanwhile."""
        source = member_of(outer, inner)
        with self._lock:
            for _ in range(_READS):
                archive = self.archive(outer)
                if inner not in archive.members:
                    raise SourceError(f"{source}: the archive does not hold it any more. Ingest the archive again")
                stamp = self._stamp(outer)
                with telling(source):
                    fetched = self._save(archive.blocks(inner), source, inner.rpartition("/")[2], limit_mb)
                if self._stamp(outer) == stamp:
                    return fetched
                fetched.close()
        raise SourceError(f"{source}: the archive keeps changing. Ingest it again once it is complete")

    def _fetch_remote(self, source: str, limit_mb: float) -> Fetched:
        if is_url(source):
            with self._web.open(source) as page:
                return self._save(page.blocks, source, page.name, limit_mb, page.metadata)
        with object_blocks(source) as blocks:
            return self._save(blocks, source, source.rpartition("/")[2], limit_mb)

    def _save(
        self,
        blocks: Iterable[bytes],
        source: str,
        name: str,
        limit_mb: float,
        metadata: Mapping[str, Scalar] | None = None,
    ) -> Fetched:
        digest, size = hashlib.sha256(), 0
        file = tempfile.NamedTemporaryFile(prefix="footnote-", dir=self._folder, delete=False)  # noqa: SIM115
        path = Path(file.name)
        try:
            with file:
                for block in blocks:
                    size += len(block)
                    if size > limit_mb * MB:
                        raise too_large(source, limit_mb)
                    digest.update(block)
                    file.write(block)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Fetched(source, path, name, digest.hexdigest(), size, temporary=True, metadata=metadata or {})

    def _stamp(self, source: str) -> Stamp:
        """What tells one state of a local archive from another; empty for archives that are elsewhere."""
        outermost = parts_of(source)[0]
        if is_url(outermost) or is_bucket(outermost):
            return ()
        try:
            status = Path(outermost).stat()
        except OSError as exc:
            raise unreadable(source, exc) from exc
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def _drop(self, source: str) -> None:
        held = self._held.pop(source, None)
        if held:
            held.archive.close()
