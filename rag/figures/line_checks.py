"""Whether a calculation is of the lines of the tables that its sentence says it is of, each once."""

from __future__ import annotations

import re
from collections import Counter

from rag.arithmetic import expression_of, operand_names, sides
from rag.evidence import prints_size
from rag.figures.cell_naming import naming_stems, row_of, rows_called
from rag.figures.named_calculation import BRACKETED, EQUALS, NamedCalculation, label_of
from rag.text import content_stems, digits_of, measures_in, quantities

_IS = re.compile(r"\b(?:was|were|is|are)\b")
_MEASURE_OF = re.compile(r"\b(?P<line>[A-Za-z][\w&'’-]*(?: [a-z][\w&'’-]*){0,3}) (?:margins?|ratios?)\b")
_PER = re.compile(r"\b(?P<one>[A-Za-z][\w-]*) per (?P<other>(?!cent\b)[A-Za-z][\w-]*)")


def adds_each_once(stated: NamedCalculation) -> bool:
    """Whether no sum or average has one of the cells twice; figures that are called differently are two."""
    for run, named in zip(stated.runs, stated.called_by_run, strict=True):
        for side in sides(run):
            found = expression_of(side)
            if found is not None and found.is_worked and found.symbols <= {"+", "/"} and "+" in found.symbols:
                added = Counter(digits_of(each.text) for each in found.numbers)
                called = Counter(digits_of(number) for number, _ in set(named))
                if any(called[digits] < count > 1 for digits, count in added.items() if digits in stated.digits):
                    return False
    return True


def is_figure_of_its_line(stated: NamedCalculation) -> bool:
    """Whether a sentence that works something out under the name of a line of the tables has a figure of that line.

    As an operand, or anywhere in it: `Net sales = 300 + 200 = 500` where a row of that name says 500, and not 510.
    """
    sentence = stated.sentence
    told = naming_stems(label_of(sentence) if EQUALS.search(sentence) else _IS.split(sentence, maxsplit=1)[0])
    if not told or any(naming_stems(name) == told for name in stated.names):
        return True
    lines = [row_of(index, stated.pool) for index in rows_called(told, stated.pool)]
    return not lines or any(prints_size(value, quantities(sentence)) for row in lines for value in row.values)


def has_the_line_of_its_name(stated: NamedCalculation) -> bool:
    """Whether `EBIT margin` is worked out with the line that is called EBIT, if there is one.

    A defined measure follows its own definition.
    """
    own = [naming_stems(name) for name in stated.names]
    for match in _MEASURE_OF.finditer(BRACKETED.sub(" ", stated.sentence)):
        if measures_in(match[0]):
            continue
        words = match["line"].split()
        for told in (naming_stems(" ".join(words[at:])) for at in range(len(words))):
            if told not in own and any(True for _ in rows_called(told, stated.pool)):
                return False
    return True


def divides_as_it_says(stated: NamedCalculation) -> bool:
    """Whether `beds per nurse` are beds divided by nurses, as far as the operands are called so."""
    for match in _PER.finditer(BRACKETED.sub(" ", stated.sentence)):
        one, other = (frozenset(content_stems(match[each])) for each in ("one", "other"))
        for run in stated.runs:
            at = next((at for at, each in enumerate(run) if each.symbol == "/"), None)
            if at is None:
                continue
            over, under = (
                frozenset(content_stems(" ".join(name for _, name in operand_names(part, stated.sentence))))
                for part in (run[:at], run[at + 1 :])
            )
            if other <= over and one <= under and not (one <= over and other <= under):
                return False
    return True
