"""Texts to make claims from: data sets in JSON Lines, and files of every supported format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.data.jsonl import read_jsonl
from ingest.parsers.registry import default_registry
from rag.errors import DatasetError, FootnoteError

_FIELDS = ("context", "text")


def texts_of(paths: Iterable[Path]) -> Iterator[str]:
    """The texts of files, and of all files in folders, by name; a text that was there before is left out.

    Raises:
        DatasetError: naming the file that cannot be read.
    """
    seen: set[str] = set()
    for file in files_of(paths):
        for text in _rows(file) if file.suffix == ".jsonl" else _pages(file):
            if text.strip() and text not in seen:
                seen.add(text)
                yield text


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and all files in the folders, by name."""
    for path in paths:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _rows(path: Path) -> Iterator[str]:
    for row in read_jsonl(path):
        for part in row.get("passages") or row.get("contexts") or [row]:
            yield from (str(part[field]) for field in _FIELDS if part.get(field))


def _pages(path: Path) -> Iterator[str]:
    try:
        yield "\n\n".join(page.text for page in default_registry().parse(path.read_bytes(), path.name).pages)
    except (OSError, FootnoteError) as exc:
        raise DatasetError(f"{path}: cannot be read: {exc}") from exc
