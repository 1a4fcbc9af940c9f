"""JSON Lines: one object per line, blank lines ignored. Errors name file and line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import DatasetError

Row = Mapping[str, Any]
_Made = TypeVar("_Made")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, read while they are asked for.

    Raises:
        DatasetError: naming the file that cannot be read, or the line that is no object.
    """
    return parse_jsonl(path, dict)


def parse_jsonl(path: Path, make: Callable[[dict[str, Any]], _Made]) -> Iterator[_Made]:
    """The results of `make` for the object of each line.

    Raises:
        DatasetError: names the file that cannot be read, or the line that is not an object or that `make` rejects: with
            the message of its ValueError, or its KeyError, TypeError or IndexError.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _made(f"{path}, line {number}", line, make)
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} cannot be read: {exc}") from exc


def _made(where: str, line: str, make: Callable[[dict[str, Any]], _Made]) -> _Made:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise DatasetError(f"{where}: not JSON: {exc}") from exc
    if not isinstance(row, dict):
        raise DatasetError(f"{where}: not an object")
    try:
        return make(row)
    except ValueError as exc:
        raise DatasetError(f"{where}: {exc}") from exc
    except (KeyError, TypeError, IndexError) as exc:
        raise DatasetError(f"{where}: not of the expected form: {exc!r}") from exc


def write_jsonl(path: Path, rows: Iterable[Row]) -> None:
    """Write the file anew."""
    path.write_text("".join(map(_line, rows)), encoding="utf-8")


def append_jsonl(path: Path, row: Row) -> None:
    """Add one line, made if the file is not there; it is on disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(_line(row))


def _line(row: Row) -> str:
    return json.dumps(row) + "\n"
