"""Fitting what tells claims from other sentences."""

import json
from pathlib import Path

import pytest

from eval.fit.claims import Sentence, evaluate, fit, fit_and_write, load_sentences
from rag.answers.claims import load_claim_model
from rag.errors import DatasetError
from tests.fakes.core import HashEmbedder

OWN = load_sentences()
FITTING = [sentence for sentence in OWN if not sentence.held_out]


def test_the_projects_sentences_are_of_both_kinds_and_each_is_there_once() -> None:
    """A third is held out, whatever the machine."""
    assert len({sentence.text for sentence in OWN}) == len(OWN)
    assert sum(sentence.claim for sentence in OWN) > 250
    assert sum(not sentence.claim for sentence in OWN) > 250
    assert 0.2 < sum(sentence.held_out for sentence in OWN) / len(OWN) < 0.4


def test_few_claims_are_taken_for_none() -> None:
    """By the surface alone, on sentences that did not fit the model."""
    held_out = [sentence for sentence in OWN if sentence.held_out]
    found = evaluate(fit(FITTING, None), held_out, None)
    assert found.claims_lost < 0.02
    assert found.empty_recognised > 0.05
    assert found.auc > 0.8


@pytest.mark.slow
def test_the_same_sentences_give_the_same_model(tmp_path: Path) -> None:
    """And the file is what is read at run time."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    report = fit_and_write(OWN, first, HashEmbedder(), {})
    assert fit_and_write(OWN, second, HashEmbedder(), {}) == report
    assert first.read_bytes() == second.read_bytes()
    assert len(load_claim_model("vectors", first).embedding) == HashEmbedder.dimension
    assert len(load_claim_model("words", first).embedding) == 0
    assert "held out" in report


def test_too_few_sentences_are_refused() -> None:
    """A threshold could not be chosen."""
    with pytest.raises(DatasetError, match="at least"):
        fit([Sentence("It rains.", claim=True, kind="")] * 30, None)


@pytest.mark.parametrize("line", ["[]", "{", json.dumps({"claim": True})])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    """With its number."""
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"text": "It rains.", "claim": True}) + "\n" + line + "\n")
    with pytest.raises(DatasetError, match=r"rows\.jsonl, line 2"):
        load_sentences(path)
