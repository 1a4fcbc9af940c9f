"""Documents that contradict each other.

Two sentences of different documents disagree if they are about the same subject (nine tenths of the words of each are
in the other, without numbers; neither has a name, an identifier or a number after a name that the other lacks) and
state different things: each has a number that agrees with none of the other, or one negates the other. They do not
disagree if years, days or periods differ beside other figures, because each is about its own time. Neither do table
rows with several figures, nor documents about different periods or with different names in titles and headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rag.evidence.document_dates import date_of, report_on_other_periods
from rag.evidence.pool import EvidencePool
from rag.evidence.stated_facts import Claim, claim_of, ground_of, missing_names, missing_numbers
from rag.text import (
    Subject,
    content_stems,
    ends_a_sentence,
    fold,
    is_common,
    names,
    negation_differs,
    plain,
    take_dates,
)
from rag.types import Chunk, Disagreement, Evidence, Side, Verdict

_ALIKE = 0.9
_PERHAPS_ALIKE = 0.5  # with the numbers and months in which they may differ
_MODEL = re.compile(r"\b[A-Z]\w* \d[\w.]*\b(?!\s?%)")
_YEARS = range(1800, 2101)
_PERIOD = re.compile(
    r"\b(\w+)[ -](months|weeks|quarters|month|week|quarter|half)(?= (?:period )?(?:end|of|to|in|were|was|$))"
)
_FIGURES = re.compile(r"\d[\d.,]*")
_ROW_FIGURES = 2
Opening = Callable[[Chunk], str]


def _no_opening(_: Chunk) -> str:
    return ""


def contradicting(verdicts: Iterable[Verdict], pool: EvidencePool, opening: Opening = _no_opening) -> list[int]:
    """Candidates of other documents that disagree with a verdict's quote, in the order of the quotes and the pool."""
    found: list[int] = []
    for quote in (evidence for verdict in verdicts for evidence in verdict.evidence):
        found.extend(index for index in _opposite(quote, pool, opening) if index not in found)
    return found


def disagreements(
    verdicts: Sequence[Verdict], pool: EvidencePool, opening: Opening = _no_opening
) -> tuple[Disagreement, ...]:
    """The disagreements among the quotes of verdicts, each quote in one of them, the newest document first.

    `opening` returns the first words of a chunk's document, which may state its date and its period.
    """
    chunks = {candidate.chunk.document_id: candidate.chunk for candidate in pool.candidates}
    quotes = list(dict.fromkeys(quote for verdict in verdicts for quote in verdict.evidence))
    found: list[Disagreement] = []
    told: set[Evidence] = set()
    for quote in (each for each in quotes if each not in told):
        others = [
            each
            for each in quotes
            if each not in told
            and disagree(quote, each, pool.language)
            and _on_one_matter(_chunk_of(quote, pool), _chunk_of(each, pool), opening)
        ]
        if others:
            sides = [Side(each, _date(chunks.get(each.document_id), opening)) for each in (quote, *others)]
            found.append(Disagreement(tuple(sorted(sides, key=lambda side: side.date or "", reverse=True))))
            told.update((quote, *others))
    return tuple(found)


def disagree(first: Evidence, second: Evidence, language: str) -> bool:
    """Whether two quotes of different documents disagree."""
    return first.document_id != second.document_id and differ(first.quote, second.quote, language)


def differ(first: str, second: str, language: str) -> bool:
    """Whether two sentences are about the same matter and say something else of it."""
    if _is_row(first) or _is_row(second) or _periods(first) != _periods(second):
        return False
    if not _alike(_words(first, language), _words(second, language), _ALIKE) or _models(first) != _models(second):
        return False
    claims, grounds = (claim_of(first), claim_of(second)), (ground_of(second), ground_of(first))
    pairs = list(zip(claims, grounds, strict=True))
    named = any(missing_names(claim, [ground]) for claim, ground in pairs)
    if named or set(claims[0].identifiers) != set(claims[1].identifiers):
        return False
    odd = [set(missing_numbers(claim, [ground])) for claim, ground in pairs]
    if not all(odd):
        return not any(odd) and negation_differs(first, second)
    times = [_times(claim) & texts for claim, texts in zip(claims, odd, strict=True)]
    return not any(times) or times == odd


def _opposite(quote: Evidence, pool: EvidencePool, opening: Opening) -> list[int]:
    words = frozenset(content_stems(quote.quote, pool.language))
    own = _chunk_of(quote, pool)
    return [
        index
        for index, candidate in enumerate(pool.candidates)
        if candidate.chunk.document_id != quote.document_id
        and _alike(words, pool.content[index], _PERHAPS_ALIKE)
        and differ(quote.quote, candidate.text, pool.language)
        and _on_one_matter(own, candidate.chunk, opening)
    ]


def _chunk_of(quote: Evidence, pool: EvidencePool) -> Chunk | None:
    own = (each.chunk for each in pool.candidates if each.chunk.document_id == quote.document_id)
    return next((c for c in own if c.page == quote.page and c.start <= quote.start and quote.end <= c.end), None)


def _on_one_matter(first: Chunk | None, second: Chunk | None, opening: Opening) -> bool:
    """Whether nothing that stands over two chunks says that they are of different things or periods."""
    if first is None or second is None:
        return True
    return not _of_other_things(first.place, second.place) and not report_on_other_periods(first, second, opening)


def _of_other_things(first: str, second: str) -> bool:
    """`Pump A manual` and `Pump B manual`; `Contract with Alder` and `Contract with Birch`. Years are no things."""
    one, other = (Subject.of(take_dates(text)[1]) for text in (first, second))
    if one.dateless.rivals(other.dateless):
        return True
    called = [frozenset(fold(name) for name in names(text)) for text in (first, second)]
    rest = [subject.words - own for subject, own in zip((one, other), called, strict=True)]
    return bool(called[0] - called[1] and called[1] - called[0]) and rest[0] == rest[1] != frozenset()


def _is_row(text: str) -> bool:
    """A row of a table with several figures: which of them is of what stands in its columns' names."""
    return not ends_a_sentence(text.rstrip(" |")) and len(_FIGURES.findall(text)) >= _ROW_FIGURES


def _periods(text: str) -> frozenset[str]:
    """How long, or which, the periods are that a sentence tells of: `nine months`, `second quarter`."""
    return frozenset(f"{match[1]} {match[2]}".lower() for match in _PERIOD.finditer(text))


def _words(text: str, language: str) -> frozenset[str]:
    """The stems of a sentence without its dates and numbers."""
    found = content_stems(take_dates(plain(text, counts_one=False))[1], language)
    return frozenset(stem for stem in found if not any(char.isdigit() for char in stem))


def _alike(first: frozenset[str], second: frozenset[str], share: float) -> bool:
    return bool(first) and len(first & second) >= share * len(first | second)


def _models(text: str) -> set[str]:
    """Names that end in a number, such as `Ouzel 4`: another number names another thing."""
    found = {match[0] for match in _MODEL.finditer(take_dates(text)[1])}
    return {name for name in found if not is_common(fold(name.split()[0]))}


def _times(claim: Claim) -> set[str]:
    """The dates and years that a sentence states."""
    years = {each.text for each in claim.quantities if not each.unit and each.value in _YEARS}
    return years | {date.text for date in claim.dates}


def _date(chunk: Chunk | None, opening: Opening) -> str | None:
    return None if chunk is None else date_of(chunk, opening(chunk))
