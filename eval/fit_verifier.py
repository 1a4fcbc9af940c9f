"""Fit the verifier: `python -m eval.fit_verifier LABELLED_FOLDER [--documents PATH …]`.

Three steps, each deterministic: claims made from documents and people's labels teach the encoder; other labels weigh
its logit beside the other measures; the rest judge the result. Every data set counts the same, and within it both
labels do, so that probabilities are calibrated for an even prior. What it is worth on data of a new kind:
`python -m benchmarks.verifier`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from eval.claim_pairs import ClaimPair, at_most_of_a_kind, pairs_of
from eval.documents import texts_of
from eval.fit_encoder import Recipe, scores, train
from eval.groundedness import balanced_order, load_folder
from eval.samples import Part, Sample, is_judging, samples_of, weights_of, with_encoder, without
from rag.embedding_local import verify_shipped_model
from rag.errors import DatasetError
from rag.evidence import EvidenceFinder, SentenceEmbedder
from rag.logistic import Logistic
from rag.support_encoder import WEIGHTS_FILE, Encoder, PairTokenizer, fresh_encoder, save_encoder, version_of
from rag.types import FloatArray
from rag.verifier import MODEL_FILE, SIGNS

ROWS_PER_DATASET = 4000
PAIRS_PER_PIECE = 5
MOST_OF_A_KIND = 3500
MADE_FIRST = 24_000
MADE_SHARE = 0.4
MOST_TAUGHT = 800
MADE, PEOPLE = Recipe(epochs=1, rate=1e-4), Recipe(epochs=2, rate=6e-5)
_PENALTY = 1.0
_EVEN = 0.5
_STRICT_PRECISION = 0.9
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


def fit(samples: Sequence[Sample]) -> Logistic:
    """The model of these samples; features whose coefficient would have the wrong sign are left out.

    Raises:
        DatasetError: only one label occurs.
    """
    if len({sample.supported for sample in samples}) < 2:  # noqa: PLR2004
        raise DatasetError("to fit a verifier, both supported and unsupported claims are needed")
    names = [name for name in SIGNS if name in samples[0].measured and _varies(samples, name)]
    labels = np.array([sample.supported for sample in samples], dtype=int)
    weights = np.array(weights_of([(sample.dataset, sample.supported) for sample in samples]))
    while True:
        raw = np.array([[sample.measured[name] for name in names] for sample in samples])
        means = np.average(raw, axis=0, weights=weights)
        scales = np.sqrt(np.average((raw - means) ** 2, axis=0, weights=weights))
        regression = LogisticRegression(C=_PENALTY, max_iter=2000)
        regression.fit((raw - means) / scales, labels, sample_weight=weights)
        slopes = [float(slope) for slope in regression.coef_[0]]
        signed = [(slope * SIGNS[name], name) for name, slope in zip(names, slopes, strict=True)]
        if min(signed)[0] > 0:
            break
        names.remove(min(signed)[1])
    columns = (tuple(names), tuple(slopes), tuple(map(float, means)), tuple(map(float, scales)))
    return Logistic(*columns, float(regression.intercept_[0]))


def taught_by_documents(made: Sequence[ClaimPair], told: Told) -> Encoder:
    """An encoder that has seen claims made from documents only."""
    folder = verify_shipped_model()
    encoder = fresh_encoder(folder)
    first = made[:MADE_FIRST]
    if first:
        ones = np.ones(len(first), dtype=np.float32)
        train(encoder, PairTokenizer(folder), first, ones, MADE, told=_progress(told, "made claims"))
    return encoder


def teach(encoder: Encoder, samples: Sequence[Sample], made: Sequence[ClaimPair], told: Told) -> None:
    """Train on people's labels, with new made claims among them so that what those taught is not forgotten.

    At most MOST_TAUGHT rows of a data set, so that a large one does not outweigh the others' variety.
    """
    people = at_most_of_a_kind((each.pair for each in samples if each.part is Part.TEACH), MOST_TAUGHT)
    mixed = [*people, *made[MADE_FIRST:][: round(MADE_SHARE * len(people))]]
    counts = weights_of([(pair.kind, pair.supported > _EVEN) for pair in people])
    weights = np.array([*np.sqrt(counts), *[1.0] * (len(mixed) - len(people))], dtype=np.float32)
    tokenizer = PairTokenizer(verify_shipped_model())
    train(encoder, tokenizer, mixed, weights, PEOPLE, told=_progress(told, "people's labels"))


def read(encoder: Encoder, samples: Sequence[Sample]) -> list[Sample]:
    """The samples with the encoder's logits among their measures."""
    tokenizer = PairTokenizer(verify_shipped_model())
    return with_encoder(samples, scores(encoder, tokenizer, [(each.claim, each.window) for each in samples]))


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


def weigh(samples: Iterable[Sample]) -> Logistic:
    """The model of the rows that weigh."""
    return fit([each for each in samples if each.part is Part.WEIGH])


def thresholds(samples: Sequence[Sample], model: Logistic) -> dict[str, dict[str, float]]:
    """The threshold of each mode, chosen on the rows that weigh; precision and recall on those that judge.

    `balanced` is even odds. `strict` is the lowest threshold from which nine tenths of what is released is supported,
    every data set and both labels counting the same.
    """
    chosen = {"balanced": _EVEN, "strict": _strict(*_scored(samples, Part.WEIGH, model))}
    judged = _scored(samples, Part.JUDGE, model)
    return {mode: {"threshold": round(at, 4), **_released(at, *judged)} for mode, at in chosen.items()}


def _strict(labels: FloatArray, probabilities: FloatArray, weights: FloatArray) -> float:
    grid = np.arange(0.5, 0.991, 0.01)
    good = [at for at in grid if _released(at, labels, probabilities, weights)["precision"] >= _STRICT_PRECISION]
    return float(min(good, default=grid[-1]))


def _released(at: float, labels: FloatArray, probabilities: FloatArray, weights: FloatArray) -> dict[str, float]:
    out, right = weights * (probabilities >= at), weights * (probabilities >= at) * labels
    precision = float(right.sum() / out.sum()) if out.sum() else 1.0
    return {"precision": round(precision, 4), "recall": round(float(right.sum() / (weights * labels).sum()), 4)}


def _scored(samples: Sequence[Sample], part: Part, model: Logistic) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Labels, probabilities and weights of the rows of a part, each of shape (n,)."""
    rows = [each for each in samples if each.part is part]
    weights = weights_of([(each.dataset, each.supported) for each in rows])
    columns = ([each.supported for each in rows], [model.probability(each.measured) for each in rows], weights)
    labels, probabilities, counts = (np.array(column, dtype=np.float32) for column in columns)
    return labels, probabilities, counts


def as_table(results: Sequence[Result]) -> str:
    """The results in percent, one data set a line, and their mean."""
    lines = [f"{'data set':<16}{'rows':>6}{'AUC':>8}{'BAcc':>8}{'1-gram':>8}{'2-gram':>8}"]
    lines += [_line(each.dataset, each.rows, _figures(each)) for each in results]
    columns = list(zip(*map(_figures, results), strict=True))
    means = [float(np.mean(column)) for column in columns]
    return "\n".join([*lines, _line("mean", sum(each.rows for each in results), means)])


@dataclass(frozen=True, slots=True)
class Inputs:
    """A folder of *.jsonl files of {context, claim, label}, and files and folders to make claims from."""

    labelled: Path
    documents: tuple[Path, ...] = ()


def fit_folder(given: Inputs, embedder: SentenceEmbedder, weights_out: Path, model_out: Path, told: Told) -> str:
    """Fit on data sets and documents, write weights and model, and return the tables of results."""
    samples = load_samples(given.labelled, embedder, told)
    judged = {row.context for rows in load_folder(given.labelled).values() for row in rows if is_judging(row.context)}
    made = made_pairs(given.documents, told, without=judged)
    encoder = taught_by_documents(made, told)
    teach(encoder, samples, made, told)
    save_encoder(encoder, weights_out)
    samples = read(encoder, samples)
    variants = {"vectors": samples, "words": without(samples, "cosine")}
    models = {name: weigh(variant) for name, variant in variants.items()}
    stored = {
        "encoder_sha256": version_of(weights_out),
        "thresholds": thresholds(samples, models["vectors"]),
        "data_sha256": _digest(samples),
        "rows": _counts(samples),
        "made_pairs": len(made),
        "date": datetime.now(UTC).date().isoformat(),
        "models": {name: model.as_json() for name, model in models.items()},
    }
    model_out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return "\n\n".join(f"{name}\n{as_table(judge(variants[name], model))}" for name, model in models.items())


def load_samples(folder: Path, embedder: SentenceEmbedder, told: Told) -> list[Sample]:
    """At most ROWS_PER_DATASET rows of every data set, measured."""
    finder = EvidenceFinder(embedder)
    found: list[Sample] = []
    for name, rows in load_folder(folder).items():
        chosen = balanced_order(rows)[:ROWS_PER_DATASET]
        told(f"{name}: {len(chosen)} rows")
        found += samples_of(chosen, finder)
    return found


def made_pairs(documents: Iterable[Path], told: Told, *, without: Collection[str] = ()) -> list[ClaimPair]:
    """Claims made from the documents, but for some texts, in an order that mixes them."""
    texts = (text for text in texts_of(documents) if text not in without)
    pairs = list(pairs_of(texts, seed=MADE.seed, per_piece=PAIRS_PER_PIECE))
    pairs.sort(key=lambda pair: hashlib.sha256(f"{pair.claim}\n{pair.window}".encode()).digest())
    kept = at_most_of_a_kind(pairs, MOST_OF_A_KIND)
    told(f"{len(kept)} claims made from documents")
    return kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the verifier, print how well it does, and write it."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_verifier", description="Fit the verifier.")
    parser.add_argument("data", type=Path, help="folder of *.jsonl files of {context, claim, label}")
    parser.add_argument("--documents", type=Path, nargs="*", default=[], help="files and folders to make claims from")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--model", type=Path, default=MODEL_FILE)
    given = parser.parse_args(arguments)
    report = fit_folder(given.data, given.documents, given.weights, given.model, _tell)
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


def _varies(samples: Sequence[Sample], name: str) -> bool:
    return len({sample.measured[name] for sample in samples}) > 1


def _auc(samples: Sequence[Sample], ranked: Sequence[float] | FloatArray) -> float:
    """Area under the ROC curve; one half where only one label occurs, since nothing can be ranked."""
    labels = [sample.supported for sample in samples]
    return float(roc_auc_score(labels, ranked)) if len(set(labels)) > 1 else 0.5


def _figures(result: Result) -> list[float]:
    return [result.auc, result.balanced_accuracy, result.words_auc, result.pairs_auc]


def _line(name: str, rows: int, figures: Sequence[float]) -> str:
    return f"{name:<16}{rows:>6}" + "".join(f"{100 * figure:>8.1f}" for figure in figures)


if __name__ == "__main__":
    raise SystemExit(main())
