"""Fitting the verifier: rows are checked, halves are fixed, and the fit is deterministic and monotone."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from eval.data.claim_pairs import ClaimPair
from eval.data.groundedness import LabelledClaim, hits_of, load_folder, load_rows
from eval.fit.encoder import Recipe, scores, train
from eval.fit.samples import Part, part_of, samples_of, weights_of
from eval.fit.stacking import ALL, fit, weigh
from eval.fit.verifier import Inputs, fit_folder, judge, lessons_of_made, lessons_of_people, main
from rag.errors import DatasetError, ModelCorrupt
from rag.evidence.finder import EvidenceFinder
from rag.models.logistic import Logistic
from rag.models.weights import verify_shipped_model
from rag.verification.checks.features import SIGNS
from rag.verification.encoder import LocalSupportEncoder, fresh_encoder
from rag.verification.model_file import encoder_version, load_model, load_modes
from rag.verification.pairs import PairTokenizer
from tests.fakes.core import HashEmbedder

pytestmark = pytest.mark.slow

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


def test_no_context_is_in_two_parts() -> None:
    """The part is a function of the context alone, and all parts occur."""
    contexts = [str(number) for number in range(100)]
    assert {part_of(context) for context in contexts} == set(Part)
    samples = samples_of(rows("made"), EvidenceFinder())
    assert {sample.part for sample in samples} <= {part_of(row.context) for row in rows("made")}


def test_the_fit_is_deterministic_monotone_and_learns() -> None:
    """Twice the same model, every sign as it must be, and rows ranked better than by overlap."""
    samples = samples_of(rows("made") + rows("other"), EvidenceFinder())
    model = fit([samples])
    assert fit([samples]) == model
    assert all(slope * SIGNS[name] > 0 for name, slope in zip(model.features, model.coefficients, strict=True))
    for result in judge(samples, model):
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
        fit([samples_of(supported, EvidenceFinder())])


def test_the_encoder_counts_for_what_it_is_worth_on_data_it_never_saw() -> None:
    """One that knows every label of its own data and nothing of other data gets little weight from the latter."""
    samples = samples_of(rows("made") + rows("other"), EvidenceFinder())
    nothing = np.zeros((len(samples), 2))
    knows = np.array([[9.0 if each.supported else -9.0, 0.0] for each in samples])
    told = weigh(samples, {ALL: knows, "made": nothing, "other": nothing})
    trusted = weigh(samples, {ALL: knows, "made": knows, "other": knows})
    assert slope_of("encoder", told) < slope_of("encoder", trusted)


def slope_of(name: str, model: Logistic) -> float:
    return dict(zip(model.features, model.coefficients, strict=True)).get(name, 0.0)


def test_a_data_set_left_out_does_not_weigh() -> None:
    """Whatever its labels are."""
    samples = samples_of(rows("made") + rows("other"), EvidenceFinder())
    wrong = [each.dataset == "other" and each.claim.startswith("Whales") for each in samples]
    turned = [replace(each, supported=each.supported or turn) for each, turn in zip(samples, wrong, strict=True)]
    logits = dict.fromkeys((ALL, "made", "other"), np.zeros((len(samples), 2)))
    assert weigh(samples, logits, without="other") == weigh(turned, logits, without="other")
    assert weigh(samples, logits) != weigh(turned, logits)


def test_subtle_alterations_teach_the_second_head_alone() -> None:
    """People's labels teach the first one alone."""
    made = [ClaimPair("a", "b", 0.0, kind) for kind in ("detail", "number")]
    assert np.allclose(lessons_of_made(made, 0.4).weights, [[0, 1], [0.4, 1]])
    people = lessons_of_people(samples_of(rows("made"), EvidenceFinder()))
    assert len(people.pairs) > 0
    assert (people.weights[:, 0] > 0).all()
    assert (people.weights[:, 1] == 0).all()


def test_one_data_set_is_too_few(tmp_path: Path) -> None:
    """None could be left out, so that nobody would know what the encoder is worth on new data."""
    write(tmp_path, "made", rows("made"))
    with pytest.raises(DatasetError, match="at least two data sets"):
        fit_folder(Inputs(tmp_path), HashEmbedder(), tmp_path / "weights", tmp_path / "model", lambda _line: None)


@dataclass(frozen=True)
class Fitted:
    """What the command was told, what it printed, and the files it wrote."""

    arguments: list[str]
    printed: str
    weights: Path
    model: Path


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """The command on two data sets and one document, with the shipped embedding model; it teaches three encoders."""
    folder = tmp_path_factory.mktemp("fitted")
    (folder / "data").mkdir()
    for name in ("made", "other"):
        write(folder / "data", name, rows(name))
    documents = folder / "about.txt"
    documents.write_text(
        " ".join(f"The {thing} was built by the city in winter." for thing in THINGS), encoding="utf-8"
    )
    weights, model = folder / "encoder.safetensors", folder / "model.json"
    given = [str(folder / "data"), f"--weights={weights}", f"--model={model}", f"--cache={folder / 'cache'}"]
    given += ["--documents", str(documents)]
    return Fitted(given, printed_by(given), weights, model)


def printed_by(arguments: list[str]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()):
        assert main(arguments) == 0
    return printed.getvalue()


def test_a_fitted_folder_can_be_loaded(fitted: Fitted) -> None:
    """Weights and model are what the verifier reads; the model names its weights and the digest of its data."""
    assert "data set" in fitted.printed
    assert "made" in fitted.printed
    assert load_model("words", fitted.model).features
    assert set(load_modes(fitted.model)) == {"strict", "balanced"}
    version = encoder_version(fitted.model)
    read = LocalSupportEncoder(version, fitted.weights).logits([("The city built it.", "The city built it.")])
    assert read.shape == (1, 2)
    with pytest.raises(ModelCorrupt, match=r"encoder\.safetensors"):
        LocalSupportEncoder(version[::-1], fitted.weights)
    assert len(json.loads(fitted.model.read_text(encoding="utf-8"))["data_sha256"]) == 64


def test_what_was_kept_is_not_taught_again(fitted: Fitted) -> None:
    """From the cache come the same files, byte by byte, and the same report."""
    first = fitted.model.read_bytes(), fitted.weights.read_bytes()
    assert printed_by(fitted.arguments) == fitted.printed
    assert (fitted.model.read_bytes(), fitted.weights.read_bytes()) == first


def taught(pairs: list[ClaimPair], recipe: Recipe) -> np.ndarray:
    """What a fresh encoder says of the pairs it was taught."""
    folder = verify_shipped_model()
    encoder, tokenizer = fresh_encoder(folder), PairTokenizer(folder)
    train(encoder, tokenizer, lessons_of_made(pairs, 1.0), recipe)
    return scores(encoder, tokenizer, [(pair.claim, pair.window) for pair in pairs])


def about(*things: str) -> list[ClaimPair]:
    return [
        ClaimPair(f"The {t} is {c}.", f"The {t} is old.", float(c == "old"), "x")
        for t in things
        for c in ("old", "new")
    ]


def test_training_twice_gives_the_same_weights() -> None:
    """Same pairs, same seed, same machine: the same logits."""
    pairs, recipe = about(*THINGS[:2]), Recipe(epochs=1, rate=1e-4, batch=2)
    first = taught(pairs, recipe)
    assert np.array_equal(first, taught(pairs, recipe))
    assert not np.array_equal(first, taught(pairs, replace(recipe, seed=8)))


def test_training_learns_the_labels() -> None:
    """Of the pairs it is given."""
    pairs = about(*THINGS)
    wanted = np.array([[pair.supported == 1] * 2 for pair in pairs])
    assert ((taught(pairs, Recipe(epochs=8, rate=1e-4, batch=4)) > 0) == wanted).mean() > 0.9
