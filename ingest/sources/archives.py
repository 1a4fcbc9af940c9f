"""Archives read as streams: what is in them, and a member's bytes. Nothing is unpacked to paths of its own.

A member's name is only ever looked up, never opened. Sizes that an archive declares are bounds, not promises: what is
read is counted.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from ingest.sources.source import (
    BLOCK_BYTES,
    MB,
    Limits,
    Refused,
    is_hidden,
    member_of,
    misnamed,
    printable,
    reads_as_member,
    refusal_of,
    unreadable,
)
from rag.errors import SourceError

_DRIVE = re.compile(r"[A-Za-z]:")
_ENTRIES_A_FILE = 4  # folders, links and hidden files besides
_DIRECTORY_BYTES_AN_ENTRY = 256
_HEADER_BYTES = 1 << 20
_TAR_BLOCK = 512
_ZIP_HEADER_BYTES = 30
_FREE_BYTES = 16 * MB
_RATIO = 250  # deflate packs zeros 1032 to 1 and text rarely 20 to 1
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    LookupError,
    OverflowError,
    RecursionError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
_UNPACKERS: Mapping[bytes, Callable[[IO[bytes]], IO[bytes]]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),  # type: ignore[dict-item, return-value]
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, made clean, and the size it declares."""

    inner: str
    size_bytes: int


class Archive(Protocol):
    """An open archive."""

    members: Mapping[str, Member]
    refused: tuple[Refused, ...]

    def blocks(self, inner: str) -> Iterator[bytes]:
        """The bytes of a member, block by block. A broken member raises one of the errors that `telling` handles."""
        ...

    def close(self) -> None: ...


def open_archive(path: Path, source: str, limits: Limits, folder: Path | None = None) -> Archive:
    """The archive at a path; `source` is its name for messages. Its bytes determine the format.

    Data that must be unpacked first goes to a temporary file in `folder`; None: the folder of the system.

    Raises:
        SourceError: it is broken, or exceeds the limits.
    """
    with telling(source), ExitStack() as cleanup:
        file: IO[bytes] = cleanup.enter_context(path.open("rb"))
        head = file.read(8)
        file.seek(0)
        archive: Archive
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            archive = _Zip(file, source, limits)
        else:
            unpacker = next((make for magic, make in _UNPACKERS.items() if head.startswith(magic)), None)
            if unpacker:
                plain = cleanup.enter_context(tempfile.TemporaryFile(prefix="footnote-", dir=folder))
                with file:
                    _unpack(file, unpacker, plain, source=source, limits=limits)
                file = plain
            archive = _Tar(file, source, limits)
        cleanup.pop_all()
        return archive


@contextmanager
def telling(source: str) -> Iterator[None]:
    """Turns what the readers of archives raise into a SourceError."""
    try:
        yield
    except OSError as exc:  # gzip says with it that its bytes are broken
        if exc.errno is None:
            raise _damaged(source, exc) from exc
        raise unreadable(source, exc) from exc
    except NotImplementedError as exc:
        raise SourceError(f"{source}: {exc}. Pack it again with deflate, the usual method") from exc
    except _BROKEN as exc:
        raise _damaged(source, exc) from exc


def inner_path(name: str) -> str | None:
    """The name of a member as a clean relative path; None when it leads out of the archive or cannot be a path."""
    path = name.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or _DRIVE.match(path) or ".." in parts or not parts:
        return None
    return "/".join(parts)


class _Index:
    """Members as they are found; of two with one name the later wins, as it does when an archive is unpacked."""

    def __init__(self, source: str, limits: Limits) -> None:
        self.members: dict[str, Member] = {}
        self.refused: list[Refused] = []
        self._source = source
        self._limits = limits
        self._entries = 0
        self._bytes = 0

    def entry(self) -> None:
        """Count one entry of any kind."""
        self._entries += 1
        if self._entries > _ENTRIES_A_FILE * self._limits.archive_max_files:
            raise too_many(self._source, self._limits)

    def add(self, name: str, size_bytes: int, refusal: Refused | None = None) -> str | None:
        """Take a file in under its clean name, which is given back; `refusal` is why it cannot be read."""
        inner = inner_path(name)
        if inner is None:
            self._refuse(name, "the name leads out of the archive, so that it is not trusted", lost=True)
            return None
        reason = misnamed(inner) or ("the name reads like an archive in the archive" if reads_as_member(inner) else "")
        if reason:
            self._refuse(inner, reason, lost=True)
            return None
        if any(is_hidden(part) for part in inner.split("/")):
            self._refuse(inner, "hidden file")
            return None
        unwanted = refusal_of(PurePosixPath(inner).name)
        if unwanted:
            self._refuse(inner, unwanted)
            return None
        if refusal:
            self._refuse(inner, refusal.reason, lost=refusal.lost)
            return None
        if inner in self.members:
            self._refuse(inner, "the archive holds this name more than once; only the last is read", lost=True)
        self._count(size_bytes)
        self.members[inner] = Member(inner, size_bytes)
        return inner

    def _count(self, size_bytes: int) -> None:
        self._bytes += size_bytes
        if len(self.members) >= self._limits.archive_max_files:
            raise too_many(self._source, self._limits)
        if self._bytes > self._limits.archive_max_mb * MB:
            raise too_big(self._source, self._limits)

    def _refuse(self, name: str, reason: str, *, lost: bool = False) -> None:
        self.refused.append(Refused(printable(member_of(self._source, name)), reason, lost))


class _Zip:
    """A zip archive, by its central directory."""

    def __init__(self, file: IO[bytes], source: str, limits: Limits) -> None:
        self._file = file
        self._source = source
        most = max(_HEADER_BYTES, _DIRECTORY_BYTES_AN_ENTRY * _ENTRIES_A_FILE * limits.archive_max_files)
        self._zip = zipfile.ZipFile(_Careful(file, most))
        self._infos: dict[str, zipfile.ZipInfo] = {}
        index = _Index(source, limits)
        infos = self._zip.infolist()
        _refuse_overlaps(infos, source, self._zip.start_dir)
        for info in infos:
            index.entry()
            if info.filename.endswith("/"):
                continue
            inner = index.add(info.filename, info.file_size, _zip_refusal(info))
            if inner:
                self._infos[inner] = info
        self.members: Mapping[str, Member] = index.members
        self.refused = tuple(index.refused)

    def blocks(self, inner: str) -> Iterator[bytes]:
        info = self._infos[inner]
        with self._zip.open(info) as stream:
            yield from _guarded(_pieces(stream), member_of(self._source, inner), info.compress_size)

    def close(self) -> None:
        self._zip.close()
        self._file.close()


class _Tar:
    """A tar archive that is not compressed, or not any more."""

    def __init__(self, file: IO[bytes], source: str, limits: Limits) -> None:
        self._file = file
        self._tar = tarfile.TarFile(fileobj=_Careful(file, _HEADER_BYTES))  # type: ignore[arg-type]
        self._infos: dict[str, tarfile.TarInfo] = {}
        index = _Index(source, limits)
        at = -1
        for info in self._tar:
            index.entry()
            if info.offset <= at:
                raise tarfile.ReadError("its members refer to each other in a circle")
            at = info.offset
            inner = None if info.isdir() else index.add(info.name, info.size, _tar_refusal(info))
            if inner:
                self._infos[inner] = info
        file.seek(self._tar.offset)
        if file.read(_TAR_BLOCK).strip(b"\0"):  # tarfile takes any bad header for the end
            raise tarfile.ReadError("a header in it is broken")
        self.members: Mapping[str, Member] = index.members
        self.refused = tuple(index.refused)

    def blocks(self, inner: str) -> Iterator[bytes]:
        stream = self._tar.extractfile(self._infos[inner])
        assert stream is not None, "only regular files are indexed"
        size = self._infos[inner].size
        for block in _pieces(stream):
            size -= len(block)
            yield block
        if size:
            raise tarfile.ReadError("it ends too early")

    def close(self) -> None:
        self._tar.close()
        self._file.close()


class _Careful:
    """A file that refuses to be read in one huge piece, as a forged header asks for."""

    def __init__(self, file: IO[bytes], most_bytes: int) -> None:
        self._file = file
        self._most_bytes = most_bytes
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._most_bytes + 1 if size < 0 else min(size, self._most_bytes + 1))
        if len(data) > self._most_bytes:
            raise ValueError(f"a header in it has more than {self._most_bytes} bytes")
        return data

    def seekable(self) -> bool:
        return True


def _zip_refusal(info: zipfile.ZipInfo) -> Refused | None:
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Refused(info.filename, "a link or device, not a file")
    if info.flag_bits & _ENCRYPTED:
        return Refused(info.filename, "encrypted. Unpack it with its password and give the folder", lost=True)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # bzip2 and LZMA are unpacked in one piece by zipfile, however large that becomes
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        return Refused(info.filename, f"packed with {method}. Pack it again with deflate, the usual method", lost=True)
    return None


def _tar_refusal(info: tarfile.TarInfo) -> Refused | None:
    return None if info.isreg() else Refused(info.name, "a link or device, not a file")


def _refuse_overlaps(infos: list[zipfile.ZipInfo], source: str, directory_at: int) -> None:
    """Members that share bytes unpack to far more than the archive holds; an honest archive has none."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise SourceError(f"{source}: members of the archive overlap, as in one made to fill disks. It is not read")
        end = info.header_offset + _ZIP_HEADER_BYTES + info.compress_size
    if end > directory_at:
        raise zipfile.BadZipFile("a member in it is longer than the archive")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(BLOCK_BYTES), b"")


def _guarded(blocks: Iterator[bytes], source: str, packed_bytes: int) -> Iterator[bytes]:
    """The blocks, until they have become far more than what they were packed into."""
    total = 0
    for block in blocks:
        total += len(block)
        if total > _FREE_BYTES and total > _RATIO * packed_bytes:
            raise SourceError(
                f"{source}: unpacks to more than {_RATIO} times its size, as an archive made to fill disks does. "
                "If it is not one, unpack it and give the folder"
            )
        yield block


def _unpack(
    file: IO[bytes], unpacker: Callable[[IO[bytes]], IO[bytes]], plain: IO[bytes], *, source: str, limits: Limits
) -> None:
    """Write what a compressed file holds, so that its members can be read in any order."""
    packed_bytes, total = os.fstat(file.fileno()).st_size, 0
    with unpacker(file) as stream:
        for block in _guarded(_pieces(stream), source, packed_bytes):
            total += len(block)
            if total > limits.archive_max_mb * MB:
                raise too_big(source, limits)
            plain.write(block)
    plain.seek(0)


def too_many(source: str, limits: Limits) -> SourceError:
    """An archive with more files than allowed."""
    return SourceError(
        f"{source}: the archive holds more than {limits.archive_max_files} files. "
        "Unpack it and give the folder, or raise FOOTNOTE_ARCHIVE_MAX_FILES"
    )


def too_big(source: str, limits: Limits) -> SourceError:
    """An archive that unpacks to more than allowed."""
    return SourceError(
        f"{source}: the archive unpacks to more than {limits.archive_max_mb:g} MB. "
        "Unpack it and give the folder, or raise FOOTNOTE_ARCHIVE_MAX_MB"
    )


def _damaged(source: str, exc: Exception) -> SourceError:
    return SourceError(f"{source}: the archive is damaged or not one ({exc or type(exc).__name__}). Copy it again")
