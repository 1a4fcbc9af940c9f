"""Splits by hash, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from rag.types import sha256_of

_Item = TypeVar("_Item")
_DIGITS = 8


def hash_number(text: str) -> int:
    """A number from 0 to 2**32 - 1 that is the same for the same text everywhere, to draw lots by."""
    return int(sha256_of(text.encode())[:_DIGITS], 16)


def in_first_half(name: str) -> bool:
    """Whether what has this name belongs to the half that may be looked at and fitted on; the other one reports."""
    return hash_number(name) % 2 == 0


def hash_order(items: Iterable[_Item], key: Callable[[_Item], str]) -> list[_Item]:
    """The items in an order that is random but fixed: by the hash of their keys."""
    return sorted(items, key=lambda item: sha256_of(key(item).encode()))
