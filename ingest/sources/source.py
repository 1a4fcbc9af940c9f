"""What a user gives, to single sources; and a source, to bytes on the local disk.

A source is the identity of a document: the absolute path of a file, `https://…`, `s3://bucket/key`, and for a member of
an archive `OUTER!/inner/path`, nested at most twice. Nothing but the source and the settings is needed to fetch it.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Self

from ingest.parsers.registry import NOT_TEXT, REMEDIES, SUPPORTED
from rag.errors import SourceError
from rag.settings import Settings
from rag.types import Scalar

MB = 1_000_000
BLOCK_BYTES = 1 << 20
ARCHIVE_EXTENSIONS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
ARCHIVE_DEPTH = 2
WEB = ("http://", "https://")

_MEMBER = "!/"
_BORDER = re.compile("|".join(f"(?<={re.escape(name)})!/" for name in ARCHIVE_EXTENSIONS), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused: by size, by the contents of archives, by the address and patience of web servers."""

    max_file_mb: float = 200
    archive_max_files: int = 10_000
    archive_max_mb: float = 2000
    url_timeout_s: float = 30
    url_private_addresses: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits that the settings of the same names say."""
        return cls(**{name: getattr(settings, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ingest. `name` is a file name with its extension, `size_bytes` is 0 where it is not known yet.

    `given`: it was named by itself, not found in a folder, archive, pattern or bucket.
    """

    source: str
    name: str
    size_bytes: int = 0
    given: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A source that is not ingested, and why. `lost`: it should have been read, and could not be."""

    source: str
    reason: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """`items` are unique and sorted by their source.

    `skipped` is left out on purpose. `missing` is a wrong argument, or could not be read, so that its contents are
    unknown. `roots` are the given folders, archives, prefixes and lists, as sources.
    """

    items: tuple[Item, ...]
    skipped: tuple[Refused, ...] = ()
    missing: tuple[Refused, ...] = ()
    roots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a source as a file, `temporary` unless it is the user's own. `metadata` describes its origin.

    Close it, or use it as a context manager: a temporary file is then deleted.
    """

    source: str
    path: Path
    name: str
    sha256: str
    size_bytes: int
    temporary: bool = False
    metadata: Mapping[str, Scalar] = field(default_factory=dict)

    def read(self) -> bytes:
        """The bytes whose hash is `sha256`.

        Raises:
            SourceError: the file was changed or removed since it was fetched.
        """
        try:
            data = self.path.read_bytes()
        except OSError as exc:
            raise unreadable(self.source, exc) from exc
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise SourceError(f"{self.source}: the file changed while it was read. Ingest it again once it is complete")
        return data

    def close(self) -> None:
        """Delete a temporary file; nothing happens to the user's own."""
        if self.temporary:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def member_of(outer: str, inner: str) -> str:
    """The source of a member of an archive."""
    return f"{outer}{_MEMBER}{inner}"


def parts_of(source: str) -> tuple[str, ...]:
    """The archive, the archive inside it if any, and the member: `("/a.zip", "b.tar", "c.md")`; else only the
    source.
    """
    return tuple(_BORDER.split(source))


def lies_under(source: str, root: str) -> bool:
    """Whether a source is a folder, archive or prefix, or is inside it at any depth."""
    return source == root or source.startswith((root if root.endswith("/") else f"{root}/", f"{root}{_MEMBER}"))


def is_archive(name: str) -> bool:
    """By the extension: office files are zip archives too, and are documents."""
    return name.lower().endswith(ARCHIVE_EXTENSIONS)


def is_hidden(name: str) -> bool:
    """Names that file browsers do not show, and those of copies that office programs keep while a file is open."""
    return name.startswith((".", "~$")) or name == "__MACOSX"


def refusal_of(name: str) -> str | None:
    """Why a file of this name is skipped; None: it is taken. Files of unknown extensions are looked into later."""
    extension = PurePosixPath(name).suffix.lower()
    if is_hidden(name):
        return "hidden file"
    if extension in REMEDIES:
        return f"not supported. {REMEDIES[extension]}"
    if extension in NOT_TEXT and not is_archive(name):
        return f"not supported; supported are {SUPPORTED}"
    return None


def misnamed(source: str) -> str | None:
    """Why a name cannot be an identity; None: it can."""
    try:
        source.encode()
    except UnicodeEncodeError:
        return "the name is not valid UTF-8. Rename it"
    if any(ord(sign) < ord(" ") for sign in source):
        return "the name holds control characters. Rename it"
    return None


def reads_as_member(path: str) -> bool:
    """Whether a path of its own, such as `/x.zip!/a.md`, could be taken for a member of an archive."""
    return _BORDER.search(path) is not None


def printable(source: str) -> str:
    """The source with bytes that are not UTF-8 written as `\\xff`, so that it can be shown and stored."""
    return source.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def unreadable(source: str, exc: OSError) -> SourceError:
    """The operating system's words on a source, and what to do."""
    if exc.errno == errno.ENOSPC:
        return SourceError(f"{source}: no space left for temporary files. Free some, or set TMPDIR to another disk")
    return SourceError(f"{source}: {exc.strerror or exc}. Check that it is there and may be read")


def too_large(source: str, limit_mb: float, size_bytes: int | None = None) -> SourceError:
    """A file above the limit; its size is not known where reading stopped at the limit."""
    size = f"has {size_bytes / MB:.1f} MB and" if size_bytes else "is larger than"
    limit = f"the limit is {limit_mb:g} MB" if size_bytes else f"the limit of {limit_mb:g} MB"
    return SourceError(f"{source}: the file {size} {limit}. Split it, or raise FOOTNOTE_MAX_FILE_MB")
