"""Tables as the documentation writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def row(cells: Sequence[object]) -> str:
    """One line of a table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def table(head: Sequence[object], rows: Iterable[Sequence[object]] = ()) -> str:
    """A table in Markdown; without rows, its head, for rows that are printed as they are measured."""
    return "\n".join(map(row, [head, ["---"] * len(head), *rows]))
