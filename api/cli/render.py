"""Answers and hits as text for a terminal; pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from rag.types import ABSTENTION, Answer, Evidence, Hit, Verdict

QUOTE_LIMIT = 300
_OPENING_LIMIT = 110
_CLOSEST = 3


class Footnotes:
    """Numbers quotes in order of first use; the same quote keeps its number."""

    def __init__(self) -> None:
        self._numbers: dict[Evidence, int] = {}
        self._formulas: dict[str, None] = {}

    def markers(self, verdict: Verdict) -> str:
        """The numbers of a sentence's quotes: `[1][2]`."""
        self._formulas.update(dict.fromkeys(verdict.formulas))
        return "".join(f"[{self._numbers.setdefault(e, len(self._numbers) + 1)}]" for e in verdict.evidence)

    def lines(self) -> list[Text]:
        """One line a quote, in order of its number; then the calculations."""
        quotes = [_footnote(number, evidence) for evidence, number in self._numbers.items()]
        return quotes + [_formula(formula) for formula in self._formulas]


def _formula(formula: str) -> Text:
    """A calculation whose operands are quoted."""
    return Text.assemble(("[=] ", "cyan"), formula)


def _footnote(number: int, evidence: Evidence) -> Text:
    place = f"{evidence.filename}, page {evidence.page}: "
    return Text.assemble((f"[{number}] ", "cyan"), (place, "bold"), f"“{shortened(evidence.quote)}”")


def shortened(text: str, limit: int = QUOTE_LIMIT) -> str:
    """A text on one line, with `…` in place of its middle when it is longer than `limit` characters."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    half = (limit - 3) // 2
    return f"{flat[:half].rstrip()} … {flat[-half:].lstrip()}"


def opening(text: str, limit: int = _OPENING_LIMIT) -> str:
    """The first words of a text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[:limit].rpartition(" ")[0] + " …"


def sentence_line(verdict: Verdict, footnotes: Footnotes) -> Text:
    """A released sentence, then the numbers of its footnotes."""
    return Text.assemble(verdict.text, " ", (footnotes.markers(verdict), "cyan"))


def closing_lines(answer: Answer, footnotes: Footnotes) -> list[Text]:
    """What follows the sentences of an answer: footnotes or the abstention, the note, how much was withheld."""
    lines = _abstention(answer) if answer.abstained else [Text(), *footnotes.lines()]
    if answer.note:
        lines += [Text(), Text(f"Note: {answer.note}", style="yellow")]
    if answer.withheld:
        counted = "1 drafted sentence" if len(answer.withheld) == 1 else f"{len(answer.withheld)} drafted sentences"
        lines += [Text(), Text(f"Withheld: {counted} that the documents do not support.", style="dim")]
    return lines


def whole_answer(answer: Answer) -> list[Text]:
    """All of an answer that is there: its sentences, then what follows them."""
    footnotes = Footnotes()
    told = [sentence_line(verdict, footnotes) for verdict in answer.sentences]
    return [*told, *closing_lines(answer, footnotes)]


def _abstention(answer: Answer) -> list[Text]:
    lines = [Text.assemble((ABSTENTION, "bold"), f" ({answer.reason})" if answer.reason else "")]
    if answer.hits:
        lines += [Text(), Text("The closest passages:", style="dim")]
    return lines + [Text.assemble("  ", _place(hit), ": ", opening(hit.chunk.text)) for hit in answer.hits[:_CLOSEST]]


def hit_lines(hits: Sequence[Hit]) -> list[Text]:
    """Two lines a hit: its rank, place and scores, then its first words."""
    if not hits:
        return [Text("Nothing in the collection matches.")]
    return [line for rank, hit in enumerate(hits, start=1) for line in _hit(rank, hit)]


def _hit(rank: int, hit: Hit) -> list[Text]:
    scores = "  ".join(f"{name} {value:.3f}" for name, value in hit.scores.items())
    return [
        Text.assemble((f"{rank}. ", "cyan"), _place(hit), (f"  {scores}", "dim")),
        Text(f"   {opening(hit.chunk.text)}"),
    ]


def _place(hit: Hit) -> tuple[str, str]:
    return f"{hit.chunk.filename}, page {hit.chunk.page}", "bold"
