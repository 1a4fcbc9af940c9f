"""Whether a calculation with named cells is one of the measure that it says it is of.

`Quick ratio = $11,200 / $7,450 = 1.50` may be right arithmetic with figures that stand in the document, and still be no
quick ratio. Measures with a usual definition are held against it (`rag.text.measures`), or against the question's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rag.evidence.cell_index import prints_size
from rag.evidence.cell_naming import REPORTING, UNNAMED, Cell, Naming, name_of, row_of, without_fiscal
from rag.evidence.expressions import expression_of, runs, sides
from rag.evidence.operand_names import operand_names
from rag.evidence.period_wording import with_years_between
from rag.evidence.pool import EvidencePool
from rag.evidence.printed_numbers import digits_of, numbers_in
from rag.evidence.rows import Row
from rag.evidence.workings import YEARS_OF_DAYS
from rag.evidence.written_calculations import given_constants
from rag.text import Measure, Quantity, Subject, content_stems, measures_in, quantities, with_line_items

_EQUALS = re.compile(r"[=≈]")
_DIVIDES = re.compile(r"[/÷]|\bdivided\b")
_AVERAGE = re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)
_OF_AVERAGE = re.compile(
    r"(?:/|÷|divided by)\s*\(?\s*(?:the )?average\b|\baverage\b[^.;]{1,80}\bbetween\b", re.IGNORECASE
)
DEFINES = re.compile(r"\b(?:defined|calculated|computed|measured)\s+as\b|\b[Dd]efine\b.{1,60}?\bas\b|[:=≈]")
CALCULATES = re.compile(r"\d[\s)%]*(?:million|billion|thousand|[mbk]\b)?[\s)]*[-+*/×÷−–]\s*[($€£]*\s?\d")
_IN_DAYS = re.compile(r"\bdays?\b|\bD[ISP]O\b", re.IGNORECASE)
SENTENCE_ENDS = re.compile(r"[.?;!]\s")
_IS = re.compile(r"\b(?:was|were|is|are)\b")
_DIGIT = re.compile(r"\d")
_CHANGES = re.compile(r"\b(?:average|mean|total|sum|growth|change|increase|decrease|ratio|margin)\b|%", re.IGNORECASE)
_OTHER = re.compile(r"\s*other\b", re.IGNORECASE)
_ROOT = re.compile(r"\^\s*\(?\s*1\s*/\s*(?P<years>\d{1,2})(?!\d)")
_A_YEAR = re.compile(r"\b(?:a|per|each) year\b|\bannual(?:ly|i[sz]ed)?\b|\bcompound|\bCAGR\b", re.IGNORECASE)
_SO_MANY_YEARS = re.compile(r"\b(?P<count>two|three|four|five|six|[2-6])[- ]years?\b", re.IGNORECASE)
_COUNTS = {word: at for at, word in enumerate("two three four five six".split(), 2)} | {str(n): n for n in range(2, 7)}
_BRACKETED = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
_PER = re.compile(r"\b(?P<one>[A-Za-z][\w-]*) per (?P<other>(?!cent\b)[A-Za-z][\w-]*)")
_MEASURE_OF = re.compile(r"\b(?P<line>[A-Za-z][\w&'’-]*(?: [a-z][\w&'’-]*){0,3}) (?:margins?|ratios?)\b")
_FEWEST_IN_A_CYCLE = 3


def is_of_its_measure(
    sentence: str,
    numbers: Sequence[Quantity],
    cells: Sequence[Cell],
    naming: Naming,
    pool: EvidencePool,
    *,
    before: Sequence[str],
) -> bool:
    """Whether a calculation with `numbers` found in `cells` is worked out as what it says it is of.

    `naming` is what the sentence names after those `before` it, whose results it may use.
    """
    rows = list(dict.fromkeys(cell.index for cell in cells))
    return (
        _is_averaged(sentence, cells, naming, pool)
        and all(_follows(each, sentence, numbers, cells, pool) for each in _told(sentence))
        and all(map(_is_formed, (sentence, *_used(sentence, before))))
        and _has_its_days(sentence, pool)
        and _averages_all(sentence, cells, pool)
        and not _adds_one_twice(sentence, numbers)
        and not _is_another_line(sentence, rows, pool)
        and not _is_named_after_another_line(sentence, rows, pool)
        and _compounds_over_its_years(sentence, cells, pool)
        and _has_all_years(sentence, cells)
        and _is_per_what_it_says(sentence)
    )


def _definitions(measures: Sequence[Measure], question: str) -> list[str]:
    """The sentences of a question that define one of some measures."""
    defined = ((each, DEFINES.split(each, maxsplit=1)[0]) for each in SENTENCE_ENDS.split(question))
    return [each for each, name in defined if name != each and any(measure.names.search(name) for measure in measures)]


def _label(sentence: str) -> str:
    """What stands before the first equals sign, or all of a sentence without one."""
    return _EQUALS.split(sentence, maxsplit=1)[0]


def _told(sentence: str) -> list[Measure]:
    """The measure that a sentence works out, or says again: the only one of its label, else of all of it."""
    for text in (_label(sentence), sentence):
        found = measures_in(text)
        if found:
            return found if len(found) == 1 else []
    return []


def _follows(
    measure: Measure, sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool
) -> bool:
    """Whether the cells are of the lines of a measure, or of those that the question names, each in its place."""
    names = [_line_of(row_of(cell.index, pool), measure) for cell in cells]
    if any(measure.names.search(each) for each in names):
        return True
    defined = " ".join(_definitions([measure], pool.question)) or pool.question
    if not all(_is_one_of(each, measure.lines, defined) for each in names):
        return False
    for line, groups in measure.only_with.items():
        if _is_line(line, names) and not all(any(_is_line(each, names) for each in group) for group in groups):
            return False
    if measure.form != "quotient":
        return True
    over, under = _over_and_under(sentence, numbers, names)
    return all(_is_one_of(each, measure.first, defined) for each in over) and all(
        _is_one_of(each, measure.second, defined) for each in under
    )


def _line_of(row: Row, measure: Measure) -> str:
    """The line that a row is of: of a segment's row, `Operating income` over it."""
    name, section = name_of(row), row.section.strip("*: ")
    is_line = _is_one_of(name, measure.lines, "")
    return section if section and not is_line and _is_one_of(section, measure.lines, "") else name


def _is_formed(sentence: str) -> bool:
    """Whether an average is divided, a difference subtracts, a sum adds, and a cycle does both."""
    label = _label(sentence)
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


def _used(sentence: str, before: Sequence[str]) -> Iterator[str]:
    """The sentences before one whose result it prints."""
    printed = numbers_in(sentence)
    for each in before:
        result = numbers_in(_EQUALS.split(each)[-1]) if _EQUALS.search(each) else frozenset[str]()
        if len(result) == 1 and result <= printed:
            yield each


def _over_and_under(sentence: str, numbers: Sequence[Quantity], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names of the rows over and below the line of the quotients of a sentence."""
    name_by_digits = {digits_of(number.text): name for number, name in zip(numbers, names, strict=True)}
    over: list[str] = []
    under: list[str] = []
    for side in (side for run in runs(sentence) for side in sides(run)):
        at = next((at for at, each in enumerate(side) if each.name == "operator" and each.symbol == "/"), len(side))
        for place, part in ((over, side[:at]), (under, side[at + 1 :])):
            digits = [digits_of(each.text) for each in part if at < len(side) and each.name == "number"]
            place.extend(name_by_digits[each] for each in digits if each in name_by_digits)
    return over, under


def _is_one_of(name: str, lines: Iterable[str], question: str) -> bool:
    """Whether a row is one of some lines, or has all words of one with several, or is named in the question."""
    own = set(content_stems(with_line_items(name))) - UNNAMED
    for line in lines:
        words = set(content_stems(with_line_items(line))) - UNNAMED
        if _OTHER.match(name) is None and (own == words or (len(words) > 1 and words < own)):
            return True
    return Naming.of(without_fiscal(question), (), "").has(name, but=UNNAMED)


def _is_line(line: str, names: Iterable[str]) -> bool:
    return any(_is_one_of(each, (line,), "") for each in names)


def _is_averaged(sentence: str, cells: Sequence[Cell], naming: Naming, pool: EvidencePool) -> bool:
    """Whether a quotient has two figures of one line where the question defines it with an average of one.

    Not asked of another measure than that of the question, if the sentence names each of its rows itself, nor of a sum.
    """
    defined = _definitions(measures_in(sentence), pool.question) or [pool.question]
    printed = numbers_in(sentence)
    names = [name_of(row_of(cell.index, pool)) for cell in cells]
    repeats = not CALCULATES.search(sentence) and len(set(names)) > 1 and bool(printed)
    if not any(map(_OF_AVERAGE.search, defined)) or not (_DIVIDES.search(sentence) or repeats):
        return True
    asked = measures_in(pool.question)
    is_other = not any(each in asked for each in measures_in(sentence))
    return len(set(names)) < len(names) or (is_other and all(naming.has(name, but=UNNAMED) for name in names))


def _has_its_days(sentence: str, pool: EvidencePool) -> bool:
    """Whether a measure in days has its days in the calculation, where the question gives them."""
    days = {str(each) for each in given_constants(pool.question) & YEARS_OF_DAYS}
    is_quotient = any(each.form == "quotient" for each in _told(sentence))
    is_worked = is_quotient and CALCULATES.search(sentence) and _IN_DAYS.search(sentence)
    return not days or not is_worked or bool(days & numbers_in(sentence))


def _averages_all(sentence: str, cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether what is added over a span of years has each of them."""
    label = _label(sentence)
    if "+" not in sentence:
        return True
    span = next((years for text in (label, pool.question) if len(years := _span(text)) > 2), frozenset[str]())  # noqa: PLR2004
    terms = Counter(with_line_items(name_of(row_of(cell.index, pool))) for cell in set(cells))
    is_of_one_year = len(Subject.of(with_years_between(label)).years) == 1
    return not span or is_of_one_year or set(terms.values()) <= {1, len(span)}


def _span(text: str) -> frozenset[str]:
    spanned = with_years_between(text)
    return Subject.of(spanned).years if spanned != text else frozenset()


def _adds_one_twice(sentence: str, numbers: Sequence[Quantity]) -> bool:
    """Whether a sum or an average has one of the cells twice; figures that are called differently are two."""
    told = {digits_of(number.text) for number in numbers}
    for run in runs(sentence):
        for side in sides(run):
            found = expression_of(side)
            if found is not None and found.is_worked and found.symbols <= {"+", "/"} and "+" in found.symbols:
                added = Counter(digits_of(each.text) for each in found.numbers)
                called = Counter(digits_of(number) for number, _ in set(operand_names(run, sentence)))
                if any(called[digits] < count > 1 for digits, count in added.items() if digits in told):
                    return True
    return False


def _is_another_line(sentence: str, rows: Sequence[int], pool: EvidencePool) -> bool:
    """Whether a sentence works out, under the name of a line of the tables, another figure than those of the line."""
    label = _label(sentence) if _EQUALS.search(sentence) else _IS.split(sentence, maxsplit=1)[0]
    told = _stems(label)
    if not told or any(_stems(name_of(row_of(index, pool))) == told for index in rows):
        return False
    lines = [row for index in range(len(pool)) if (row := pool.row(index)) is not None and _stems(name_of(row)) == told]
    return bool(lines) and not any(prints_size(value, quantities(sentence)) for row in lines for value in row.values)


def _compounds_over_its_years(sentence: str, cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether the root that a growth rate is, `^(1/3)`, is of as many years as lie between the cells.

    What grew `a year` over several of them has one.
    """
    roots = {int(each["years"]) for each in _ROOT.finditer(sentence)}
    headings = (row_of(cell.index, pool).headings[cell.column] for cell in cells)
    years = {int(each) for heading in headings for each in Subject.of(heading).years}
    span = max(years) - min(years) if years else 0
    is_rate = "%" in sentence and "/" in sentence and _A_YEAR.search(sentence) and len({c.index for c in cells}) == 1
    return roots == {span} if roots else not (is_rate and span > 1)


def _has_all_years(sentence: str, cells: Sequence[Cell]) -> bool:
    """Whether a sum or an average of one line over `the three years` has three figures."""
    told = {_COUNTS.get(each["count"].lower(), 0) for each in _SO_MANY_YEARS.finditer(sentence)}
    adds = "+" in sentence and len({cell.index for cell in cells}) == 1
    return not (adds and len(told) == 1) or told == {len(set(cells))}


def _is_per_what_it_says(sentence: str) -> bool:
    """Whether `beds per nurse` are beds divided by nurses, as far as the operands are called so."""
    for match in _PER.finditer(_BRACKETED.sub(" ", sentence)):
        one, other = (frozenset(content_stems(match[each])) for each in ("one", "other"))
        for run in runs(sentence):
            at = next((at for at, each in enumerate(run) if each.symbol == "/"), None)
            if at is None:
                continue
            over, under = (
                frozenset(content_stems(" ".join(name for _, name in operand_names(part, sentence))))
                for part in (run[:at], run[at + 1 :])
            )
            if other <= over and one <= under and not (one <= over and other <= under):
                return False
    return True


def _is_named_after_another_line(sentence: str, rows: Sequence[int], pool: EvidencePool) -> bool:
    """Whether `EBIT margin` is worked out without the line that is called EBIT; a defined measure follows its own."""
    for match in _MEASURE_OF.finditer(_BRACKETED.sub(" ", sentence)):
        if measures_in(match[0]):
            continue
        words = match["line"].split()
        for told in (frozenset(_stems(" ".join(words[at:]))) for at in range(len(words))):
            lines = [
                index
                for index in range(len(pool))
                if told and (row := pool.row(index)) is not None and _stems(name_of(row)) == told
            ]
            if lines and not any(_stems(name_of(row_of(index, pool))) == told for index in rows):
                return True
    return False


def _stems(name: str) -> set[str]:
    return {each for each in content_stems(with_line_items(name)) if not _DIGIT.search(each)} - UNNAMED - REPORTING
