"""How often a calibrated threshold breaks its promise, over random halves of labelled claims.

    python -m benchmarks guarantee FOLDER_OF_GROUNDEDNESS [--scores scores.jsonl] [--plot docs/research/guarantee.svg]

Reads the held-out half of every `*.jsonl` of `{context, claim, label}` in the folder: claims the verifier was not
fitted on. Their scores are kept in `--scores`, and made anew when the verifier is another one.

A run draws half of the claims, calibrates on them, and evaluates on the other half. That estimate is noisy: the halves
of a finite set are opposites, so where one looks too good the other looks too bad. The second estimate has no such
noise: it calibrates on as many claims drawn with replacement, and evaluates on all of them, which are then the
population itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.harness import LabelledFolder, Result, table
from benchmarks.verifier.claim_sample import held_out_rows
from eval.data import read_jsonl, write_jsonl
from eval.metrics import Scored, choose, released_needed
from eval.report.calibrate import score_rows
from rag.build.answerer import build_finder, build_verifier
from rag.errors import NoGuarantee
from rag.settings import load_settings
from rag.verification import versions_of

RISKS = (0.05, 0.1, 0.2)
CONFIDENCE = 0.9
RUNS = 200
OBSERVED = (0.0, 0.01, 0.02)


@dataclass(frozen=True, slots=True)
class Run:
    """One calibration, evaluated: the share of unsupported among the released, and of released among all."""

    risk: float
    coverage: float
    threshold: float


def scores_of(folder: Path, rows: int, kept: Path) -> dict[str, list[Scored]]:
    """The held-out claims of every dataset as the built verifier sees them, from `kept` if it is of this verifier."""
    settings = load_settings()
    verifier = versions_of(settings).verifier
    wanted = {"verifier": verifier, "embedding": settings.embedding_model, "rows": rows}
    if kept.exists():
        head, *lines = read_jsonl(kept)
        if head == wanted:
            return {line["dataset"]: [Scored(**each) for each in line["claims"]] for line in lines}
    finder = build_finder(settings)
    found: dict[str, list[Scored]] = {}
    for name, dataset in held_out_rows(folder).items():
        chosen = dataset[:rows]
        found[name] = score_rows(chosen, finder, build_verifier(settings, finder, threshold=0.0))
        print(f"{name}: {len(chosen)} claims scored", flush=True)
    of_sets = ({"dataset": name, "claims": [asdict(each) for each in scored]} for name, scored in found.items())
    write_jsonl(kept, [wanted, *of_sets])
    return found


def evaluated(scored: Sequence[Scored], threshold: float) -> Run:
    """What a threshold does on these claims."""
    released = [each for each in scored if each.released(threshold)]
    wrong = sum(not each.supported for each in released)
    return Run(wrong / max(1, len(released)), len(released) / len(scored), threshold)


def simulate(scored: Sequence[Scored], risk: float, *, replace: bool, runs: int = RUNS) -> list[Run | None]:
    """Runs in a fixed random order; None where calibration refused."""
    random = np.random.default_rng(0)
    half = len(scored) // 2
    found: list[Run | None] = []
    for _ in range(runs):
        order = random.integers(0, len(scored), half) if replace else random.permutation(len(scored))
        others = scored if replace else [scored[i] for i in order[half:]]
        try:
            chosen = choose([scored[i] for i in order[:half]], risk=risk, confidence=CONFIDENCE)
        except NoGuarantee:
            found.append(None)
        else:
            found.append(evaluated(others, chosen.threshold))
    return found


def summary(runs: Sequence[Run | None], risk: float) -> dict[str, float | None]:
    """Shares over all runs, a refusal among them as one that kept its promise; means over those not refused."""
    given = [run for run in runs if run]
    return {
        "refused": round(1 - len(given) / len(runs), 3),
        "exceeded": round(sum(run.risk > risk for run in given) / len(runs), 3),
        "mean_risk": round(float(np.mean([run.risk for run in given])), 4) if given else None,
        "coverage": round(float(np.mean([run.coverage for run in given])), 4) if given else None,
        "threshold": round(float(np.median([run.threshold for run in given])), 4) if given else None,
    }


def as_table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """One line a target."""
    head = (
        "target",
        "claims to calibrate on",
        "refused",
        "risk above target, other half",
        "risk above target, population",
        "mean risk",
        "coverage",
    )
    return table(head, (_cells(float(risk), found) for risk, found in results.items()))


def _cells(risk: float, found: Mapping[str, Any]) -> list[object]:
    half, whole = found["other_half"], found["population"]
    shown = ["" if half[name] is None else f"{half[name]:.1%}" for name in ("mean_risk", "coverage")]
    shares = [half["refused"], half["exceeded"], whole["exceeded"]]
    return [f"{risk:.0%}", found["labels"], *(f"{share:.1%}" for share in shares), *shown]


def needed_table() -> str:
    """How many released sentences it takes, at several observed shares of unsupported ones."""
    head = ("risk", "confidence", "released sentences, if none is unsupported", "if 1% are", "if 2% are")
    return table(
        head,
        (
            [f"{risk:.0%}", f"{confidence:.0%}", *(released_needed(share, risk, confidence) for share in OBSERVED)]
            for risk, confidence in ((0.05, 0.9), (0.05, 0.95), (0.1, 0.9), (0.2, 0.9))
        ),
    )


def curve(scored: Sequence[Scored]) -> list[tuple[float, float, float]]:
    """Threshold, coverage and risk on all claims: what any calibration could reach."""
    found = [evaluated(scored, threshold) for threshold in (0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)]
    return [(run.threshold, round(run.coverage, 4), round(run.risk, 4)) for run in found]


def plot(path: Path, runs: dict[float, list[Run | None]]) -> None:
    """A histogram of the runs' true risks for each target, as a small SVG."""
    import matplotlib as mpl  # noqa: PLC0415 - drawing is optional
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "footnote", "font.size": 9})
    figure = Figure(figsize=(8, 2.6), layout="constrained")
    for axes, (risk, found) in zip(figure.subplots(1, len(runs)), runs.items(), strict=True):
        given = [100 * run.risk for run in found if run]
        limit = 100 * risk
        axes.hist(given, bins=np.linspace(0, 2 * limit, 25), color="#4477aa")
        axes.axvline(limit, color="#cc3311", linewidth=1.5)
        above = sum(each > limit for each in given)
        axes.set_title(
            f"target {risk:.0%}: {above} of {len(found)} above, {len(found) - len(given)} refused", fontsize=8
        )
        axes.set_xlabel("unsupported among released, %")
        axes.set_yticks([])
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def benchmark(
    folder: LabelledFolder,
    rows: Annotated[int, typer.Option(help="Most held-out claims of one dataset.")] = 600,
    scores: Annotated[Path, typer.Option(help="File to keep the scores in.")] = Path("guarantee-scores.jsonl"),
    plot_to: Annotated[Path | None, typer.Option("--plot", help="An SVG of the runs' risks.")] = None,
) -> Result:
    datasets = scores_of(folder, rows, scores)
    scored = [each for found in datasets.values() for each in found]
    results: dict[str, dict[str, Any]] = {}
    drawn: dict[float, list[Run | None]] = {}
    for risk in RISKS:
        drawn[risk] = simulate(scored, risk, replace=False)
        population = simulate(scored, risk, replace=True)
        results[str(risk)] = {
            "labels": len(scored) // 2,
            "other_half": summary(drawn[risk], risk),
            "population": summary(population, risk),
        }
    if plot_to:
        plot(plot_to, drawn)
    print(f"{as_table(results)}\n\n{needed_table()}")
    return Result(
        {
            "claims": {name: len(found) for name, found in datasets.items()},
            "confidence": CONFIDENCE,
            "runs": RUNS,
            "curve": curve(scored),
            "targets": results,
        }
    )
