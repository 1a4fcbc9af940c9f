"""Whether a calculation with named cells is one of the measure that it says it is of.

`Quick ratio = $11,200 / $7,450 = 1.50` may be right arithmetic with figures that stand in the document, and still be no
quick ratio. Measures with a usual definition are held against it (`rag.text.measures`), or against the question's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.arithmetic import YEARS_OF_DAYS, Token, expression_of, given_constants, runs, sides
from rag.evidence import Row
from rag.figures.cell_naming import UNNAMED, Naming, name_of, row_of, without_fiscal
from rag.figures.named_calculation import CALCULATES, DEFINES, EQUALS, SENTENCE_ENDS, NamedCalculation, label_of
from rag.text import Measure, content_stems, digits_of, measures_in, numbers_in, with_line_items

_AVERAGE = re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)
_OF_AVERAGE = re.compile(
    r"(?:/|÷|divided by)\s*\(?\s*(?:the )?average\b|\baverage\b[^.;]{1,80}\bbetween\b", re.IGNORECASE
)
_IN_DAYS = re.compile(r"\bdays?\b|\bD[ISP]O\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(?:average|mean|total|sum|growth|change|increase|decrease|ratio|margin)\b|%", re.IGNORECASE)
_OTHER = re.compile(r"\s*other\b", re.IGNORECASE)
_OF_CUSTOMERS = frozenset(content_stems("external customers contracts third parties"))
"""Words of a line of revenue that make no other line of it."""
_FEWEST_IN_A_CYCLE = 3


def follows_its_definition(stated: NamedCalculation) -> bool:
    """Whether the cells are of the lines of the measure that is told, or of those that the question names instead."""
    return all(_follows(each, stated) for each in _told(stated))


def _told(stated: NamedCalculation) -> list[Measure]:
    """The measure that a sentence works out, or says again: the only one of its label, else of all of it."""
    found = measures_in(label_of(stated.sentence)) or stated.measures
    return found if len(found) == 1 else []


def _follows(measure: Measure, stated: NamedCalculation) -> bool:
    """Whether each cell is of a line of a measure, and in its place."""
    names = [_line_of(row_of(cell.index, stated.pool), measure) for cell in stated.cells]
    if any(measure.names.search(each) for each in names):
        return True
    defined = " ".join(_definitions([measure], stated.question)) or stated.question
    if not all(_is_one_of(each, measure.lines, defined) for each in names):
        return False
    for line, groups in measure.only_with.items():
        if _is_line(line, names) and not all(any(_is_line(each, names) for each in group) for group in groups):
            return False
    if measure.form in ("difference", "sum"):
        return len(set(names)) > 1  # the growth of one of its lines is not that of the measure
    if measure.form != "quotient":
        return True
    over, under = _over_and_under(stated, names)
    return all(_is_one_of(each, measure.first, defined) for each in over) and all(
        _is_one_of(each, measure.second, defined) for each in under
    )


def _definitions(measures: Sequence[Measure], question: str) -> list[str]:
    """The sentences of a question that define one of some measures."""
    defined = ((each, DEFINES.split(each, maxsplit=1)[0]) for each in SENTENCE_ENDS.split(question))
    return [each for each, name in defined if name != each and any(measure.names.search(name) for measure in measures)]


def _line_of(row: Row, measure: Measure) -> str:
    """The line that a row is of: of a segment's row, `Operating income` over it."""
    name, section = name_of(row), row.section.strip("*: ")
    is_line = _is_one_of(name, measure.lines, "")
    return section if section and not is_line and _is_one_of(section, measure.lines, "") else name


def _over_and_under(stated: NamedCalculation, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names of the rows over and below the line of the quotients of a sentence."""
    name_by_digits = dict(zip(stated.digits, names, strict=True))

    def named(tokens: Sequence[Token]) -> list[str]:
        digits = [digits_of(each.text) for each in tokens if each.name == "number"]
        return [name_by_digits[each] for each in digits if each in name_by_digits]

    over: list[str] = []
    under: list[str] = []
    for side in (side for run in stated.runs for side in sides(run)):
        at = next((at for at, each in enumerate(side) if each.name == "operator" and each.symbol == "/"), None)
        if at is not None:
            over += named(side[:at])
            under += named(side[at + 1 :])
    return over, under


def _is_one_of(name: str, lines: Iterable[str], question: str) -> bool:
    """Whether a row is one of some lines, or has all words of one with several, or is named in the question."""
    own = set(content_stems(with_line_items(name))) - UNNAMED - _OF_CUSTOMERS
    for line in lines:
        words = set(content_stems(with_line_items(line))) - UNNAMED
        if _OTHER.match(name) is None and (own == words or (len(words) > 1 and words < own)):
            return True
    return Naming.of(without_fiscal(question), (), "").has(name, but=UNNAMED)


def _is_line(line: str, names: Iterable[str]) -> bool:
    return any(_is_one_of(each, (line,), "") for each in names)


def has_its_form(stated: NamedCalculation) -> bool:
    """Whether an average is divided, a difference subtracts, a sum adds, and a cycle does both.

    In the sentences whose results it uses, too.
    """
    return all(map(_is_formed, (stated.sentence, *_used(stated))))


def _used(stated: NamedCalculation) -> Iterator[str]:
    """The sentences before one whose result it prints."""
    for each in stated.before:
        result = numbers_in(EQUALS.split(each)[-1]) if EQUALS.search(each) else frozenset[str]()
        if len(result) == 1 and result <= stated.printed:
            yield each


def _is_formed(sentence: str) -> bool:
    """Whether the first calculation of a sentence has the operators of what stands before its equals sign."""
    label = label_of(sentence)
    worked = [each for run in runs(sentence) for side in sides(run) if (each := expression_of(side)) and each.is_worked]
    if not worked or label == sentence or CALCULATES.search(label):
        return True
    symbols, count = worked[0].symbols, len(worked[0].numbers)
    if _AVERAGE.search(label) and symbols == {"+"}:
        return False
    measures = measures_in(label)
    match measures[0].form if len(measures) == 1 else "quotient":
        case "difference":
            return symbols == {"-"} or _CHANGES.search(label) is not None
        case "sum":
            return symbols == {"+"} or (symbols == {"+", "-"} and count > 2)  # noqa: PLR2004
        case "cycle":
            return "-" in symbols or count < _FEWEST_IN_A_CYCLE
        case _:
            return True


def averages_as_defined(stated: NamedCalculation) -> bool:
    """Whether a quotient has two figures of one line where the question defines it with an average of one.

    Not asked of another measure than that of the question, if the sentence names each of its rows itself, nor of a sum.
    """
    defined = _definitions(stated.measures, stated.question) or [stated.question]
    count = len(set(stated.names))
    repeats = not stated.calculates and count > 1 and bool(stated.printed)
    if not any(map(_OF_AVERAGE.search, defined)) or not (stated.divides or repeats):
        return True
    asked = measures_in(stated.question)
    is_other = not any(each in asked for each in stated.measures)
    return count < len(stated.names) or (
        is_other and all(stated.naming.has(name, but=UNNAMED) for name in stated.names)
    )


def has_its_days(stated: NamedCalculation) -> bool:
    """Whether a measure in days has its days in the calculation, where the question gives them."""
    days = {str(each) for each in given_constants(stated.question) & YEARS_OF_DAYS}
    is_quotient = any(each.form == "quotient" for each in _told(stated))
    is_worked = is_quotient and stated.calculates and _IN_DAYS.search(stated.sentence)
    return not days or not is_worked or bool(days & stated.printed)
