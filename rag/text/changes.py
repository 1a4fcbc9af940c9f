"""Words that say that something rose or fell, and how far. English only."""

from __future__ import annotations

from decimal import Decimal

from rag.text.words import stem, tokens

RISES, FALLS, _LARGELY, _SLIGHTLY = (
    frozenset(stem(word) for word in words.split())
    for words in (
        "increase increased increases increasing growth grow grows grew grown growing rise rises rose risen "
        "rising climb climbed jumped surged soared lengthened "
        "gain gained gains improve improved improving improvement expand expanded "
        "expanding expansion widen widened higher up above",
        "decrease decreased decreases decreasing decline declined declines declining fall falls fell fallen "
        "slipped dipped slid slumped plunged tumbled shaved trimmed "
        "falling drop drops dropped reduce reduced reducing reduction deteriorate deteriorated deterioration "
        "worsen worsened shrink shrank contract contracted contraction narrow narrowed compress compressed "
        "compression lower lowered down below",
        "significant significantly substantial substantially considerable considerably sharp sharply notably markedly "
        "strongly steeply",
        "slight slightly modest modestly",
    )
)

_LARGE = Decimal("0.1")
"""A change of a tenth of where it began is a large one, and any smaller one is slight: nobody has said where."""


def degree_of(start: Decimal, end: Decimal) -> frozenset[str]:
    """The words for how far something changed from one value to another: `significantly`, or `slightly`."""
    return _LARGELY if abs(end - start) >= _LARGE * abs(start) else _SLIGHTLY


def direction_of(text: str) -> int | None:
    """1 where a text speaks of a rise, -1 of a fall, 0 of neither; None of both."""
    said = {stem(word) for word in tokens(text)}
    rises, falls = not said.isdisjoint(RISES), not said.isdisjoint(FALLS)
    return None if rises and falls else int(rises) - int(falls)
