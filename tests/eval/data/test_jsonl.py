"""JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.data import append_jsonl, parse_jsonl, read_jsonl, write_jsonl
from rag.errors import DatasetError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


@given(rows=st.lists(st.dictionaries(st.text(), st.text())))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    """Whatever characters there are, those that Unicode takes for ends of lines among them."""
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    write_jsonl(path, rows)
    assert list(read_jsonl(path)) == rows


def test_a_row_is_added_at_the_end(path: Path) -> None:
    """The first one makes the file."""
    append_jsonl(path, {"id": 1})
    append_jsonl(path, {"id": 2})
    assert [row["id"] for row in read_jsonl(path)] == [1, 2]


def test_raw_line_separators_within_a_string_end_no_line(path: Path) -> None:
    """JSON allows U+2028 in strings; only line feeds part rows."""
    path.write_text('{"text": "a\u2028b"}\n\n{"text": "c"}\n', encoding="utf-8")
    assert [row["text"] for row in read_jsonl(path)] == ["a\u2028b", "c"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ('{"id": 0}', "0 is no id"),
        ('{"name": 1}', "not of the expected form: KeyError"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(path: Path, line: str, message: str) -> None:
    """Blank lines count, as they do in an editor."""

    def make(row: dict[str, Any]) -> int:
        if not row["id"]:
            raise ValueError(f"{row['id']} is no id")
        return int(row["id"])

    path.write_text(f'{{"id": 1}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match=rf"rows\.jsonl, line 3: {message}"):
        list(parse_jsonl(path, make))


@pytest.mark.parametrize("data", [None, b'{"a": "\xff"}\n'])
def test_a_file_that_cannot_be_read_is_named(path: Path, data: bytes | None) -> None:
    """Missing, or not UTF-8."""
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DatasetError, match=r"rows\.jsonl cannot be read"):
        list(read_jsonl(path))
