"""Fit the verifier: `python -m eval.fit.verifier LABELLED_FOLDER [--documents PATH …] [--device cuda] [--cache DIR]`.

Claims made from documents and people's labels teach the encoder; so that its weight is what it is worth on data of a
new kind, it is taught once more without each data set (`eval.fit.stacking`). Rows that do not judge weigh it beside the
other measures; the rest judge the result. Deterministic. `--cache` keeps what was measured, made and taught, by recipe
and data, so that a run can go on where another stopped, or on another machine; changed code needs another folder.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import random
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.metrics import balanced_accuracy_score

from eval.data import (
    ClaimPair,
    Kept,
    at_most_of_a_kind,
    balanced_order,
    hash_number,
    hash_order,
    load_folder,
    pairs_of,
    texts_of,
)
from eval.fit.encoder import Lessons, Recipe, joined, scores, train
from eval.fit.samples import Part, Sample, is_judging, samples_of, weights_of
from eval.fit.stacking import ALL, Logits, seen, unseen, weigh
from eval.metrics import auroc
from rag.build.models import build_embedder
from rag.errors import DatasetError
from rag.evidence import EvidenceFinder, in_its_digits
from rag.models import Logistic, Remembering, WordVectors, sigmoid
from rag.models.weights import verify_shipped_model
from rag.settings import load_settings
from rag.types import FloatArray
from rag.verification import OF_VECTORS, VERIFIER_FILE, Release
from rag.verification.encoder import Encoder, fresh_encoder, save_encoder
from rag.verification.pairs import WEIGHTS_FILE, PairTokenizer, version_of

ROWS_PER_DATASET = 4000
PAIRS_PER_PIECE = 14
MOST_OF_A_KIND = 8000
MOST_TAUGHT = 2000
MADE_SHARE = 0.8
SUBTLE = frozenset({"detail", "phrase", "roles", "joined", "quantifier"})
MADE, PEOPLE = Recipe(epochs=1, rate=1.4e-4, batch=64), Recipe(epochs=2, rate=1e-4)
_SUPPORT_OF_MADE = 0.4
RECIPE = repr(
    (ROWS_PER_DATASET, PAIRS_PER_PIECE, MOST_OF_A_KIND, MOST_TAUGHT, MADE_SHARE, MADE, PEOPLE, _SUPPORT_OF_MADE)
)
_HELD_OUT = 25
_EVEN = 0.5
_STRICT_PRECISION = 0.97
_TRUE_BARRED: Mapping[str, float] = {"balanced": 0.001, "strict": 0.02}
_FLOORS = ("words_found", "pairs_found")

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """How well one data set's judging part is judged, and by overlap alone."""

    dataset: str
    rows: int
    auc: float
    balanced_accuracy: float
    words_auc: float
    pairs_auc: float


@dataclass(frozen=True, slots=True)
class Inputs:
    """A folder of *.jsonl files of {context, claim, label}, documents to make claims from, where to keep and to run."""

    labelled: Path
    documents: tuple[Path, ...] = ()
    cache: Path | None = None
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Taught:
    """What the encoders say of every sample, and the one that ships of the made claims held out, shape (m, 2)."""

    samples: tuple[Sample, ...]
    logits: Logits
    held_out: tuple[ClaimPair, ...]
    held_out_logits: FloatArray
    encoder: Encoder


def fit_folder(given: Inputs, embedder: WordVectors, weights_out: Path, model_out: Path, told: Told) -> str:
    """Fit on data sets and documents, write weights and model, and return the tables of results."""
    taught = teach_all(given, embedder, told)
    save_encoder(taught.encoder, weights_out)
    models = {
        "vectors": weigh(taught.samples, taught.logits),
        "words": weigh(taught.samples, taught.logits, drop=sorted(OF_VECTORS)),
    }
    stored = {
        "encoder_sha256": version_of(weights_out),
        "modes": modes(taught, models["vectors"]),
        "data_sha256": _digest(taught.samples),
        "rows": _counts(taught.samples),
        "date": datetime.now(UTC).date().isoformat(),
        "models": {name: model.as_json() for name, model in models.items()},
    }
    model_out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    judged = seen(taught.samples, taught.logits)
    return "\n\n".join(f"{name}\n{as_table(judge(judged, model))}" for name, model in models.items())


def teach_all(given: Inputs, embedder: WordVectors, told: Told) -> Taught:
    """Measure the rows, make the claims, teach the encoder on everything and without each data set.

    Raises:
        DatasetError: there is one data set only, so that none can be left out.
    """
    kept = Kept(given.cache, recipe=RECIPE, files=[given.labelled, *given.documents])
    samples = kept.get("samples", lambda: load_samples(given.labelled, embedder, told))
    if len({each.dataset for each in samples}) < 2:  # noqa: PLR2004
        raise DatasetError(f"{given.labelled}: to fit a verifier, at least two data sets are needed")
    judged = {row.context for rows in load_folder(given.labelled).values() for row in rows if is_judging(row.context)}
    made = kept.get("made", lambda: made_pairs(given.documents, told, without=judged))
    lessons, held_out = [each for each in made if not is_held_out(each)], [each for each in made if is_held_out(each)]
    start = kept.get("made-encoder", lambda: taught_by_documents(lessons, told, given.device))

    def left_out(name: str) -> FloatArray:
        encoder = copy.deepcopy(start)
        teach(encoder, [each for each in samples if each.dataset != name], lessons, told, given.device)
        return read(encoder, [each.pair for each in samples], given.device)

    def taught() -> Encoder:
        encoder = copy.deepcopy(start)
        teach(encoder, samples, lessons, told, given.device)
        return encoder.cpu()

    encoder = kept.get("taught-encoder", taught)
    logits = {ALL: read(encoder, [each.pair for each in samples], given.device)}
    for name in sorted({each.dataset for each in samples}):
        logits[name] = kept.get(f"left-out-{name}", partial(left_out, name))
    return Taught(tuple(samples), logits, tuple(held_out), read(encoder, held_out, given.device), encoder)


def taught_by_documents(made: Sequence[ClaimPair], told: Told, device: str = "cpu") -> Encoder:
    """An encoder that has seen claims made from documents only."""
    folder = verify_shipped_model()
    encoder = fresh_encoder(folder)
    if made:
        lessons = lessons_of_made(made, 1.0)
        train(encoder, PairTokenizer(folder), lessons, MADE, device=device, told=_progress(told, "made claims"))
    return encoder.cpu()


def teach(
    encoder: Encoder, samples: Sequence[Sample], made: Sequence[ClaimPair], told: Told, device: str = "cpu"
) -> None:
    """Train on people's labels, with made claims among them so that what those taught is not forgotten."""
    people = lessons_of_people(samples)
    again = random.Random(3).sample(made, min(len(made), round(MADE_SHARE * len(people.pairs))))
    lessons = joined(people, lessons_of_made(again, _SUPPORT_OF_MADE))
    tokenizer = PairTokenizer(verify_shipped_model())
    train(encoder, tokenizer, lessons, PEOPLE, device=device, told=_progress(told, "people's labels"))


def lessons_of_made(made: Sequence[ClaimPair], support: float) -> Lessons:
    """Made claims teach the second head; the first one too, with this weight, but for subtle alterations.

    People's labels turn on what is missing far more than on one altered word among many that agree.
    """
    labels = [[each.supported] * 2 for each in made]
    weights = [[0.0 if each.kind in SUBTLE else support, 1.0] for each in made]
    return Lessons([_as_read(each) for each in made], _rows(labels), _rows(weights))


def lessons_of_people(samples: Sequence[Sample]) -> Lessons:
    """People's labels teach the first head: at most MOST_TAUGHT of a data set, rare ones counting more."""
    chosen = at_most_of_a_kind((each.pair for each in samples if each.part is Part.TEACH), MOST_TAUGHT)
    counts = np.sqrt(weights_of([(pair.kind, pair.supported > _EVEN) for pair in chosen]))
    labels = [[each.supported] * 2 for each in chosen]
    return Lessons([_as_read(each) for each in chosen], _rows(labels), _rows([[each, 0.0] for each in counts]))


def read(encoder: Encoder, pairs: Sequence[ClaimPair], device: str = "cpu") -> FloatArray:
    """The encoder's logits, shape (n, 2)."""
    tokenizer = PairTokenizer(verify_shipped_model())
    return scores(encoder, tokenizer, [_as_read(each) for each in pairs], device=device)


def _as_read(pair: ClaimPair) -> tuple[str, str]:
    """What the encoder reads at run time, too; a claim of a sample is in its window's digits already."""
    return in_its_digits(pair.claim, pair.window), pair.window


def is_held_out(pair: ClaimPair) -> bool:
    """Whether a made claim is kept from teaching, to set the bar by: one in 25, by its window."""
    return hash_number(pair.window) % _HELD_OUT == 0


def judge(samples: Sequence[Sample], model: Logistic) -> list[Result]:
    """The results of every data set on the rows that judge."""
    results: list[Result] = []
    for dataset in sorted({sample.dataset for sample in samples}):
        judged = [each for each in samples if each.part is Part.JUDGE and each.dataset == dataset]
        if not judged:
            continue
        probabilities = [model.probability(sample.measured) for sample in judged]
        labels, released = [each.supported for each in judged], [p >= _EVEN for p in probabilities]
        floors = [_auc(judged, [sample.measured[name] for sample in judged]) for name in _FLOORS]
        accuracy = float(balanced_accuracy_score(labels, released))
        results.append(Result(dataset, len(judged), _auc(judged, probabilities), accuracy, *floors))
    return results


def modes(taught: Taught, model: Logistic) -> dict[str, dict[str, float]]:
    """What each mode of release asks for, with precision and recall on the rows that judge.

    `intact` is such that it bars 1 (`balanced`) or 20 (`strict`) of a thousand true claims made from documents and held
    out. The probability of support is even odds in `balanced`; in `strict` it is the lowest from which 97 in 100 of
    what is released is supported where an encoder had never seen the data set. Every data set and both labels count
    the same.
    """
    true = [
        sigmoid(float(each[1]))
        for pair, each in zip(taught.held_out, taught.held_out_logits, strict=True)
        if pair.supported > _EVEN
    ]
    found: dict[str, dict[str, float]] = {}
    for mode, barred in _TRUE_BARRED.items():
        intact = float(np.quantile(true, barred)) if true else 0.0
        new = [each for each in unseen(taught.samples, taught.logits) if each.part is not Part.JUDGE]
        support = _EVEN if mode == "balanced" else _strict(new, model, intact)
        judged = [each for each in seen(taught.samples, taught.logits) if each.part is Part.JUDGE]
        least = Release(round(support, 4), round(intact, 4))
        found[mode] = {"support": least.support, "intact": least.intact, **_released(judged, model, least)}
    return found


def _strict(samples: Sequence[Sample], model: Logistic, intact: float) -> float:
    grid = [float(at) for at in np.arange(0.5, 0.991, 0.01)]
    good = (at for at in grid if _released(samples, model, Release(at, intact))["precision"] >= _STRICT_PRECISION)
    return next(good, grid[-1])


def _released(samples: Sequence[Sample], model: Logistic, least: Release) -> dict[str, float]:
    weights = np.array(weights_of([(each.dataset, each.supported) for each in samples]))
    support = np.array([model.probability(each.measured) for each in samples])
    intact = np.array([sigmoid(each.measured["intact"]) for each in samples])
    out = weights * ((support >= least.support) & (intact >= least.intact))
    labels = np.array([each.supported for each in samples], dtype=float)
    precision = float(out @ labels / out.sum()) if out.sum() else 1.0
    recall = float(out @ labels / max(float(weights @ labels), 1e-9))
    return {"precision": round(precision, 4), "recall": round(recall, 4)}


def as_table(results: Sequence[Result]) -> str:
    """The results in percent, one data set a line, and their mean."""
    lines = [f"{'data set':<16}{'rows':>6}{'AUC':>8}{'BAcc':>8}{'1-gram':>8}{'2-gram':>8}"]
    lines += [_line(each.dataset, each.rows, _figures(each)) for each in results]
    columns = list(zip(*map(_figures, results), strict=True))
    means = [float(np.mean(column)) for column in columns]
    return "\n".join([*lines, _line("mean", sum(each.rows for each in results), means)])


def load_samples(folder: Path, embedder: WordVectors, told: Told) -> list[Sample]:
    """At most ROWS_PER_DATASET rows of every data set, measured."""
    finder = EvidenceFinder(Remembering(embedder))
    found: list[Sample] = []
    for name, rows in load_folder(folder).items():
        chosen = balanced_order(rows)[:ROWS_PER_DATASET]
        told(f"{name}: {len(chosen)} rows")
        found += samples_of(chosen, finder)
    return found


def made_pairs(documents: Iterable[Path], told: Told, *, without: Collection[str] = ()) -> list[ClaimPair]:
    """Claims made from the documents, but for some texts, in an order that mixes them."""
    texts = (text for text in texts_of(documents) if text not in without)
    pairs = pairs_of(texts, seed=MADE.seed, per_piece=PAIRS_PER_PIECE)
    mixed = hash_order(pairs, lambda pair: f"{pair.claim}\n{pair.window}")
    kept = at_most_of_a_kind(mixed, MOST_OF_A_KIND)
    told(f"{len(kept)} claims made from documents")
    return kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the verifier, print how well it does, and write it."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.verifier", description="Fit the verifier.")
    parser.add_argument("data", type=Path, help="folder of *.jsonl files of {context, claim, label}")
    parser.add_argument("--documents", type=Path, nargs="*", default=[], help="files and folders to make claims from")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--model", type=Path, default=VERIFIER_FILE)
    parser.add_argument("--device", default="cpu", help="where to teach: cpu, cuda or mps")
    parser.add_argument("--cache", type=Path, help="folder to keep what was measured, made and taught")
    given = parser.parse_args(arguments)
    inputs = Inputs(given.data, tuple(given.documents), given.cache, given.device)
    report = fit_folder(inputs, build_embedder(load_settings()), given.weights, given.model, _tell)
    sys.stdout.write(report + "\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def _progress(told: Told, what: str) -> Callable[[int, int, float], None]:
    return lambda step, steps, loss: told(f"{what}: step {step} of {steps}, loss {loss:.3f}")


def _counts(samples: Sequence[Sample]) -> Mapping[str, Mapping[str, int]]:
    names = sorted({sample.dataset for sample in samples})
    return {
        name: {part.value: sum(each.dataset == name and each.part is part for each in samples) for part in Part}
        for name in names
    }


def _digest(samples: Sequence[Sample]) -> str:
    digest = hashlib.sha256()
    for sample in samples:
        digest.update(json.dumps([sample.dataset, sample.claim, sample.window, sample.supported]).encode())
    return digest.hexdigest()


def _rows(rows: Sequence[Sequence[float]]) -> FloatArray:
    return np.array(rows, dtype=np.float32).reshape(len(rows), 2)


def _auc(samples: Sequence[Sample], ranked: Sequence[float] | FloatArray) -> float:
    """Area under the ROC curve; one half where only one label occurs, since nothing can be ranked."""
    labels = [sample.supported for sample in samples]
    return auroc(labels, ranked) if len(set(labels)) > 1 else 0.5


def _figures(result: Result) -> list[float]:
    return [result.auc, result.balanced_accuracy, result.words_auc, result.pairs_auc]


def _line(name: str, rows: int, figures: Sequence[float]) -> str:
    return f"{name:<16}{rows:>6}" + "".join(f"{100 * figure:>8.1f}" for figure in figures)


if __name__ == "__main__":
    raise SystemExit(main())
