"""Quality of a set of answers, measured without the verifier that released them.

Every metric is a mean of points between 0 and 1. A failed question counts as 0 in every metric to which it would have
contributed; a metric without any points (no unanswerable question was asked) is None, never 0 or 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from eval.data import GoldenQuestion, GoldenQuote
from rag.text import digits_for_words
from rag.types import Answer, Evidence, Verdict

Metrics = Mapping[str, float | None]
PageText = Callable[[Evidence], str | None]
"""The stored text of the page that a piece of evidence names; None when there is no such page."""

METRICS = (
    "faithfulness",
    "quotes_exact",
    "support",
    "citation_precision",
    "citation_recall",
    "correctness",
    "answered",
    "abstention",
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LIST_MARKER = re.compile(r"^\s*(?:[-*+•]\s+)?\(?\d{1,3}[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Floors:
    """The minimum of each metric; docs/guide/nightly.md explains them."""

    faithfulness: float = 0.98
    quotes_exact: float = 1.0
    citation_precision: float = 0.5
    citation_recall: float = 0.6
    correctness: float = 0.6
    answered: float = 0.8
    abstention: float = 0.7

    def broken(self, metrics: Metrics) -> list[str]:
        """The metrics that are below their floor; one without a value breaks nothing."""
        values = {name: metrics[name] for name in asdict(self)}
        return [name for name, value in values.items() if value is not None and value < getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question: an answer, or the reason why there is none."""

    question: GoldenQuestion
    answer: Answer | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """One question's points by metric, and what is wrong with its answer."""

    question: GoldenQuestion
    points: Mapping[str, Sequence[float]]
    faults: tuple[str, ...] = field(default=())


def score(graded: Sequence[Graded]) -> dict[str, float | None]:
    """Every metric: the mean of all questions' points."""
    pooled = {name: [point for each in graded for point in each.points.get(name, ())] for name in METRICS}
    return {name: round(sum(points) / len(points), 4) if points else None for name, points in pooled.items()}


def grade(outcome: Outcome, page_text: PageText) -> Graded:
    """One question's points. Citations, correctness and `answered` count answerable questions only."""
    question, answer = outcome.question, outcome.answer
    if answer is None:
        return Graded(question, _zeros(question), (outcome.error,))
    quotes = [quote for verdict in answer.sentences for quote in verdict.evidence]
    points: dict[str, Sequence[float]] = {
        "faithfulness": [float(is_faithful(verdict, page_text)) for verdict in answer.sentences],
        "quotes_exact": [float(is_exact(quote, page_text)) for quote in quotes],
        "support": [verdict.support for verdict in answer.sentences],
    }
    if question.answerable:
        points |= {
            "citation_precision": [float(any(_overlap(q, gold) for gold in question.evidence)) for q in quotes],
            "citation_recall": [float(any(_overlap(q, gold) for q in quotes)) for gold in question.evidence],
            "correctness": [float(not answer.abstained and not _lacking(question, answer))],
            "answered": [float(not answer.abstained)],
        }
    else:
        points |= {"abstention": [float(answer.abstained)]}
    return Graded(question, points, tuple(_faults(question, answer, page_text)))


def is_faithful(verdict: Verdict, page_text: PageText) -> bool:
    """Whether it has quotes, all of them in the stored pages, and each of its numbers is in a quote or computed."""
    quotes = verdict.evidence
    grounded = bool(verdict.formulas) or not _unquoted_numbers(verdict)
    return bool(quotes) and all(is_exact(quote, page_text) for quote in quotes) and grounded


def is_exact(quote: Evidence, page_text: PageText) -> bool:
    """The stored page has these very words at these offsets."""
    text = page_text(quote)
    return text is not None and bool(quote.quote) and text[quote.start : quote.end] == quote.quote


def _unquoted_numbers(verdict: Verdict) -> list[str]:
    told = _numbers(" ".join(quote.quote for quote in verdict.evidence), counts_one=True)
    return sorted(_numbers(_LIST_MARKER.sub("", verdict.text), counts_one=False) - told)


def _numbers(text: str, *, counts_one: bool) -> set[str]:
    """Numbers as written, without thousands separators; number words as digits."""
    written: list[str] = _NUMBER.findall(digits_for_words(text, counts_one=counts_one))
    return {re.sub(r",(?=\d{3}\b)", "", number) for number in written}


def _overlap(quote: Evidence, gold: GoldenQuote) -> bool:
    """Same file, and one contains the other when white space is made uniform."""
    ours, theirs = _uniform(quote.quote), _uniform(gold.quote)
    return quote.filename == gold.filename and bool(ours) and (ours in theirs or theirs in ours)


def _lacking(question: GoldenQuestion, answer: Answer) -> list[str]:
    text = _uniform(answer.text).casefold()
    return [each for each in question.must_include if _uniform(each).casefold() not in text]


def _uniform(text: str) -> str:
    return " ".join(text.split())


def _zeros(question: GoldenQuestion) -> Mapping[str, Sequence[float]]:
    always = {"faithfulness": [0.0], "quotes_exact": [0.0], "support": [0.0]}
    if not question.answerable:
        return always | {"abstention": [0.0]}
    recall = {"citation_recall": [0.0] * len(question.evidence)}
    return always | recall | {"citation_precision": [0.0], "correctness": [0.0], "answered": [0.0]}


def _faults(question: GoldenQuestion, answer: Answer, page_text: PageText) -> list[str]:
    """What a person should look at, most serious first."""
    faults: list[str] = []
    for verdict in answer.sentences:
        if not is_faithful(verdict, page_text):
            numbers = ", ".join(_unquoted_numbers(verdict))
            faults.append(f"not faithful ({f'numbers {numbers}' if numbers else 'quote'}): {verdict.text}")
    if "failure" in answer.model:
        faults.append(f"answered without the language model: {answer.model['failure']}")
    if not question.answerable:
        return faults if answer.abstained else [*faults, f"not answerable, but answered: {answer.text}"]
    if answer.abstained:
        return [*faults, f"not answered: {answer.reason}"]
    lacking = _lacking(question, answer)
    return [*faults, f"the answer lacks {', '.join(map(repr, lacking))}: {answer.text}"] if lacking else faults
