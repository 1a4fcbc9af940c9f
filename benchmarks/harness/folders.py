"""Folders that are gone afterwards, and what a folder takes on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder that is gone afterwards; `eval.report.retrieval.scratch_rag` makes a whole service like that."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def folder_bytes(folder: Path) -> int:
    """Blocks really taken, which is less than the sizes of sparse files."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
