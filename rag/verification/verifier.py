"""Does the evidence support the sentence? A Protocol, and the verifier that needs no language model.

It combines measures that err differently: how much of the sentence the best sentences of the hits have, what is
missing or turned round, how near they are in meaning, and what a small cross-encoder reads in a window cut for the
sentence. A logistic regression weighs them, fitted by `python -m eval.fit.verifier` and stored in
`verifier_model.json`. More agreement never lowers its probability and more disagreement never raises it: coefficients
of the wrong sign are refused when the model is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.errors import ModelCorrupt
from rag.evidence import EvidenceFinder, EvidencePool, Support, fault_of_number, in_its_digits, premise, sentence_window
from rag.models import Logistic, load_logistic, sigmoid
from rag.text import content_stems, direction_differs, negation_differs, resolved, stems, tokens, weighted_recall
from rag.types import Fault, FloatArray, Verdict, sha256_of
from rag.verification.exchanged import exchanged
from rag.verification.pooling import may_be_released, pooled_support
from rag.verification.readers import ClaimInContext, Reader
from rag.verification.tautology import says_of_itself

if TYPE_CHECKING:  # torch takes seconds
    from rag.verification.encoder import SupportEncoder

VERIFIER_FILE = Path(__file__).with_name("verifier_model.json")
SIGNS: Mapping[str, int] = {
    "encoder": 1,
    "recall_of_best": 1,
    "bigram_recall": 1,
    "words_found": 1,
    "near_pairs": 1,
    "missing_numbers": -1,
    "missing_names": -1,
    "negation": -1,
    "direction": -1,
    "cosine": 1,
    "weakest_word": 1,
    "weak_words": 1,
}
"""Every feature, and the sign its coefficient must have."""
OF_VECTORS = frozenset({"cosine", "weakest_word", "weak_words"})
"""The features that there are only with an embedding model in this process."""
_WEAK = 20
REACH = 6
_RULES: Mapping[str, tuple[Fault, str]] = {
    "negation": ("negation", "one side negates what the other affirms"),
    "direction": ("contradicted", "the evidence says the opposite"),
}
"""Measures that bar a sentence, and what each says is wrong with it."""
_TELLS_OTHERWISE, _MOSTLY_FOUND = 0.5, 0.8


class Verifier(Protocol):
    """Decides whether the hits of a question support a sentence."""

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        """The verdict; `supported` only with at least one quote, and every number and name in a quote.

        `before` are the sentences of the answer that stand before this one, against which its pronouns are resolved.
        """
        ...


def load_model(name: str, path: Path = VERIFIER_FILE) -> Logistic:
    """The model called `name` of a file that `eval.fit.verifier` wrote.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    return load_logistic(path, name, SIGNS)


@dataclass(frozen=True, slots=True)
class Release:
    """What a sentence must reach to be shown: a probability of support, and one of being intact; each 0..1."""

    support: float
    intact: float


def load_modes(path: Path = VERIFIER_FILE) -> Mapping[str, Release]:
    """What each mode of release asks for.

    Raises:
        ModelCorrupt: the file is not a verifier model.
    """
    try:
        stored: Mapping[str, Mapping[str, float]] = json.loads(path.read_text(encoding="utf-8"))["modes"]
        return {mode: Release(float(found["support"]), float(found["intact"])) for mode, found in stored.items()}
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a verifier model: {exc!r}") from exc


def encoder_version(path: Path = VERIFIER_FILE) -> str:
    """The sha256 of the encoder's weights that the model was fitted with.

    Raises:
        ModelCorrupt: the file is not a verifier model.
    """
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["encoder_sha256"])
    except (OSError, ValueError, KeyError) as exc:
        raise ModelCorrupt(f"{path.name} is not a verifier model: {exc!r}") from exc


def verifier_version(path: Path = VERIFIER_FILE) -> str:
    """A digest of the verifier's model, which names the weights of its encoder: twelve hexadecimal digits."""
    return sha256_of(path.read_bytes())[:12]


def features_of(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """The features of a sentence against the sentences chosen for it; `OF_VECTORS` only where there are vectors.

    What the encoder says is not among them: it is asked in batches where there are many sentences.
    """
    language = pool.language
    words = stems(sentence, language)
    content = content_stems(sentence, language) or words
    rows = [pool.stems_of(index) for index in support.chosen]
    pairs = {pair for row in rows for pair in pairwise(row)}
    wanted_pairs = list(pairwise(words))
    quoted = " ".join(pool.candidates[index].text for index in support.chosen)
    measured = {
        "recall_of_best": max((weighted_recall(content, set(row)) for row in rows), default=0.0),
        "bigram_recall": sum(pair in pairs for pair in wanted_pairs) / max(1, len(wanted_pairs)),
        "words_found": words_found(sentence, pool),
        "near_pairs": near_pairs(content, rows),
        "missing_numbers": float(min(2, len(support.missing_numbers))),
        "missing_names": float(min(2, len(support.missing_names))),
        "negation": float(negation_differs(sentence, quoted)),
        "direction": float(direction_differs(sentence, quoted)),
    }
    if support.cosine is None:
        return measured
    return {**measured, "cosine": support.cosine, **nearness(sentence, support, pool)}


def nearness(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """How near the words of a sentence come to words of its window: the least near, and a fifth of all; -1..1.

    Words are compared in their context, by the greatest cosine of token vectors, as BERTScore's recall does (Zhang et
    al. 2020); but a mean hides the one word that was made up among many that were not.
    """
    near = pool.nearness(sentence, sentence_window(support.ranking, pool))
    if near is None:
        return {"weakest_word": 0.0, "weak_words": 0.0}
    return {"weakest_word": float(near.min()), "weak_words": float(np.percentile(near, _WEAK))}


def words_found(sentence: str, pool: EvidencePool) -> float:
    """The share of the sentence's distinct words that the whole pool has; 0..1."""
    words = set(tokens(sentence))
    return len(words & pool.words) / max(1, len(words))


def near_pairs(content: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """The share of the sentence's neighbouring content words that stand near each other in a quote, too; 0..1.

    Near is within REACH words, in either order. `content` are the stems of the sentence, `rows` those of each quote,
    all in order.
    """
    pairs = [(first, second) for first, second in pairwise(content) if first != second]
    places = [_places(row) for row in rows]
    near = sum(any(_near(here.get(a, ()), here.get(b, ())) for here in places) for a, b in pairs)
    return near / max(1, len(pairs))


def _places(row: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, stem in enumerate(row):
        places.setdefault(stem, []).append(place)
    return places


def _near(first: Sequence[int], second: Sequence[int]) -> bool:
    return any(abs(a - b) <= REACH for a in first for b in second)


def encoder_input(sentence: str, support: Support, pool: EvidencePool) -> tuple[str, str]:
    """What the encoder reads of a drafted sentence and of a labelled claim: the claim, and the window beside it."""
    read = premise(sentence_window(support.ranking, pool), pool)
    return in_its_digits(sentence, read), read


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a sentence, why, and the candidate of the pool that says otherwise, if there is one."""

    fault: Fault
    why: str
    quote: int | None = None


class StackedVerifier:
    """Finds quotes for a sentence and weighs how well they agree with it.

    A reader, if there is one, is asked about sentences that nothing bars and that its yes could release; its
    probability and the support are then pooled (`rag.verification.pooling`).
    """

    def __init__(
        self,
        finder: EvidenceFinder,
        model: Logistic,
        encoder: SupportEncoder,
        *,
        reader: Reader | None = None,
        least: Release = Release(0.5, 0.0),
    ) -> None:
        self._finder = finder
        self._model = model
        self._encoder = encoder
        self._reader = reader
        self._least = least

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        exact = pool.verbatim(sentence)
        if exact is not None:
            return Verdict(sentence, 1.0, supported=True, evidence=(exact,))
        whole = resolved(sentence, before)
        support = self._finder.support(whole, pool)
        if all(pool.candidates[index].is_heading for index in support.chosen):
            return Verdict(sentence, 0.0, supported=False, why="no evidence", fault="missing")
        claim, read = encoder_input(whole, support, pool)
        measured = features_of(whole, support, pool) | encoder_scores(self._encoder.logits([(claim, read)])[0])
        probability = self._model.probability(measured)
        quotes = pool.quotes(support.chosen)
        bar = barred(whole, support, measured, pool) or self._altered(measured)
        if self._reader is not None and bar is None and may_be_released(probability, self._least.support):
            asked = ClaimInContext(whole, read, pool.prompt)
            probability = pooled_support(probability, self._reader.probabilities([asked])[0])
        if probability >= self._least.support and bar is None:
            return Verdict(sentence, probability, supported=True, evidence=quotes)
        finding = bar or unsupported(measured)
        otherwise = None if finding.quote is None else pool.quotes([finding.quote])[0]
        return Verdict(sentence, probability, False, quotes, finding.why, finding.fault, otherwise)

    def _altered(self, measured: Mapping[str, float]) -> Finding | None:
        altered = sigmoid(measured["intact"]) < self._least.intact
        return Finding("relation", "it reads like an altered sentence of the evidence") if altered else None


def encoder_scores(logits: FloatArray) -> dict[str, float]:
    """What the encoder says of one sentence, shape (HEADS,), by name."""
    return {"encoder": float(logits[0]), "intact": float(logits[1])}


def barred(sentence: str, support: Support, measured: Mapping[str, float], pool: EvidencePool) -> Finding | None:
    """The fact that is missing or turned round, in the order in which a reader would check; None if there is none."""
    nearest = support.chosen[0] if measured["recall_of_best"] >= _TELLS_OTHERWISE else None
    if support.missing_numbers:
        fault = fault_of_number(support.claim, [pool.ground(index) for index in support.chosen])
        return Finding(fault, f"{fault} not in the evidence: {', '.join(support.missing_numbers)}", nearest)
    if support.missing_names:
        return Finding("name", f"name not in the evidence: {', '.join(support.missing_names)}", nearest)
    for rule, (fault, why) in _RULES.items():
        if measured[rule]:
            return Finding(fault, why, nearest)
    quotes = [pool.candidates[index].text for index in support.chosen]
    if says_of_itself(sentence, quotes, pool.language):
        return Finding("relation", "it says a thing of itself, and no quote does", nearest)
    found = exchanged(sentence, quotes)
    if found is None:
        return None
    why = f"in each other's place: {found.first}, {found.second}"
    return Finding("relation", why, support.chosen[found.quote])


def unsupported(measured: Mapping[str, float]) -> Finding:
    """What is wrong with a sentence whose support is too low, though nothing bars it."""
    if measured["recall_of_best"] >= _MOSTLY_FOUND:
        return Finding("relation", "its words are in the evidence, what it says of them is not")
    return Finding("missing", "too little of it is in the evidence")
