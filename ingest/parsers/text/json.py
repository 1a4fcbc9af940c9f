"""JSON and JSON Lines: records as paragraphs of `key: value` lines, longer ones under headings."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TypeAlias

from ingest.parsers.common import ParsedFile, clean_text, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text.encodings import decode
from rag.errors import ParseError

MEDIA_TYPE = "application/json"
LINES_MEDIA_TYPE = "application/x-ndjson"

_Value: TypeAlias = "str | int | float | bool | list[_Value] | dict[str, _Value] | None"
_LONG_VALUE = 200
_LONG_RECORD = 1000
_LONGEST_TITLE = 90
_DEEPEST_HEADING = 6
_TITLES = ("title", "name", "subject", "question", "headline", "label")
_IDS = ("id", "_id", "key", "number")
_OPENERS = ("{", "[")
_LINES = (".jsonl", ".ndjson")


class JsonParser:
    """Reads JSON and JSON Lines."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The values as Markdown: nested keys become headings, and each record of a list a paragraph or a section.

        Lines that are not JSON are left out and named in the receipt.
        """
        text, notes = decode(data, filename)
        skipped: list[str] = []
        value = None if PurePath(filename).suffix.lower() in _LINES else _document(text, filename)
        lines = value is None
        records = _lines(text, skipped) if lines else [value]
        blocks = [block for number, record in enumerate(records, start=1) for block in _blocks(record, number, lines)]
        pages = split_pages("\n\n".join(blocks))
        if skipped and not blocks:
            raise ParseError(f"{filename}: no line is JSON ({skipped[0]}). Check how the file was written")
        require_text(pages, filename)
        receipt = receipt_of("json", pages, notes, skipped=skipped)
        media_type = LINES_MEDIA_TYPE if lines else MEDIA_TYPE
        return ParsedFile(title_of(filename), media_type, pages, receipt, markdown=True)


def looks_like_json(text: str) -> bool:
    """Whether a text is a JSON object or list, or lines of such."""
    first, _, rest = text.strip().partition("\n")
    if not first.startswith(_OPENERS):
        return False
    for candidate in (text, first if not rest.strip() or rest.lstrip().startswith(_OPENERS) else ""):
        try:
            if isinstance(json.loads(candidate), dict | list):
                return True
        except (ValueError, RecursionError):
            continue
    return False


class _Number(str):
    """A number as it is written: `1.10` keeps its zero, and a long one its digits."""

    __slots__ = ()


def _loads(text: str) -> _Value:
    value: _Value = json.loads(text, parse_float=_Number, parse_int=_Number, object_pairs_hook=_object)
    return value


def _object(pairs: Sequence[tuple[str, _Value]]) -> dict[str, _Value]:
    """An object with all of its values, also where a key stands in it more than once."""
    found: dict[str, _Value] = {}
    for key, value in pairs:
        names = itertools.chain((key,), (f"{key} ({number})" for number in itertools.count(2)))
        found[next(name for name in names if name not in found)] = value
    return found


def _document(text: str, filename: str) -> _Value:
    """The one value of a file; None when the file is rather JSON Lines."""
    try:
        value: _Value = _loads(text)
    except RecursionError as exc:
        raise ParseError(f"{filename}: the JSON is nested too deeply. Split it into smaller files") from exc
    except ValueError as exc:
        first = text.strip().split("\n", 1)[0]
        if looks_like_json(first):
            return None
        raise ParseError(f"{filename}: this is not JSON ({exc}). Check how the file was written") from exc
    return value


def _lines(text: str, skipped: list[str]) -> Iterator[_Value]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _loads(line)
        except (ValueError, RecursionError) as exc:
            reason = exc.msg if isinstance(exc, json.JSONDecodeError) else type(exc).__name__
            skipped.append(f"line {number} is not JSON: {reason}")


def _blocks(value: _Value, number: int, record: bool) -> Iterator[str]:
    if record:
        yield from _record(value, number, level=1)
    elif isinstance(value, list):
        for index, item in enumerate(value, start=1):
            yield from _record(item, index, level=1)
    else:
        yield from _sections(value, level=1)


def _record(value: _Value, number: int, level: int, name: str = "Record") -> Iterator[str]:
    """A short record as one paragraph; a longer one as a section, headed by its title or number."""
    if not isinstance(value, dict | list):
        yield from _paragraph(_scalar(value))
        return
    lines = list(itertools.islice(_flat(value, ""), _LONG_RECORD))
    short = sum(map(len, lines)) <= _LONG_RECORD and not any(len(line) > _LONG_VALUE for line in lines)
    if short:
        yield from _paragraph("\n".join(lines))
    else:
        title = (_title(value) if isinstance(value, dict) else "") or f"{name} {number}"
        yield _heading(title, level)
        yield from _sections(value, level + 1)


def _sections(value: _Value, level: int) -> Iterator[str]:
    """Short values as lines and long texts under their keys; then nested values under headings, so that nothing else
    stands under those."""
    lines: list[str] = []
    nested: list[tuple[str, _Value]] = []
    for key, inner in _items(value):
        if isinstance(inner, dict | list) and not _is_plain_list(inner):
            nested.append((key, inner))
        elif len(shown := _joined(inner)) > _LONG_VALUE or "\n" in shown:
            yield from _paragraph("\n".join(lines))
            lines = []
            yield from _paragraph(f"{key}:" if key else "")
            yield from _paragraph(shown)
        else:
            lines.append(_line(key, shown))
    yield from _paragraph("\n".join(lines))
    for key, inner in nested:
        yield from _nested(key, inner, level)


def _nested(key: str, inner: _Value, level: int) -> Iterator[str]:
    if not inner:
        return
    yield _heading(key or "List", level)
    if isinstance(inner, list):
        for number, item in enumerate(inner, start=1):
            yield from _record(item, number, level + 1, key or "Record")
    else:
        yield from _sections(inner, level + 1)


def _items(value: _Value) -> Iterable[tuple[str, _Value]]:
    if isinstance(value, dict):
        return value.items()
    return (("", item) for item in value) if isinstance(value, list) else (("", value),)


def _flat(value: _Value, path: str) -> Iterator[str]:
    """`path.to.key: value` lines."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and not _is_plain_list(value):
        for number, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{path}.{number}" if path else str(number))
    else:
        yield _line(path, _joined(value))


def _is_plain_list(value: _Value) -> bool:
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


def _joined(value: _Value) -> str:
    return ", ".join(map(_scalar, value)) if isinstance(value, list) else _scalar(value)


def _scalar(value: _Value) -> str:
    if isinstance(value, str):
        return clean_text(value).strip()
    return json.dumps(value)


def _line(key: str, shown: str) -> str:
    name = one_line(key)
    return f"{name}: {shown}" if name else shown


def _title(record: Mapping[str, _Value]) -> str:
    """What a record is called; empty when it has neither a name nor a number."""
    named = {key: one_line(str(value)) for key, value in record.items() if isinstance(value, str | int)}
    titles = (named.get(key, "") for key in _TITLES)
    ids = (f"{key} {named[key]}" for key in _IDS if named.get(key))
    return next((title[:_LONGEST_TITLE] for title in (*titles, *ids) if title), "")


def _heading(title: str, level: int) -> str:
    return f"{'#' * min(level, _DEEPEST_HEADING)} {one_line(title)}"


def _paragraph(text: str) -> Iterator[str]:
    """The text as a block, if there is any; lines in it are no headings."""
    if text.strip():
        yield _HASHES.sub(r"\\\1", text.replace("\f", "\n"))


_HASHES = re.compile(r"^(#{1,6})(?=\s)", re.MULTILINE)
