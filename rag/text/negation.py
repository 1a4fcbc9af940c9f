"""Small words that reverse the meaning of a sentence: negation and direction."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.words import STOPWORDS, stem, tokens

_NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot can't couldn't didn't doesn't don't hadn't hasn't "
    "haven't isn't wasn't weren't won't wouldn't shouldn't aren't mustn't unable fails failed lack lacks lacked".split()
)
_SCOPE = 2
_RISES = (
    "increase increases increased increasing rise rises rose risen grow grows grew grown higher gain gained up improve "
    "improved"
)
_FALLS = (
    "decrease decreases decreased decreasing fall falls fell fallen decline declined drop dropped reduce reduces "
    "reduced lower down worsen worsened shrink shrank"
)
_OPPOSITES = (
    (_RISES, _FALLS),
    ("before prior preceding earlier", "after later following subsequent subsequently"),
    ("allow allows allowed permit permits permitted", "prohibit prohibits prohibited forbid forbids forbidden banned"),
    ("enable enables enabled", "disable disables disabled"),
    ("above over exceed exceeds exceeded", "below under beneath"),
    ("minimum least", "maximum most"),
    ("positive", "negative"),
    ("include includes included including", "exclude excludes excluded excluding"),
    ("accept accepts accepted approve approved", "reject rejects rejected refuse refused deny denied"),
    ("win wins won winner", "lose loses lost loser"),
    ("support supports supported", "oppose opposes opposed"),
    ("largest biggest greatest highest longest", "smallest least lowest shortest"),
    ("start starts started begin begins began", "stop stops stopped end ends ended cease ceased"),
    ("always", "never rarely seldom"),
    ("buy buys bought acquire acquired", "sell sells sold"),
    ("true correct", "false incorrect"),
    ("safe", "unsafe dangerous"),
    ("required mandatory must", "optional voluntary"),
    ("open opens opened", "closes closed shut"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("hot hotter warm warmer", "cold colder cool cooler"),
    ("import imports imported", "export exports exported"),
    ("profit profits", "loss losses"),
)
_SIDES = tuple((frozenset(a.split()), frozenset(b.split())) for a, b in _OPPOSITES)


def negations_in(text: str) -> frozenset[str]:
    """The words of a text that deny something."""
    return _NEGATIONS.intersection(tokens(text))


def negation_differs(claim: str, evidence: str) -> bool:
    """A word is negated in one of the texts and only affirmed in the other."""
    claim_no, claim_yes = _polarity(tokens(claim))
    evidence_no, evidence_yes = _polarity(tokens(evidence))
    only_denied, only_affirmed = claim_no - claim_yes, claim_yes - claim_no
    return bool(only_denied & (evidence_yes - evidence_no) or only_affirmed & (evidence_no - evidence_yes))


def direction_differs(claim: str, evidence: str) -> bool:
    """Whether the claim has one of two opposites and the evidence only the other."""
    said, stated = set(tokens(claim)), set(tokens(evidence))

    def turned(here: frozenset[str], there: frozenset[str]) -> bool:
        return bool(said & here) and not said & there and bool(stated & there) and not stated & here

    return any(turned(left, right) or turned(right, left) for left, right in _SIDES)


def _polarity(words: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Stems that stand in the scope of a negation, and stems that stand outside of one."""
    negated: set[str] = set()
    affirmed: set[str] = set()
    left = 0
    for word in words:
        if word in _NEGATIONS:
            left = _SCOPE
        elif word not in STOPWORDS:
            (negated if left else affirmed).add(stem(word))
            left = max(0, left - 1)
    return frozenset(negated), frozenset(affirmed)
