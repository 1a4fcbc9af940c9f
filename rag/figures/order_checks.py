"""Whether a calculation subtracts and divides in the order that its sentence tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.arithmetic import Kind, Token
from rag.figures.cell_naming import UNNAMED, name_of, row_of
from rag.figures.named_calculation import DEFINES, SENTENCE_ENDS, NamedCalculation
from rag.text import content_stems, digits_of, direction_of, lines_of_measures, with_line_items

_UNEVEN = re.compile(r"[/÷]|\s[-−–]\s|\b(?:divided|minus|less|by|of)\b", re.IGNORECASE)
_RATIO_OF = re.compile(r"\bratio of\b|\bdivided by\b|\bas an? (?:share|percentage|percent|%) of\b", re.IGNORECASE)


def names_in_order(stated: NamedCalculation) -> bool:
    """Whether the rows come as the sentence names them, or else as a sentence of the question or a ratio does.

    In a formula that names each operand itself, `income $5 / sales $50`, they do.

    Where none of these names each of them, and where all are added, they come as they like.
    """
    names = [name_of(row_of(index, stated.pool)) for index in stated.rows]
    if stated.is_of_one_line or not _UNEVEN.search(stated.sentence) or _names_its_operands(stated):
        return True
    if all(stated.naming.has(each, but=UNNAMED) for each in names):
        return all(_is_rising(each) for each in [_places(names, stated.sentence)] if -1 not in each)
    defined = [_places(names, each) for each in SENTENCE_ENDS.split(stated.question)]
    if len(set(names)) == 2:  # noqa: PLR2004
        defined.append(_places(names, lines_of_measures(stated.sentence) or lines_of_measures(stated.question)))
    orders = [each for each in defined if -1 not in each]
    return not orders or any(map(_is_rising, orders))


def _names_its_operands(stated: NamedCalculation) -> bool:
    """Whether every operand of a sentence's calculations is called something in them; constants need no name."""
    called = [{number for number, _ in each} for each in stated.called_by_run]
    return bool(called) and all(
        len(names) > 1 and {each.text for each in _operands(run) if each.kind != Kind()} <= names
        for run, names in zip(stated.runs, called, strict=True)
    )


def _operands(run: Sequence[Token]) -> Iterator[Token]:
    """The numbers of a run beside an operator, apart from brackets."""
    bare = _bare(run)
    for before, token, after in zip([None, *bare], bare, [*bare[1:], None], strict=False):
        if token.name == "number" and any(each is not None and each.name == "operator" for each in (before, after)):
            yield token


def _bare(run: Sequence[Token]) -> list[Token]:
    """The tokens of a run without its brackets."""
    return [each for each in run if each.name not in ("open", "close")]


def _places(names: Sequence[str], text: str) -> list[int]:
    """Where a text first has a word of each name that no other of them has; -1 where it has not all of its words.

    What stands before a definition or an equals sign is the name of what is defined, unless it is `the ratio of` two.
    """
    labels = [set(content_stems(with_line_items(each))) - UNNAMED for each in names]
    own = [label.difference(*(each for each in labels if each is not label)) for label in labels]
    places: list[int] = []
    for part in (DEFINES.split(text, maxsplit=1)[-1], text if _RATIO_OF.search(text) else ""):
        said = content_stems(with_line_items(part))
        places = [
            next((at for at, word in enumerate(said) if word in each), -1) if label <= set(said) else -1
            for label, each in zip(labels, own, strict=True)
        ]
        if -1 not in places:
            break
    return places


def _is_rising(places: Sequence[int]) -> bool:
    return list(places) == sorted(places)


def is_change_in_time(stated: NamedCalculation) -> bool:
    """Whether a difference of one line is from the earlier year to the later, and its growth is of the earlier.

    A fall may be told the other way round.
    """
    years = dict(zip(stated.digits, stated.years, strict=True))
    lines = dict(zip(stated.digits, stated.lines, strict=True))
    for one, other, base in (each for run in stated.runs for each in _subtracted(run)):
        if lines.get(one) is None or lines.get(one) != lines.get(other) or not (years[one] and years[other]):
            continue
        is_later = max(years[one]) > max(years[other])
        earlier = other if is_later else one
        if not (is_later or direction_of(stated.sentence) == -1) or (base in years and base != earlier):
            return False
    return True


def _subtracted(run: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """The digits of two numbers of which one is subtracted from the other, and of what that is divided by, if it is."""
    bare = _bare(run)
    for at, token in enumerate(bare[1:-1], 1):
        if token.symbol == "-" and bare[at - 1].name == bare[at + 1].name == "number":
            after = bare[at + 2 : at + 4]  # an unfinished run may end with its operator
            divided = len(after) > 1 and after[0].symbol == "/" and after[1].name == "number"
            base = digits_of(after[1].text) if divided else ""
            yield digits_of(bare[at - 1].text), digits_of(bare[at + 1].text), base
