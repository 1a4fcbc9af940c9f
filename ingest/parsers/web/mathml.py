"""Formulas in MathML as plain text on one line: `x² + (a + b)/2`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bs4 import Tag

from ingest.parsers.common import lowered, one_line, raised

_UNSEEN = frozenset(["annotation", "annotation-xml", "mphantom", "none", "mprescripts"])
_ROW = frozenset(["math", "mrow", "mstyle", "semantics", "mpadded", "menclose", "merror", "maction", "mtd", "msqrt"])
_SPACED = frozenset("=<>≤≥≠≈±×÷→⇒∈+−-∼≡·")
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064"))


def math_text(formula: Tag) -> str:
    """The formula as people type it: powers raised, indices lowered, fractions with a slash."""
    return one_line(_text(formula).translate(_INVISIBLE))


def _text(tag: Tag) -> str:
    name = tag.name.rpartition(":")[2]
    if name in _UNSEEN:
        return ""
    parts = [_text(child) for child in tag.find_all(True, recursive=False) if child.name not in _UNSEEN]
    write = _WRITERS.get(name)
    if write and parts:
        return write(parts)
    if not parts:
        return _token(name, one_line(tag.get_text()))
    return "".join(parts)


def _token(name: str, text: str) -> str:
    return f" {text} " if (name == "mo" and text in _SPACED) or name == "mtext" else text


def _grouped(text: str) -> str:
    """A part that stays together beside a slash or a root."""
    return text if text.strip().isalnum() else f"({text.strip()})"


def _at(parts: list[str], index: int) -> str:
    return parts[index] if index < len(parts) else ""


def _power(parts: list[str]) -> str:
    return parts[0] + raised(_tight(_at(parts, 1)), parts[0])


def _index(parts: list[str]) -> str:
    return parts[0] + lowered(_tight(_at(parts, 1)), parts[0])


def _both(parts: list[str]) -> str:
    below = _index(parts[:2])
    return below + raised(_tight(_at(parts, 2)), below)


def _tight(text: str) -> str:
    """A raised or lowered part without space around its signs."""
    return text.replace(" ", "") if any(not (c.isalpha() or c.isspace()) for c in text) else text.strip()


def _limits(parts: list[str]) -> str:
    return parts[0] + "".join(f"_({part.strip()})" for part in parts[1:2]) + "".join(f"^({p})" for p in parts[2:])


_WRITERS: Mapping[str, Callable[[list[str]], str]] = {
    "msup": _power,
    "msub": _index,
    "msubsup": _both,
    "mover": lambda parts: parts[0] + _at(parts, 1).strip(),
    "munder": _limits,
    "munderover": _limits,
    "mfrac": lambda parts: f"{_grouped(parts[0])}/{_grouped(_at(parts, 1))}",
    "msqrt": lambda parts: f"√{_grouped(''.join(parts))}",
    "mroot": lambda parts: f"{raised(_at(parts, 1).strip())}√{_grouped(parts[0])}",
    "mfenced": lambda parts: f"({', '.join(parts)})",
    "mtable": lambda parts: f"[{'; '.join(parts)}]",
    "mtr": lambda parts: " ".join(part.strip() for part in parts),
}
