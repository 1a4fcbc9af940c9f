"""Measuring a verifier: the figures mean what they say."""

from __future__ import annotations

import pytest

from eval.data.groundedness import LabelledClaim
from eval.report.verifier import check, report
from rag.errors import DatasetError
from rag.evidence.finder import EvidenceFinder
from rag.types import Fault, Verdict
from tests.fakes.verifiers import ScriptedVerifier

CONTEXT = "The club owns 14 boats. Juniors train on Mondays."


def scripted(support: dict[str, float], faults: dict[str, Fault]) -> ScriptedVerifier:
    """A verdict for every sentence, at even odds."""
    return ScriptedVerifier(lambda said: Verdict(said, support[said], support[said] >= 0.5, fault=faults.get(said)))


def row(claim: str, supported: bool, error: str = "") -> LabelledClaim:
    return LabelledClaim("made", CONTEXT, claim, supported, error)


ROWS = [
    row("The club owns 14 boats.", True),
    row("Juniors train on Mondays.", True),
    row("The club owns 15 boats.", False, "number"),
    row("Seniors swim at night.", False, "missing"),
]


def figures(*support: float, faults: dict[str, Fault] | None = None) -> dict[str, object]:
    verifier = scripted({r.claim: s for r, s in zip(ROWS, support, strict=True)}, faults or {})
    return report(check(ROWS, EvidenceFinder(), verifier))


def test_a_perfect_verifier_scores_one() -> None:
    """And its calibration error is 0, and all of what it releases is right."""
    found = figures(1, 1, 0, 0, faults={ROWS[2].claim: "number", ROWS[3].claim: "missing"})
    assert (found["n"], found["auc"], found["balanced_accuracy"], found["ece"]) == (4, 1, 1, 0)
    assert found["released"] == {"n": 2, "precision": 1, "recall": 1}
    assert found["by_error"] == {
        "number": {"rejected": 1, "rightly": 1, "made": 1, "caught": 1},
        "missing": {"rejected": 1, "rightly": 1, "made": 1, "caught": 1},
    }


def test_an_error_that_is_not_caught_is_counted() -> None:
    """A wrong number that was released lowers precision and is not caught."""
    found = figures(0.9, 0.4, 0.8, 0.1, faults={ROWS[1].claim: "missing", ROWS[3].claim: "missing"})
    assert found["released"] == {"n": 2, "precision": 0.5, "recall": 0.5}
    assert found["by_error"] == {
        "number": {"made": 1, "caught": 0},
        "missing": {"rejected": 2, "rightly": 0.5, "made": 1, "caught": 1},
    }


def test_the_floors_are_overlap_with_the_context() -> None:
    """Words rank the wrong number above nothing found, but below what is there."""
    assert figures(1, 1, 0, 0)["baselines"] == {"unigram": 1, "bigram": 1}


def test_one_label_cannot_be_measured() -> None:
    """Nothing can be ranked, and that is said."""
    verifier = scripted({ROWS[0].claim: 1}, {})
    with pytest.raises(DatasetError, match="both supported and unsupported"):
        report(check(ROWS[:1], EvidenceFinder(), verifier))
