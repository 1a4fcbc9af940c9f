"""Fitting the verifier: rows are checked, halves are fixed, and the fit is deterministic and monotone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.data.groundedness import LabelledClaim, hits_of, load_folder, load_rows
from eval.data.groups import groups_of, held_out_of
from eval.fit.regression import fit
from eval.fit.samples import samples_of, weights_of
from eval.fit.verifier import evaluate, main, models_left_out
from rag.errors import DatasetError
from rag.evidence.finder import EvidenceFinder
from rag.verification.checks.features import SIGNS
from rag.verification.model_file import load_model, load_modes

THINGS = ["bridge", "tower", "harbour", "library", "theatre", "market", "station", "garden", "museum", "school"]


WHALES = "Whales sing to their young in {} winter."


def rows(dataset: str) -> list[LabelledClaim]:
    """For each thing, a context with a faithful, a changed and an unrelated claim."""
    found: list[LabelledClaim] = []
    for number, thing in enumerate(THINGS, 20):
        context = (
            f"The {thing} was built in 19{number} by the city. Visitors of the {thing} pay nothing on {number} days."
        )
        found.append(LabelledClaim(dataset, context, f"The city built the {thing} in 19{number}.", supported=True))
        found.append(LabelledClaim(dataset, context, f"The city built the {thing} in 18{number}.", supported=False))
        found.append(LabelledClaim(dataset, context, WHALES.format(number), supported=False))
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


def test_no_context_and_no_claim_is_on_both_sides() -> None:
    """Whatever its case, spaces and punctuation; rows that are tied by others count as one group, too."""
    tied = [("One boat.", "It is a boat."), ("one  BOAT", "It has oars."), ("Two sheds.", "it has oars")]
    found = groups_of([LabelledClaim("a", context, claim, supported=True) for context, claim in [*tied, ("x", "y")]])
    assert len(set(found[:3])) == 1
    assert found[3] not in found[:3]
    given = rows("made") + rows("other")
    held_out = held_out_of([given])
    assert 0 < len(held_out) < len(given)
    assert not {row.claim for row in held_out} & {row.claim for row in given if row not in held_out}


def test_the_fit_is_deterministic_monotone_and_learns() -> None:
    """Twice the same model, every sign as it must be, and rows ranked better than by overlap."""
    samples = samples_of(rows("made") + rows("other"), EvidenceFinder())
    model = fit(samples)
    assert fit(samples) == model
    assert all(slope * SIGNS[name] > 0 for name, slope in zip(model.features, model.coefficients, strict=True))
    for result in evaluate(samples, model):
        assert result.auc > 0.95
        assert result.auc >= result.words_auc
        assert result.balanced_accuracy > 0.9


def test_every_data_set_and_label_counts_the_same() -> None:
    """However many rows each has."""
    groups = [("a", True)] * 8 + [("a", False)] * 2 + [("b", True)] + [("b", False)] * 5
    weights = weights_of(groups)
    sums = {group: sum(w for g, w in zip(groups, weights, strict=True) if g == group) for group in set(groups)}
    assert all(total == pytest.approx(4) for total in sums.values())


def test_one_label_cannot_be_fitted() -> None:
    """All supported teaches nothing."""
    supported = [row for row in rows("made") if row.supported]
    with pytest.raises(DatasetError, match="both supported and unsupported"):
        fit(samples_of(supported, EvidenceFinder()))


def test_a_family_left_out_does_not_count() -> None:
    """Whatever its labels are; sets of one maker are left out together."""
    samples = samples_of(rows("made_one") + rows("made_two") + rows("other"), EvidenceFinder())
    wrong = [each.family == "made" and each.claim.startswith("Whales") for each in samples]
    turned = [replace(each, supported=each.supported or turn) for each, turn in zip(samples, wrong, strict=True)]
    assert set(models_left_out(samples)) == {"made", "other"}
    assert models_left_out(samples)["made"] == models_left_out(turned)["made"]
    assert models_left_out(samples)["other"] != models_left_out(turned)["other"]


def test_one_family_is_too_few() -> None:
    """None could be left out, so that nobody would know what the model is worth on new data."""
    with pytest.raises(DatasetError, match="two families"):
        models_left_out(samples_of(rows("made"), EvidenceFinder()))


@pytest.mark.slow
def test_a_fitted_folder_can_be_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The model is what the verifier reads, names the digest of its data, and is the same a second time."""
    (tmp_path / "data").mkdir()
    for name in ("made", "other"):
        write(tmp_path / "data", name, rows(name))
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    for file in files:
        assert main([str(tmp_path / "data"), f"--model={file}"]) == 0
    assert "made" in capsys.readouterr().out
    assert load_model("words", files[0]).features
    assert set(load_modes(files[0])) == {"strict", "balanced"}
    assert len(json.loads(files[0].read_text(encoding="utf-8"))["data_sha256"]) == 64
    assert files[0].read_bytes() == files[1].read_bytes()
