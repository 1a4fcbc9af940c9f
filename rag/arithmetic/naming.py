"""What a written calculation calls its operands: `net sales ($2,820) / gross profit ($14,544)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.arithmetic.expressions import NAME, Token
from rag.text import content_stems, with_line_items

_JUST_BEFORE = re.compile(rf"{NAME}$")
_OF = re.compile(rf"\s+of(?P<whole>{NAME})")
_REACH = 80
_UNTOLD = frozenset(content_stems("total net"))
"""Words of a row's name that are often left out."""


def stems_called(name: str) -> frozenset[str]:
    """The stems of what an operand or a row is called, without those that are often left out."""
    return frozenset(content_stems(with_line_items(name))) - _UNTOLD


def operand_names(run: Sequence[Token], text: str) -> tuple[tuple[str, str], ...]:
    """The numbers of a run that are called something right before or after them, each with that.

    `gross profit ($500) / 4` names its first number, `12% of gross profit ($500 / 4)` does not.
    """
    found: list[tuple[str, str]] = []
    for at, token in enumerate(run):
        if token.name == "number":
            alone = [each.name for each in run[max(0, at - 1) : at + 2]] == ["open", "number", "close"]
            names = _before(run, at, text), _before(run, at - 1, text) if alone else "", _after(run, at, text)
            found += [(token.text, name) for name in names if stems_called(name)]
    return tuple(found)


def whole_of_a_share(told: Token, run: Sequence[Token], text: str) -> tuple[tuple[str, str], ...]:
    """What a share in brackets is divided by, with the name that stands before: `12% of gross profit ($60 / $500)`."""
    name = _OF.fullmatch(text[told.end : run[0].start])
    divided = [at for at, each in enumerate(run) if each.symbol == "/"]
    below = [each for each in run[divided[0] :] if each.name == "number"] if len(divided) == 1 else []
    return ((below[0].text, name["whole"]),) if name and told.kind.is_percent and len(below) == 1 else ()


def _before(run: Sequence[Token], at: int, text: str) -> str:
    begin = run[at - 1].end if at else max(0, run[0].start - _REACH)
    name = _JUST_BEFORE.search(text[begin : run[at].start])
    return name[0] if name else ""


def _after(run: Sequence[Token], at: int, text: str) -> str:
    return text[run[at].end : run[at + 1].start] if at + 1 < len(run) else ""
