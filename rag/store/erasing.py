"""Erases deleted points from the embedded engine's files, which otherwise keep their bytes.

The engine's vacuum rewrites the segments without them. Its write-ahead log drops whole files once they are not needed;
it is therefore filled until the old ones are gone.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import qdrant_edge as qe

from rag.errors import StoreError
from rag.store import points as layout

CONFIG = "edge_config.json"
UNFINISHED = "erasing"  # a file in a collection's folder while it is erased, and after that failed
FILLING_BYTES = 17 << 20  # a file of the log has 32 MB: no two of these fit into one
_USUAL = {"deleted_threshold": 0.2, "vacuum_min_vector_number": 1000}  # the engine's own defaults
_THOROUGH = {"deleted_threshold": 0.0, "vacuum_min_vector_number": 0}
_MOST_FILES = 8
_NO_POINT = qe.Filter(must=[qe.FieldCondition(layout.KEYWORD_FIELDS[0], match=qe.MatchValue("no point has this"))])


class Log(Protocol):
    """The part of an open collection that writes its log."""

    def update(self, operation: qe.UpdateOperation) -> Any: ...

    def flush(self) -> Any: ...


def set_thorough(folder: Path, *, thorough: bool) -> None:
    """Set whether `compact` leaves nothing that was deleted, of a collection's folder that is not open."""
    file = folder / CONFIG
    stored = json.loads(file.read_text(encoding="utf-8"))
    wanted = {**(stored.get("optimizers") or {}), **(_THOROUGH if thorough else _USUAL)}
    if stored.get("optimizers") != wanted:
        part = file.with_suffix(".part")
        part.write_text(json.dumps({**stored, "optimizers": wanted}), encoding="utf-8")
        part.replace(file)


def compact(shard: qe.EdgeShard) -> None:
    """Write segments anew that hold deleted points."""
    shard.optimize()
    shard.flush()


def turn_log(shard: Log, folder: Path) -> None:
    """Fill the log in a folder with what changes nothing, until no file is left that was written to before.

    Raises:
        StoreError: they do not go.
    """
    filling = qe.UpdateOperation.set_payload_by_filter(_NO_POINT, {"filling": "x" * FILLING_BYTES})
    with ExitStack() as held:
        # a file system gives the number of a removed file to the next new one, but not while the removed one is open
        before = {_number(held.enter_context(file.open("rb"))) for file in _written(folder)}
        for _ in range(_MOST_FILES):
            shard.update(filling)
            shard.flush()
            if not before & {file.stat().st_ino for file in (*folder.glob("closed-*"), *folder.glob("open-*"))}:
                return
    raise StoreError(f"the write-ahead log in {folder} still contains deleted data")


def _written(folder: Path) -> list[Path]:
    """The files of a log that hold anything: those that are closed, and the open one with the lowest number."""
    opened = sorted(folder.glob("open-*"), key=lambda file: int(file.name.rpartition("-")[2]))
    return [*folder.glob("closed-*"), *opened[:1]]


def _number(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_ino
