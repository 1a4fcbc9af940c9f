"""Metadata filters, in the shape of OpenAI's vector-store filters.

`{"type": "eq", "key": "year", "value": 2023}` compares; `{"type": "and", "filters": [...]}` combines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast, get_args

from rag.errors import FilterError
from rag.types import Scalar

Comparator = Literal["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte"]
Combiner = Literal["and", "or"]
_S = TypeVar("_S", bound=Scalar)
_INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison of one metadata key. `in` and `nin` take a tuple of strings, integers or booleans."""

    key: str
    op: Comparator
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Combine:
    """All (`and`) or any (`or`) of some filters."""

    op: Combiner
    filters: tuple[Filter, ...]


Filter = Compare | Combine


def parse_filter(raw: object) -> Filter:
    """A filter from its JSON shape.

    Raises:
        FilterError: naming the part that is malformed.
    """
    if not isinstance(raw, Mapping):
        raise FilterError(f"a filter is an object, not {raw!r}")
    op = raw.get("type")
    if op in get_args(Combiner):
        return _parse_combine(cast(Combiner, op), raw)
    if op in get_args(Comparator):
        return _parse_compare(cast(Comparator, op), raw)
    known = ", ".join((*get_args(Comparator), *get_args(Combiner)))
    raise FilterError(f"filter type {op!r} is not one of {known}")


def _parse_combine(op: Combiner, raw: Mapping[str, Any]) -> Combine:
    parts = raw.get("filters")
    if not isinstance(parts, list) or not parts:
        raise FilterError(f"filter {op!r} needs a non-empty list under 'filters'")
    return Combine(op, tuple(parse_filter(part) for part in parts))


def _parse_compare(op: Comparator, raw: Mapping[str, Any]) -> Compare:
    key, value = raw.get("key"), raw.get("value")
    if not isinstance(key, str) or not key:
        raise FilterError(f"filter {op!r} needs a metadata name under 'key'")
    _storable(key)
    if op in ("in", "nin"):
        return Compare(key, op, _values(op, key, value))
    if op in ("gt", "gte", "lt", "lte") and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise FilterError(f"filter {op!r} on {key!r} compares numbers, not {value!r}")
    if not isinstance(value, str | int | float | bool):
        raise FilterError(f"filter {op!r} on {key!r} needs a string, number or boolean, not {value!r}")
    return Compare(key, op, _storable(value))


def _values(op: str, key: str, value: object) -> tuple[Scalar, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise FilterError(f"filter {op!r} on {key!r} needs a non-empty list")
    if not all(isinstance(item, str | int | bool) for item in value):
        raise FilterError(f"filter {op!r} on {key!r} takes strings, integers or booleans")
    return tuple(map(_storable, value))


def _storable(value: _S) -> _S:
    """The same, when a store can hold such a value."""
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise FilterError(f"{value!r} has half of a surrogate pair, which is not a character")
    if isinstance(value, float) and not math.isfinite(value):
        raise FilterError(f"{value} is not a number that can be compared")
    if isinstance(value, int) and value not in _INTEGERS:
        raise FilterError(f"{value} does not fit into 64 bits")
    return value
