"""`footnote eval moderation`, and the data of the local moderator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from eval.fit.moderation import FALSE_ALARMS, fit, threshold_for
from eval.report.moderation import (
    FIT_FILE,
    GROUPS,
    HELD_OUT_FILE,
    NEUTRAL,
    LabelledText,
    evaluate_moderator,
    load_texts,
)
from rag.errors import DatasetError
from rag.safety.moderation import CATEGORIES, MODERATION_FILE
from rag.types import sha256_of
from tests.fakes.moderators import WordModerator


def rows(*pairs: tuple[str, str]) -> list[LabelledText]:
    return [LabelledText(text, frozenset(flags.split())) for text, flags in pairs]


def test_precision_recall_and_auroc_by_category() -> None:
    """And of being flagged at all; a category without texts has no recall."""
    result = evaluate_moderator(
        WordModerator(), rows(("a bomb", "violence"), ("a bomb museum", ""), ("a knife", "violence hate"), ("tea", ""))
    )
    assert result["categories"]["violence"] == {
        "positives": 2,
        "flagged": 2,
        "precision": 0.5,
        "recall": 0.5,
        "auroc": 0.5,
    }
    assert result["categories"]["hate"]["recall"] == 0.0
    assert result["categories"]["sexual"]["recall"] is None
    assert result["categories"]["any"]["positives"] == 2
    assert result["neutral"]["flagged"] == 0
    assert result["neutral"]["sentences"] == len(GROUPS) * len(NEUTRAL)


@pytest.mark.parametrize(
    "line", ["not json", '{"text": "a"}', '{"text": 1, "flags": []}', '{"text": "a", "flags": "hate"}', "[]"]
)
def test_a_malformed_row_is_named(tmp_path: Path, line: str) -> None:
    """With its line; so is a file that is missing or empty."""
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "a", "flags": []}\n' + line + "\n")
    with pytest.raises(DatasetError, match="line 2"):
        load_texts(file)
    file.write_text("")
    with pytest.raises(DatasetError, match="no rows"):
        load_texts(file)
    with pytest.raises(DatasetError, match="cannot be read"):
        load_texts(tmp_path / "none.jsonl")


def test_the_texts_are_halved_by_their_hash() -> None:
    """No text is in both files, and each is where its hash says, so that nothing was chosen by its result."""
    for half, file in enumerate((FIT_FILE, HELD_OUT_FILE)):
        for row in load_texts(file):
            assert int(sha256_of(row.text.encode())[:8], 16) % 2 == half
            assert row.flags <= set(CATEGORIES)


def test_the_shipped_model_was_fitted_on_the_fitting_half_as_it_is() -> None:
    """Its file carries the hash of the data."""
    found = load_texts(FIT_FILE)
    digest = sha256_of(json.dumps([[row.text, sorted(row.flags)] for row in found]).encode())
    assert json.loads(MODERATION_FILE.read_text())["data_sha256"] == digest


@pytest.mark.slow
def test_fitting_finds_what_parts_the_texts_and_is_repeatable() -> None:
    """Same data, same model; a category has its weights on what marks it."""
    generator = np.random.default_rng(0)
    found, vectors = [], []
    for number in range(20 * len(CATEGORIES)):
        name = CATEGORIES[number % len(CATEGORIES)]
        vector = generator.normal(0, 0.1, len(CATEGORIES))
        vector[number % len(CATEGORIES)] += 1
        found.append(LabelledText(str(number), frozenset([name])))
        vectors.append(vector)
    model = fit(found, np.array(vectors, dtype=np.float32))
    assert fit(found, np.array(vectors, dtype=np.float32)) == model
    for place, name in enumerate(CATEGORIES):
        assert int(np.argmax(model["categories"][name]["weights"])) == place


def test_a_threshold_keeps_false_alarms_rare() -> None:
    """The lowest that does; where none does, the category is hardly ever flagged."""
    scores = np.array([0.1] * 98 + [0.5, 0.7])
    threshold = threshold_for(scores)
    assert np.mean(scores >= threshold) <= FALSE_ALARMS
    assert np.mean(scores >= threshold - 0.02) > FALSE_ALARMS
    assert threshold_for(np.ones(10)) == 0.95


@pytest.mark.slow
def test_the_command_prints_figures(tmp_path: Path) -> None:
    """As a table or as JSON; a file that cannot be read ends with 2."""
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "The pump hums.", "flags": []}\n{"text": "I will kill you.", "flags": ["violence"]}\n')
    run = CliRunner().invoke(app, ["eval", "moderation", str(file), "--json"])
    assert run.exit_code == 0
    assert json.loads(run.stdout)["categories"]["violence"]["positives"] == 1
    shown = CliRunner().invoke(app, ["eval", "moderation", str(file)])
    assert "self-harm" in shown.stdout
    assert CliRunner().invoke(app, ["eval", "moderation", str(tmp_path / "none")]).exit_code == 2
