"""Calibration: refused on too few labels, right about the risk, and written as a certificate."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from eval.data.groundedness import LabelledClaim
from eval.metrics.calibration import GRID, Scored, choose, counts, fewest_released, labels_needed
from eval.report.calibrate import calibrate_file, certify, score_rows
from rag.errors import NoGuarantee, SettingError
from rag.evidence.finder import EvidenceFinder
from rag.settings import load_settings
from rag.types import Verdict
from rag.verification.certificate import Versions, read_certificate
from tests.fakes.verifiers import ScriptedVerifier

VERSIONS = Versions("none", "p", "v", "e", "r")


def sample(number: int, seed: int = 0, *, worst: float = 0.6) -> list[Scored]:
    """Sentences whose chance of being unsupported falls from `worst` at support 0 to 0 at support 1."""
    random = np.random.default_rng(seed)
    support = random.uniform(0, 1, number)
    wrong = random.uniform(0, 1, number) < worst * (1 - support) ** 2
    return [Scored(not each, float(score)) for each, score in zip(wrong, support, strict=True)]


def true_risk(threshold: float, *, worst: float = 0.6) -> float:
    """The share of unsupported sentences of `sample` that reach the threshold, were it endless."""
    return worst * (1 - threshold) ** 2 / 3


@pytest.mark.parametrize(
    ("risk", "confidence", "needed"), [(0.05, 0.9, 45), (0.1, 0.9, 22), (0.05, 0.95, 59), (0.2, 0.9, 11)]
)
def test_how_many_faultless_sentences_it_takes(risk: float, confidence: float, needed: int) -> None:
    """The smallest n for which (1 - risk)^n is at most 1 - confidence."""
    assert fewest_released(risk, confidence) == needed
    assert (1 - risk) ** needed <= 1 - confidence < (1 - risk) ** (needed - 1)


def test_too_few_labels_are_refused_with_the_number_it_takes() -> None:
    """Forty-four faultless sentences are one too few for 5% with 90%; forty-five will do."""
    faultless = [Scored(True, 0.99999)] * 44
    with pytest.raises(NoGuarantee, match=r"44 labelled sentences are too few.*at least 45"):
        choose(faultless, risk=0.05, confidence=0.9)
    assert choose([*faultless, Scored(True, 0.99999)], risk=0.05, confidence=0.9).released == 45


def test_a_verifier_that_cannot_tell_is_refused_for_good() -> None:
    """One in three unsupported at every threshold: no number of labels helps, and it says so."""
    scored = [Scored(number % 3 > 0, (number % 100) / 100) for number in range(900)]
    assert labels_needed(scored, risk=0.05, confidence=0.9) is None
    with pytest.raises(NoGuarantee, match=r"at no threshold .* allow a higher risk"):
        choose(scored, risk=0.05, confidence=0.9)


def test_a_refusal_estimates_the_labels_that_would_do() -> None:
    """Good sentences, too few of them: the estimate lies above what there is, and that many do pass."""
    few = sample(60, seed=3)
    needed = labels_needed(few, risk=0.05, confidence=0.9)
    assert needed is not None
    assert needed > 60
    with pytest.raises(NoGuarantee, match=f"about {needed} would"):
        choose(few, risk=0.05, confidence=0.9)
    passed = 0
    for seed in range(20):
        try:
            choose(sample(needed, seed), risk=0.05, confidence=0.9)
        except NoGuarantee:
            continue
        passed += 1
    assert passed >= 10


def test_the_risk_exceeds_the_target_in_at_most_a_tenth_of_the_runs() -> None:
    """Three hundred seeded calibrations against the true risk, known in closed form; refusals release nothing."""
    exceeded = refused = 0
    for seed in range(300):
        try:
            chosen = choose(sample(600, seed), risk=0.1, confidence=0.9)
        except NoGuarantee:
            refused += 1
            continue
        exceeded += true_risk(chosen.threshold) > 0.1
    assert exceeded <= 30
    assert refused <= 15


def test_barred_sentences_are_never_counted_as_released() -> None:
    """Whatever support the verifier gives them."""
    barred = [Scored(False, 1.0, barred=True)] * 50
    chosen = choose([*sample(600), *barred], risk=0.1, confidence=0.9)
    assert chosen == choose(sample(600) + [Scored(False, 0.0)] * 50, risk=0.1, confidence=0.9)


@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.1, 0.2]), st.sampled_from([0.8, 0.9, 0.95]))
@settings(max_examples=30, deadline=None)
def test_what_is_chosen_is_borne_out_by_its_own_sentences(seed: int, risk: float, confidence: float) -> None:
    """The threshold is of the grid, its counts are those of the labels, and the exact test rejects at it."""
    scored = sample(400, seed)
    try:
        chosen = choose(scored, risk=risk, confidence=confidence)
    except NoGuarantee:
        return
    assert chosen.threshold in GRID
    released = [each for each in scored if each.released(chosen.threshold)]
    assert chosen.released == len(released)
    assert chosen.unsupported == sum(not each.supported for each in released)
    assert binom.cdf(chosen.unsupported, chosen.released, risk) <= 1 - confidence + 1e-12
    assert chosen.unsupported / chosen.released <= chosen.bound <= risk + 1e-9


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_asking_for_less_never_makes_the_threshold_stricter(seed: int) -> None:
    """With the same labels, a higher risk releases at least as much; one that is refused is stricter than any."""
    scored = sample(500, seed)

    def threshold(risk: float) -> float:
        try:
            return choose(scored, risk=risk, confidence=0.9).threshold
        except NoGuarantee:
            return 1.0

    assert threshold(0.2) <= threshold(0.15) <= 1.0
    assert threshold(0.3) <= threshold(0.2)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.booleans()), max_size=60))
@settings(deadline=None)
def test_a_stricter_threshold_never_releases_more(rows: list[tuple[bool, float, bool]]) -> None:
    """Counts grow along the grid, unsupported ones are among the released, and the grid only descends."""
    released, unsupported = counts([Scored(*row) for row in rows])
    assert all(np.diff(released) >= 0)
    assert all(unsupported <= released)
    assert list(GRID) == sorted(set(GRID), reverse=True)


def read_off(sentence: str) -> Verdict:
    """The support that a sentence tells: `0.9 barred`."""
    return Verdict(sentence, float(sentence.split(maxsplit=1)[0]), supported="barred" not in sentence)


def claim(words: str, context: str = "c", *, supported: bool = True) -> LabelledClaim:
    return LabelledClaim("made", context, words, supported)


def test_rows_are_scored_in_their_order_with_the_hard_rules() -> None:
    """A pool a context, the order of the rows kept, what is barred marked."""
    rows = [claim("0.5", "b"), claim("0.9 barred", "a"), claim("0.1", "b", supported=False)]
    seen: list[int] = []
    found = score_rows(rows, EvidenceFinder(), ScriptedVerifier(read_off), lambda done, total: seen.append(done))
    assert found == [Scored(True, 0.5), Scored(True, 0.9, barred=True), Scored(False, 0.1)]
    assert seen == [1, 2, 3]


def test_a_certificate_says_what_was_found() -> None:
    """Counts, coverage, the digest of the rows, the scores in ascending order and at most a thousand of them."""
    scored = sample(1500)
    rows = [claim(f"{each.support}", supported=each.supported) for each in scored]
    made = certify(rows, scored, VERSIONS, risk=0.1, confidence=0.9)
    assert (made.labels, made.risk, made.confidence) == (1500, 0.1, 0.9)
    assert made.coverage == made.released / 1500
    assert made.bound <= 0.1
    assert len(made.scores) == 1000
    assert list(made.scores) == sorted(made.scores)
    other = certify([*rows[:-1], claim("changed")], scored, VERSIONS, risk=0.1, confidence=0.9)
    assert other.data_sha256 != made.data_sha256


def test_an_unnamed_language_model_gets_no_certificate(tmp_path: Path) -> None:
    """The error names the setting, before anything is read."""
    chosen = load_settings(data_dir=tmp_path, llm_url="http://localhost:1/v1")
    with pytest.raises(SettingError, match="FOOTNOTE_LLM_MODEL"):
        calibrate_file(tmp_path / "none.jsonl", chosen, risk=0.05, confidence=0.9, told=lambda done, total: None)


@pytest.mark.slow
def test_a_file_of_labels_becomes_a_certificate_in_the_data_folder(tmp_path: Path) -> None:
    """The built verifier scores the rows; a refusal leaves no certificate behind."""
    rows = []
    for number in range(60):
        context = f"The pier of harbour {number} is {100 + number} metres long. Ships of all flags may moor there."
        rows.append(
            {"context": context, "claim": f"Harbour {number} has a pier {100 + number} metres long.", "label": 1}
        )
        rows.append({"context": context, "claim": f"The pier is {300 + number} metres long.", "label": 0})
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, rows[:20])), encoding="utf-8")
    chosen = load_settings(data_dir=tmp_path / "data")
    with pytest.raises(NoGuarantee, match="20 labelled sentences are too few"):
        calibrate_file(path, chosen, risk=0.1, confidence=0.9, told=lambda done, total: None)
    assert read_certificate(chosen.data_dir) is None
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    made = calibrate_file(path, chosen, risk=0.1, confidence=0.9, told=lambda done, total: None)
    assert read_certificate(chosen.data_dir) == made
    assert (made.labels, made.unsupported) == (120, 0)
    assert made.released >= 22
