"""Sentences with a written calculation whose operands are table cells, and nothing else.

`The average inventory was ($1,100 + $1,300) / 2 = $1,200 million` shares few words with `Inventories | 1,300 | 1,100`.
`rag.evidence.written_calculations` recomputes it. Each operand must be a cell whose row and column are named: by the
sentence, or by a previous sentence that states the same number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.evidence.cell_claims import (
    cells_of,
    changes,
    has_other_codes,
    other_facts_are_missing,
    stated_numbers,
    told_by,
    words_besides,
    years_are_theirs,
)
from rag.evidence.cell_naming import (
    REPORTING,
    UNNAMED,
    Cell,
    Naming,
    is_named,
    name_of,
    parts_of_formula,
    row_of,
    without_fiscal,
)
from rag.evidence.operand_checks import has_its_operator, is_change_in_time, is_of_its_time, repeats_another
from rag.evidence.pool import EvidencePool
from rag.evidence.printed_numbers import digits_of, numbers_in
from rag.evidence.stated_facts import Claim
from rag.evidence.written_calculations import given_constants
from rag.text import (
    FALLS,
    RISES,
    Quantity,
    asked_periods,
    content_stems,
    lines_of_ratios,
    names_of_ratios,
    negations_in,
    ratios_in,
    stem,
    with_lead_in,
    with_line_items,
)

_DIVIDES = re.compile(r"[/÷]")
_OF_AVERAGE = re.compile(
    r"(?:/|÷|divided by)\s*\(?\s*(?:the )?average\b|\baverage\b[^.;]{1,80}\bbetween\b", re.IGNORECASE
)
_UNEVEN = re.compile(r"[/÷]|\s[-−–]\s|\b(?:divided|minus|less|by|of)\b", re.IGNORECASE)
_DEFINES = re.compile(r"\b(?:defined|calculated|computed|measured)\s+as\b|\b[Dd]efine\b.{1,60}?\bas\b|[:=≈]")
_RATIO_OF = re.compile(r"\bratio of\b|\bdivided by\b|\bas an? (?:share|percentage|percent|%) of\b", re.IGNORECASE)
_CALCULATES = re.compile(r"\d[\s)%]*(?:million|billion|thousand|[mbk]\b)?[\s)]*[-+*/×÷−–]\s*[($€£]*\s?\d")
_IN_DAYS = re.compile(r"\bdays?\b|\bD[ISP]O\b", re.IGNORECASE)
_DAYS_OF_A_YEAR = frozenset(("365", "360"))
_SENTENCE_ENDS = re.compile(r"[.?;!]\s")
_LIMITING = frozenset(
    content_stems(
        "organic adjusted underlying normalized domestic international foreign constant currency excluding except pro "
        "forma core recurring comparable"
    )
)
"""Words of a question that make another measure of one: a calculation with the lines of a table is not of it."""
_OPERATIONS = frozenset(
    stem(word)
    for word in (
        "average averaged mean sum added adding add plus minus less subtract subtracted subtracting divide divided "
        "dividing division multiply multiplied multiplying times ratio quotient product share change growth calculate "
        "calculated calculation calculating compute computed formula equation using use used apply applying result "
        "gives yields obtain obtained determine determined find round rounded decimal decimals place places two one "
        "x beginning ending end prior previous current year point points basis verify verified check"
    ).split()
)
"""Words in which anybody tells a calculation, whatever it is of."""


def stated_operands(
    sentence: str,
    facts: Claim,
    chosen: Sequence[int],
    pool: EvidencePool,
    *,
    before: Sequence[str] = (),
    changed: frozenset[str] = frozenset(),
) -> tuple[int, ...]:
    """The rows among the chosen candidates whose cells are the operands of a calculation; empty for any other.

    `facts` are those of the sentence with its operands in the place of its results. What is worked out may be called
    what the question calls it: the reader sees the formula and the quotes of its operands. `changed` are words for the
    rise or fall that its results follow for. English only.
    """
    told = stated_numbers(sentence, facts)
    numbers = list({(each.value, each.unit, each.sign): each for each in told}.values())
    if pool.language != "en" or not numbers or len(numbers) == 1 < len(told):
        return ()
    sentence, before = without_fiscal(sentence), [without_fiscal(each) for each in before]
    cells = [_named(number, sentence, before, chosen, pool) for number in numbers]
    named = [each for each in cells if each is not None]
    if len(named) < len(cells):
        return ()
    rows = tuple(dict.fromkeys(cell.index for cell in named))
    naming = Naming.of(sentence, before, pool.question)
    asked = set(content_stems(pool.question)) - RISES - FALLS - _LIMITING
    known = {*_OPERATIONS, *changed, *asked, *names_of_ratios(sentence), *changes(sentence, numbers, named, pool)}
    if (
        words_besides(sentence, rows, facts, pool, known=known)
        or not years_are_theirs(naming, named, pool)
        or negations_in(sentence) - negations_in(told_by(rows, pool))
        or not _names_in_order(sentence, rows, naming, pool)
        or not _is_averaged(sentence, named, naming, pool)
        or not is_of_its_time(sentence, numbers, named, pool, is_defined=_defines_periods(pool.question))
        or not is_change_in_time(sentence, numbers, named, pool)
        or not has_its_operator(sentence)
        or not _is_of_its_measure(sentence, rows, pool)
        or repeats_another(sentence, before)
        or other_facts_are_missing(facts, numbers, (*rows, *chosen), pool)
        or has_other_codes(sentence, facts, rows, pool)
    ):
        return ()
    return rows


def _names_in_order(sentence: str, rows: Sequence[int], naming: Naming, pool: EvidencePool) -> bool:
    """Whether the rows come as the sentence names them, or else as a sentence of the question or a ratio does.

    Where none of these names each of them, and where all are added, they come as they like.
    """
    names = [name_of(row_of(index, pool)) for index in rows]
    if len(rows) == 1 or not _UNEVEN.search(sentence):
        return True
    if all(naming.has(each, but=UNNAMED) for each in names):
        return all(_is_rising(each) for each in [_places(names, sentence)] if -1 not in each)
    defined = [_places(names, each) for each in _SENTENCE_ENDS.split(pool.question)]
    if len(set(names)) == 2:  # noqa: PLR2004
        defined.append(_places(names, lines_of_ratios(sentence) or lines_of_ratios(pool.question)))
    orders = [each for each in defined if -1 not in each]
    return not orders or any(map(_is_rising, orders))


def _places(names: Sequence[str], text: str) -> list[int]:
    """Where a text first has a word of each name that no other of them has; -1 where it has not all of its words.

    What stands before a definition or an equals sign is the name of what is defined, unless it is `the ratio of` two.
    """
    labels = [set(content_stems(with_line_items(each))) - UNNAMED for each in names]
    own = [label.difference(*(each for each in labels if each is not label)) for label in labels]
    places: list[int] = []
    for part in (_DEFINES.split(text, maxsplit=1)[-1], text if _RATIO_OF.search(text) else ""):
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


def _defines_periods(question: str) -> bool:
    """Whether parts of a definition in the question name periods of their own."""
    parts = parts_of_formula(without_fiscal(question))
    return sum(bool(asked_periods(each)[0]) for each in parts) > 1


def _is_averaged(sentence: str, cells: Sequence[Cell], naming: Naming, pool: EvidencePool) -> bool:
    """Whether a quotient has two figures of one line where the question defines it with an average of one.

    Not asked of another ratio than that of the question, if the sentence names each of its rows itself.
    """
    defined = _definitions(ratios_in(sentence), pool.question) or [pool.question]
    if not any(map(_OF_AVERAGE.search, defined)) or not _DIVIDES.search(sentence):
        return True
    names = [name_of(row_of(cell.index, pool)) for cell in cells]
    is_other = not ratios_in(sentence) & ratios_in(pool.question)
    return len(set(names)) < len(names) or (is_other and all(naming.has(name, but=UNNAMED) for name in names))


def _definitions(measures: frozenset[int], question: str) -> list[str]:
    """The sentences of a question that define one of some ratios."""
    defined = (each for each in _SENTENCE_ENDS.split(question) if _DEFINES.search(each))
    return [each for each in defined if measures & ratios_in(_DEFINES.split(each, maxsplit=1)[0])]


def _is_of_its_measure(sentence: str, rows: Sequence[int], pool: EvidencePool) -> bool:
    """Whether the rows are lines of the ratio that a sentence names, or named by it or by its definition.

    A ratio in days has its days in the calculation, where the question gives them.
    """
    measures = ratios_in(sentence)
    if len(measures) != 1 or not _CALCULATES.search(sentence):
        return True
    own = " ".join((sentence, *_definitions(measures, pool.question)))
    words = Naming.of(own, (), "", also=lines_of_ratios(sentence))
    days = [each for each in map(str, sorted(given_constants(pool.question))) if each in _DAYS_OF_A_YEAR]
    has_days = not days or not _IN_DAYS.search(sentence) or any(each in numbers_in(sentence) for each in days)
    return has_days and all(words.has(name_of(row_of(index, pool)), but=UNNAMED) for index in rows)


def _named(
    number: Quantity, sentence: str, before: Sequence[str], chosen: Sequence[int], pool: EvidencePool
) -> Cell | None:
    """The cell that states a number and is named; None where there is none."""
    cells = cells_of(number, chosen, pool)
    for text, earlier, also in _naming(number, sentence, before, pool.question):
        naming = Naming.of(text, earlier, pool.question, also=also)
        found = next((cell for cell in cells if is_named(cell, naming, pool)), None)
        if found is not None:
            return found
    return None


def _naming(
    number: Quantity, sentence: str, before: Sequence[str], question: str
) -> Iterator[tuple[str, Sequence[str], str]]:
    """The sentences that may name the cell of a number, each with those before it, and the lines that it names besides.

    Its own, then the nearest before it that states the number, then the question, which may define a measure, and each
    part of its definition that names a period: `FY2022 COGS`. Ratios name the lines that they are worked out from; the
    question names nothing for a sentence of another ratio.
    """
    lines = lines_of_ratios(sentence)
    yield sentence, before, lines
    for at in range(len(before) - 1, -1, -1):
        if digits_of(number.text) in numbers_in(before[at]):
            text = with_lead_in(before, at)
            yield text, before[:at], lines or lines_of_ratios(text)
    if not set(lines.split("\n")) <= {"", *lines_of_ratios(question).split("\n")}:
        return
    (asked, undated), own = asked_periods(question), asked_periods(sentence)[0]
    yield f"{undated if own or len(asked) > 1 else question} {sentence}", before, lines or lines_of_ratios(question)
    for part in parts_of_formula(without_fiscal(question)):
        periods, named = asked_periods(part)
        if periods and set(content_stems(named)) - REPORTING and (not own or set(own) & set(periods)):
            yield part, (), ""
