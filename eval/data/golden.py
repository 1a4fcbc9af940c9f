"""Golden questions: questions with known answers and the quotes that support them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.data.jsonl import parse_jsonl
from rag.errors import DatasetError


@dataclass(frozen=True, slots=True)
class GoldenQuote:
    """Words of one file that support the answer."""

    filename: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question, whether the collection answers it, the content of a correct answer, and its evidence."""

    id: str
    question: str
    answerable: bool
    must_include: tuple[str, ...] = ()
    evidence: tuple[GoldenQuote, ...] = ()


def load_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a JSON Lines file, in its order; docs/guide/nightly.md describes the format.

    Raises:
        DatasetError: naming the file and the line that is malformed, or saying that there is no question.
    """
    questions = tuple(parse_jsonl(path, _question))
    if not questions:
        raise DatasetError(f"{path} holds no question")
    if len({question.id for question in questions}) < len(questions):
        raise DatasetError(f"{path}: two questions have the same id")
    return questions


def _question(row: dict[str, Any]) -> GoldenQuestion:
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise ValueError("'answerable' is not true or false")
    evidence = tuple(_quote(each) for each in _list(row, "evidence"))
    if answerable != bool(evidence):
        needs = "needs at least one quote in" if answerable else "is not answerable and must not have"
        raise ValueError(f"the question {needs} 'evidence'")
    must_include = tuple(_list(row, "must_include"))
    if not all(isinstance(each, str) and each.strip() for each in must_include):
        raise ValueError("'must_include' is not a list of texts")
    return GoldenQuestion(_text(row, "id"), _text(row, "question"), answerable, must_include, evidence)


def _quote(row: object) -> GoldenQuote:
    if not isinstance(row, dict):
        raise ValueError("'evidence' is not a list of objects")
    return GoldenQuote(_text(row, "filename"), _text(row, "quote"))


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name!r} is missing or not a text")
    return value


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name!r} is not a list")
    return value
