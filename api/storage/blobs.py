"""The bytes of uploaded files: one folder per file, with its original name."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from api.storage.errors import BytesMissing, StorageFull

_BLOCK_BYTES = 1 << 20
_LONGEST_NAME_BYTES = 255
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Incoming:
    """A file that is being written: `size_bytes` and `sha256` of the bytes so far."""

    def __init__(self, file: BinaryIO) -> None:
        self.size_bytes = 0
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, block: bytes) -> None:
        """Add a block."""
        self._file.write(block)
        self._digest.update(block)
        self.size_bytes += len(block)

    @property
    def sha256(self) -> str:
        """The hex sha256."""
        return self._digest.hexdigest()


class Blobs:
    """Bytes by id under one folder, which every process that serves or ingests sees at the same path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def path_of(self, file_id: str, filename: str) -> Path:
        """The path of a file's bytes; its last component is the file's name."""
        return self.folder / file_id / filename

    def existing(self, file_id: str, filename: str) -> Path:
        """The same for a file whose bytes are wanted now.

        Raises:
            BytesMissing: they are not there.
        """
        path = self.path_of(file_id, filename)
        if not path.is_file():
            raise BytesMissing(
                f"the bytes of file {file_id!r} are not in {self.folder}: does FOOTNOTE_FILES_DIR name the folder that "
                "the process which took the file wrote to?"
            )
        return path

    @contextmanager
    def receiving(self, file_id: str, filename: str) -> Iterator[Incoming]:
        """A new file, which is there under its name once the block has ended well, and not at all otherwise.

        Raises:
            StorageFull: the disk is full.
        """
        home = self.folder / file_id
        try:
            home.mkdir(parents=True)
            part = home / ".part"
            with part.open("xb") as file:
                yield Incoming(file)
                file.flush()
                os.fsync(file.fileno())
            part.rename(home / filename)
        except BaseException as exc:
            shutil.rmtree(home, ignore_errors=True)
            if isinstance(exc, OSError) and exc.errno in _FULL:
                raise StorageFull("the service has no disk space left for files; contact its operator") from exc
            raise

    def join(self, parts: Iterable[Path], into: Incoming) -> None:
        """Write files one behind the other."""
        for part in parts:
            with part.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    into.write(block)

    def present(self) -> set[str]:
        """Ids of all files whose bytes are there."""
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()

    def erase(self, file_id: str) -> None:
        """Delete a file's bytes; nothing happens when there are none."""
        shutil.rmtree(self.folder / file_id, ignore_errors=True)


def clean_name(filename: str) -> str:
    """The last part of a file's name: clients send paths too, and none may lead out of the file's folder.

    Raises:
        ValueError: what is left is not a file name; says why.
    """
    name = filename.replace("\\", "/").rpartition("/")[2].strip()
    if name in ("", ".", ".."):
        raise ValueError(f"{filename!r} is not a file name")
    if any(ord(sign) < ord(" ") or ord(sign) == 127 for sign in name):  # noqa: PLR2004 - DEL
        raise ValueError("the file's name holds control characters; rename it")
    try:
        size = len(name.encode())
    except UnicodeEncodeError as exc:
        raise ValueError("the file's name is not valid Unicode; rename it") from exc
    if size > _LONGEST_NAME_BYTES:
        raise ValueError(f"the file's name has {size} bytes and may have {_LONGEST_NAME_BYTES}; rename it")
    return name
