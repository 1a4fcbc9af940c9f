"""Golden questions: what a collection must answer, with the words that an answer rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import DatasetError


@dataclass(frozen=True, slots=True)
class GoldenQuote:
    """Words of one file that support the answer."""

    filename: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question, whether the collection answers it, what a right answer says and what it rests on."""

    id: str
    question: str
    answerable: bool
    must_include: tuple[str, ...] = ()
    evidence: tuple[GoldenQuote, ...] = ()


def load_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a JSON Lines file, in its order; docs/nightly.md describes the format.

    Raises:
        DatasetError: naming the file and the line that is malformed, or saying that there is no question.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"cannot read {path}: {exc}") from exc
    questions = tuple(_question(f"{path}, line {n}", line) for n, line in enumerate(lines, 1) if line.strip())
    if not questions:
        raise DatasetError(f"{path} holds no question")
    if len({question.id for question in questions}) < len(questions):
        raise DatasetError(f"{path}: two questions have the same id")
    return questions


def _question(where: str, line: str) -> GoldenQuestion:
    try:
        row: Any = json.loads(line)
    except ValueError as exc:
        raise DatasetError(f"{where}: not JSON: {exc}") from exc
    if not isinstance(row, dict):
        raise DatasetError(f"{where}: not an object")
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise DatasetError(f"{where}: 'answerable' is not true or false")
    evidence = tuple(_quote(where, each) for each in _list(where, row, "evidence"))
    if answerable != bool(evidence):
        needs = "needs at least one quote in" if answerable else "is not answerable and must not have"
        raise DatasetError(f"{where}: the question {needs} 'evidence'")
    must_include = tuple(_list(where, row, "must_include"))
    if not all(isinstance(each, str) and each.strip() for each in must_include):
        raise DatasetError(f"{where}: 'must_include' is not a list of texts")
    return GoldenQuestion(_text(where, row, "id"), _text(where, row, "question"), answerable, must_include, evidence)


def _quote(where: str, row: object) -> GoldenQuote:
    if not isinstance(row, dict):
        raise DatasetError(f"{where}: 'evidence' is not a list of objects")
    return GoldenQuote(_text(where, row, "filename"), _text(where, row, "quote"))


def _text(where: str, row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DatasetError(f"{where}: {name!r} is missing or not a text")
    return value


def _list(where: str, row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise DatasetError(f"{where}: {name!r} is not a list")
    return value
