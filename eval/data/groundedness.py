"""Labelled claims with their contexts, to fit and to evaluate verifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.data.jsonl import parse_jsonl
from eval.data.splits import hash_order
from rag.errors import DatasetError
from rag.types import Chunk, Hit, document_id_of, sha256_of

_CHUNK_CHARACTERS = 800
_LABELS = (0, 0.5, 1)


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim, its context, and whether the context supports all of it.

    `error` is the kind of error, if the data set gives it.
    """

    dataset: str
    context: str
    claim: str
    supported: bool
    error: str = ""


def load_rows(path: Path) -> list[LabelledClaim]:
    """The rows of one JSON Lines file of `{context, claim, label}`; a claim supported in part (0.5) is not supported.

    Raises:
        DatasetError: naming the file and the line that is malformed.
    """
    return list(parse_jsonl(path, lambda row: _claim(path.stem, row)))


def load_folder(folder: Path) -> dict[str, list[LabelledClaim]]:
    """The rows of every `*.jsonl` file of a folder, by the file's name without its ending.

    Raises:
        DatasetError: there is none, or one is malformed.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise DatasetError(f"{folder}: holds no *.jsonl file")
    return {path.stem: load_rows(path) for path in files}


def hits_of(context: str, *, chunk_characters: int = _CHUNK_CHARACTERS) -> list[Hit]:
    """A context as hits: consecutive chunks that end at white space, in reading order."""
    document_id, version = document_id_of(context), sha256_of(context.encode())
    hits: list[Hit] = []
    start = 0
    while start < len(context):
        end = _chunk_end(context, start, chunk_characters)
        chunk = Chunk(document_id, version, "context.txt", 1, start, end, context[start:end])
        hits.append(Hit(chunk, {"score": 1.0}))
        start = end
    return hits


def _chunk_end(context: str, start: int, size: int) -> int:
    """Where a chunk ends: after the last full stop in its second half, else after its last space."""
    if start + size >= len(context):
        return len(context)
    for mark in (". ", "\n", " "):
        found: int = context.rfind(mark, start + size // 2, start + size)
        if found >= 0:
            return found + len(mark)
    return start + size


def _claim(dataset: str, row: Mapping[str, Any]) -> LabelledClaim:
    for key in ("context", "claim"):
        if not isinstance(row.get(key), str):
            raise ValueError(f"'{key}' is not a string")
    if row.get("label") not in _LABELS or isinstance(row["label"], bool):
        raise ValueError("'label' is not 0, 0.5 or 1")
    return LabelledClaim(dataset, row["context"], row["claim"], row["label"] == 1, str(row.get("error") or ""))


def balanced_order(rows: Sequence[LabelledClaim]) -> list[LabelledClaim]:
    """Rows in an order that is random but fixed: by the hash of their words."""
    return hash_order(rows, lambda row: f"{row.context}\n{row.claim}")
