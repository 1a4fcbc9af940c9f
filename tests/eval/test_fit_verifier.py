"""Fitting the verifier: rows are checked, halves are fixed, and the fit is deterministic and monotone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.fit_verifier import fit, fit_folder, is_held_out, judge, samples_of
from eval.groundedness import LabelledClaim, hits_of, load_folder, load_rows
from rag.errors import DatasetError
from rag.evidence import EvidenceFinder
from rag.verifier import SIGNS, load_model
from tests.rag.fakes import HashEmbedder

THINGS = ["bridge", "tower", "harbour", "library", "theatre", "market", "station", "garden", "museum", "school"]


def rows(dataset: str) -> list[LabelledClaim]:
    """For each thing, a context with a faithful, a changed and an unrelated claim."""
    found: list[LabelledClaim] = []
    for number, thing in enumerate(THINGS, 20):
        context = (
            f"The {thing} was built in 19{number} by the city. Visitors of the {thing} pay nothing on {number} days."
        )
        found.append(LabelledClaim(dataset, context, f"The city built the {thing} in 19{number}.", supported=True))
        found.append(LabelledClaim(dataset, context, f"The city built the {thing} in 18{number}.", supported=False))
        found.append(LabelledClaim(dataset, context, "Whales sing to their young in winter.", supported=False))
    return found


def write(folder: Path, name: str, found: list[LabelledClaim]) -> None:
    lines = [json.dumps({"context": r.context, "claim": r.claim, "label": int(r.supported)}) for r in found]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_partly_supported_counts_as_unsupported(tmp_path: Path) -> None:
    """Labels 1, 0.5 and 0 become true, false and false."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"context": "c", "claim": "d", "label": {x}}}\n' for x in (1, 0.5, 0)), encoding="utf-8")
    assert [row.supported for row in load_rows(path)] == [True, False, False]
    assert {row.dataset for row in load_rows(path)} == {"a"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ('{"claim": "d", "label": 1}', "'context' is not a string"),
        ('{"context": "c", "claim": 3, "label": 1}', "'claim' is not a string"),
        ('{"context": "c", "claim": "d", "label": 2}', "'label' is not 0, 0.5 or 1"),
        ('{"context": "c", "claim": "d", "label": true}', "'label' is not 0, 0.5 or 1"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    """The error leads to the place."""
    path = tmp_path / "bad.jsonl"
    path.write_text('{"context": "c", "claim": "d", "label": 1}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=rf"bad\.jsonl, line 2: {message}"):
        load_rows(path)


def test_a_folder_without_rows_is_an_error(tmp_path: Path) -> None:
    """Nothing to fit on is said, not ignored."""
    with pytest.raises(DatasetError, match="holds no"):
        load_folder(tmp_path)


def test_a_context_becomes_chunks_that_tile_it() -> None:
    """The chunks of a context, joined, are the context, and each knows its offsets."""
    context = "Some words that go on. " * 100
    chunks = [hit.chunk for hit in hits_of(context)]
    assert "".join(chunk.text for chunk in chunks) == context
    assert all(context[chunk.start : chunk.end] == chunk.text and len(chunk.text) <= 800 for chunk in chunks)


def test_no_context_is_in_both_halves() -> None:
    """The half is a function of the context alone, and both halves occur."""
    samples = samples_of(rows("made"), EvidenceFinder())
    assert {sample.held_out for sample in samples} == {True, False}
    assert [sample.held_out for sample in samples] == [is_held_out(row.context) for row in rows("made")]


def test_the_fit_is_deterministic_monotone_and_learns() -> None:
    """Twice the same model, every sign as it must be, and held-out rows ranked better than by overlap."""
    samples = samples_of(rows("made") + rows("other"), EvidenceFinder())
    model = fit(samples)
    assert fit(samples) == model
    assert all(slope * SIGNS[name] > 0 for name, slope in zip(model.features, model.coefficients, strict=True))
    for result in judge(samples):
        assert result.auc > 0.95
        assert result.auc >= result.unigram_auc
        assert result.balanced_accuracy > 0.9


def test_one_label_cannot_be_fitted() -> None:
    """All supported teaches nothing."""
    supported = [row for row in rows("made") if row.supported]
    with pytest.raises(DatasetError, match="both supported and unsupported"):
        fit(samples_of(supported, EvidenceFinder()))


def test_a_fitted_folder_can_be_loaded(tmp_path: Path) -> None:
    """The file that is written is the file that the verifier reads, with the digest of its data."""
    write(tmp_path, "made", rows("made"))
    out = tmp_path / "model.json"
    report = fit_folder(tmp_path, out, HashEmbedder(), rows=1000)
    assert "made" in report
    assert load_model("words", out).features
    stored = json.loads(out.read_text(encoding="utf-8"))
    assert stored["fitted_on"] == {"made": 30}
    assert len(stored["data_sha256"]) == 64
