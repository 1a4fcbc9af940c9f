"""Front matter of texts, in YAML, TOML or JSON: its values as written, as metadata and as text."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from ingest.parsers.common import one_line
from rag.types import Scalar, Value

_BLOCK = re.compile(
    r"\A(?P<mark>---|\+\+\+|;;;)(?P<kind>yaml|toml|json)?[ \t]*\n(?P<matter>.*?\n)?(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
_JSON = re.compile(r'\A\{\s*"')
_ENTRY = re.compile(r"^(?P<name>[^\W\d][\w.-]*)[ \t]*:(?:[ \t]+(?P<value>\S.*))?$")
_INTEGER, _DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,14})"), re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{0,14}[1-9]")
MARKS = ("---", "+++", ";;;", "{")
"""How front matter begins."""
_MOST_VALUES, _MOST_NODES = 1000, 20_000  # anchors can repeat a value without end


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the text: its title, its values by their names (`author.name`), the same as a list in
    Markdown, and why it could not be read, if it could not."""

    title: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    text: str = ""
    notes: tuple[str, ...] = ()

    def over(self, text: str) -> str:
        """A text below the list."""
        return "\n\n".join(part for part in (self.text, text.lstrip("\n") if self.text else text) if part)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter of a file, and the rest. What looks like it and cannot be read is a part of the text.

    YAML with a mistake is read entry by entry; entries of which the mistake is one stay as they stand, in the text.
    """
    if _JSON.match(text):
        return _split_json(text)
    block = _BLOCK.match(text)
    if block is None or not (block["matter"] or "").strip():
        return FrontMatter(), text[block.end() :] if block else text
    kind = block["kind"] or _KINDS[block["mark"]]
    rest = text[block.end() :]
    try:
        found = list(itertools.islice(_READERS[kind](block["matter"]), _MOST_VALUES + 1))
    except _FAILURES as exc:
        reason = _reason(exc)
        if kind == "yaml" and (entries := _entries(block["matter"])):
            found, left = entries
            note = f"front matter that cannot be read as YAML ({reason}) was read entry by entry"
            return _front_matter(found, (note,)), "\n".join(filter(None, (left, rest)))
        return _unread(reason), text
    if not any(name for name, _ in found):  # a rule and a line of text
        return FrontMatter(), text
    return _front_matter(found), rest


def _split_json(text: str) -> tuple[FrontMatter, str]:
    """The front matter of a text that begins with an object, which nothing but its braces sets apart."""
    try:
        value, end = json.JSONDecoder(parse_float=str).raw_decode(text)
        rest = text[end:]
        if rest.strip() and not rest.lstrip(" \t").startswith("\n"):
            return FrontMatter(), text
        return _front_matter(list(itertools.islice(_of_value("", value), _MOST_VALUES + 1))), rest.lstrip(" \t\n")
    except _FAILURES as exc:
        return _unread(_reason(exc)), text


def _unread(reason: str) -> FrontMatter:
    return FrontMatter(notes=(f"front matter that cannot be read ({reason}) is a part of the text",))


def _reason(exc: Exception) -> str:
    return one_line(str(getattr(exc, "problem", "") or exc))


def _entries(matter: str) -> tuple[list[tuple[str, Scalar]], str] | None:
    """The values of a block with a mistake, an entry with the lines below it at a time, and the lines of those that are
    no YAML; None unless each entry begins with a name. A value with a colon in it is a text."""
    lines = matter.splitlines()
    starts = [at for at, line in enumerate(lines) if line[:1].strip(" \t#-]}")]
    named = [_ENTRY.match(lines[at]) for at in starts]
    if not starts or starts[0] != 0 or not all(named):
        return None
    found: list[tuple[str, Scalar]] = []
    left: list[str] = []
    for entry, (start, end) in zip(named, itertools.pairwise((*starts, len(lines))), strict=True):
        whole = lines[start:end]
        try:
            found += _yaml_values("\n".join(whole))
        except _FAILURES:
            value = entry["value"] if entry and not any(map(str.strip, whole[1:])) else None
            if entry and value and value[0] not in _YAML_MARKS:
                found.append((entry["name"], value))
            else:
                left += whole
    return (found, "\n".join(left)) if found else None


def _front_matter(found: list[tuple[str, Scalar]], notes: tuple[str, ...] = ()) -> FrontMatter:
    if len(found) > _MOST_VALUES:
        notes = (*notes, f"only the first {_MOST_VALUES} values of the front matter were read")
        found = found[:_MOST_VALUES]
    values: dict[str, Value] = {}
    for name, value in found:
        before = values.get(name)
        values[name] = value if before is None else (*(before if isinstance(before, tuple) else (before,)), value)
    title = values.pop("title", "")
    words = {
        name: ", ".join(map(_words, value if isinstance(value, tuple) else (value,))) for name, value in values.items()
    }
    text = "\n".join(f"- {name}: {shown}" for name, shown in words.items() if shown)
    return FrontMatter(one_line(str(title)), values, text, notes)


def _words(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else one_line(str(value))


def _yaml_values(matter: str) -> Iterator[tuple[str, Scalar]]:
    node = yaml.compose(matter, Loader=yaml.SafeLoader)
    return _of_node("", node, iter(range(_MOST_NODES))) if node is not None else iter(())


def _of_node(name: str, node: yaml.Node, budget: Iterator[int]) -> Iterator[tuple[str, Scalar]]:
    """The scalars below a node, each with the path of its keys; items of a list under the list's name."""
    if next(budget, None) is None:
        return
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield from _of_node(_path(name, one_line(str(key.value))), inner, budget)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _of_node(name, inner, budget)
    elif isinstance(node, yaml.ScalarNode):
        yield name, node.value.strip() if node.style else _as_written(node.value)


def _toml_values(matter: str) -> Iterator[tuple[str, Scalar]]:
    return _of_value("", tomllib.loads(matter, parse_float=str))


def _of_value(name: str, value: object) -> Iterator[tuple[str, Scalar]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_value(_path(name, key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_value(name, inner)
    elif value is not None:
        yield name, value if isinstance(value, bool | int) else str(value)


def _json_values(matter: str) -> Iterator[tuple[str, Scalar]]:
    """The values of an object, also of one without its braces."""
    whole = matter if matter.lstrip().startswith("{") else f"{{{matter}}}"
    return _of_value("", json.loads(whole, parse_float=str))


def _path(above: str, key: str) -> str:
    return f"{above}.{key}" if above else key


def _as_written(value: str) -> Scalar:
    """A plain value as a number or a truth where it is written as one and nothing of how it is written is lost:
    `1.10` is no number."""
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _DECIMAL.fullmatch(value) else value


_KINDS = {"---": "yaml", "+++": "toml", ";;;": "json"}
_READERS = {"yaml": _yaml_values, "toml": _toml_values, "json": _json_values}
_FAILURES = (yaml.YAMLError, ValueError, RecursionError)
_YAML_MARKS = frozenset("[{&*!|>'\"%@`")
