"""Front matter of Markdown files, in YAML or TOML: its values as written, as metadata and as text."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from ingest.parsers.common import one_line
from rag.types import Scalar, Value

_BLOCK = re.compile(r"\A(?P<mark>---|\+\+\+)[ \t]*\n(?P<matter>.*?\n)?(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_INTEGER, _DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,14})"), re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{0,14}[1-9]")
_MOST_VALUES, _MOST_NODES = 1000, 20_000  # anchors can repeat a value without end


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the text: its title, its values by their names (`author.name`), the same as a list in
    Markdown, and why it could not be read, if it could not."""

    title: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    text: str = ""
    notes: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter of a file, and the rest. What looks like it and cannot be read is a part of the text."""
    block = _BLOCK.match(text)
    if block is None or not (block["matter"] or "").strip():
        return FrontMatter(), text[block.end() :] if block else text
    reader = _yaml_values if block["mark"] == "---" else _toml_values
    try:
        found = list(itertools.islice(reader(block["matter"]), _MOST_VALUES + 1))
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as exc:
        reason = one_line(str(getattr(exc, "problem", "") or exc))
        return FrontMatter(notes=(f"front matter that cannot be read ({reason}) is a part of the text",)), text
    if not any(name for name, _ in found):  # a rule and a line of text
        return FrontMatter(), text
    notes = (
        (f"only the first {_MOST_VALUES} values of the front matter were read",) if len(found) > _MOST_VALUES else ()
    )
    return _front_matter(found[:_MOST_VALUES], notes), text[block.end() :]


def _front_matter(found: list[tuple[str, Scalar]], notes: tuple[str, ...]) -> FrontMatter:
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
    else:
        yield name, value if isinstance(value, bool | int) else str(value)


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
