"""Follows folders for files that are added or changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import watchfiles

from ingest.parsers.registry import EXTENSIONS


def changed_files(paths: Sequence[Path], stop: threading.Event | None = None) -> Iterator[list[Path]]:
    """Supported files as they are added or changed, until `stop` is set or the user interrupts; never deleted ones."""
    changes = watchfiles.watch(*paths, watch_filter=_followed, stop_event=stop, raise_interrupt=False)
    for batch in changes:
        files = sorted({Path(name) for _, name in batch if Path(name).is_file()})
        if files:
            yield files


def _followed(change: watchfiles.Change, name: str) -> bool:
    path = Path(name)
    if change == watchfiles.Change.deleted or path.suffix.lower() not in EXTENSIONS:
        return False
    return not path.name.startswith(".")
