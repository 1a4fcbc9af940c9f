"""The commands `footnote eval …`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rag.verification import Guarantee

app = typer.Typer(
    help="Measure retrieval, verification and answers; calibrate release.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Half(StrEnum):
    """Which questions of a file: all, or one half by the hash of their ids."""

    ALL = "all"
    FITTING = "fitting"
    REPORTING = "reporting"


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(metavar="BEIR_FOLDER", help="corpus.jsonl, queries.jsonl and qrels/.")],
    split: Annotated[str, typer.Option(help="File of qrels/ to evaluate on.")] = "test",
    as_json: AsJson = False,
) -> None:
    """Measure each stage of retrieval on a data set in BEIR's format.

    Example: footnote eval retrieval datasets/scifact --split test
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from eval.data import load_beir
    from eval.report.retrieval import evaluate_retrieval
    from rag.settings import load_settings

    dataset, settings = load_beir(folder, split), load_settings()
    errors = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        tasks = {"index": bar.add_task("index"), "search": bar.add_task("search")}
        result = evaluate_retrieval(
            dataset, settings, lambda stage, done, total: bar.update(tasks[stage], completed=done, total=total)
        )
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_table(result)


def _print_table(result: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    stages: Mapping[str, Mapping[str, float]] = result["stages"]
    metrics = list(next(iter(stages.values())))
    table = Table("stage", *metrics)
    for stage, scores in stages.items():
        table.add_row(stage, *(f"{scores[metric]:.1f}" for metric in metrics))
    console = Console(highlight=False)
    console.print(table)
    query_ms = result["query_ms"]
    console.print(
        f"{result['queries']} queries, {result['documents']} documents, indexed in {result['index_s']} s; "
        f"a search takes {query_ms['p50']} ms (p50), {query_ms['p95']} ms (p95)",
        soft_wrap=True,
    )


@app.command()
def verifier(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Rows of {context, claim, label}.")],
    reader: Annotated[
        str | None, typer.Option(metavar="NAME", help="auto, llm, local or hub:MODEL (default: FOOTNOTE_READER).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the verifier on labelled claims, with word overlap as the baseline.

    Example: footnote eval verifier claims.jsonl --json
    """
    from eval.report.verifier_command import run_verifier_command

    raise typer.Exit(run_verifier_command(file, reader=reader, as_json=as_json))


@app.command()
def nightly(
    golden: Annotated[Path, typer.Option(metavar="FILE", help="Golden questions, one JSON object per line.")],
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Collection (default: FOOTNOTE_COLLECTION).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask golden questions, score the answers, and compare each metric with its floor.

    Example: footnote eval nightly --golden examples/golden.jsonl --collection demo
    """
    from eval.report.nightly import run_nightly_command

    raise typer.Exit(run_nightly_command(golden, collection, as_json))


@app.command()
def moderation(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='Rows of {"text": "…", "flags": ["…"]}.')],
    as_json: AsJson = False,
) -> None:
    """Measure the configured moderator: precision, recall and AUROC by category.

    Example: footnote eval moderation eval/data/moderation_held_out.jsonl
    """
    from eval.report.moderation import run_moderation_command

    raise typer.Exit(run_moderation_command(file, as_json))


@app.command()
def calibrate(
    labelled: Annotated[Path, typer.Argument(metavar="LABELLED.jsonl", help="Rows of {context, claim, label}.")],
    risk: Annotated[
        float, typer.Option(min=0.001, max=0.9, help="Maximum share of unsupported sentences among the released ones.")
    ] = 0.05,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="Confidence of the bound.")] = 0.9,
    as_json: AsJson = False,
) -> None:
    """Choose the release threshold from labelled sentences and write a certificate.

    With the given confidence, the share of unsupported sentences among the released ones is at most the given risk.
    Fails if the labels do not show this. The certificate is stored in FOOTNOTE_DATA_DIR and takes effect at the next
    start of the service.
    Example: footnote eval calibrate labelled.jsonl --risk 0.05 --confidence 0.9
    """
    from eval.metrics import check_installed
    from eval.report.calibrate import calibrate_file
    from rag.settings import load_settings
    from rag.verification import Guarantee

    with _needing("fit"):
        check_installed()
    with _progress("verify") as told:
        certificate = calibrate_file(labelled, load_settings(), risk=risk, confidence=confidence, told=told)
    _print_guarantee(Guarantee(certificate, certificate.versions), as_json=as_json)


@app.command("calibrate-reader")
def calibrate_reader(
    labelled: Annotated[
        Path | None,
        typer.Argument(metavar="ROWS.jsonl", help="Rows of {context, claim, label} (default: the included rows)."),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Do nothing if this reader was calibrated on these rows already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Calibrate the probability of the reader on labelled claims, and find the thresholds at which it may release.

    The figures are cross-validated by context. Stored in FOOTNOTE_DATA_DIR; takes effect at the next start.
    Example: footnote eval calibrate-reader eval/data/reader_rows.jsonl
    """
    from rag.settings import load_settings

    with _needing("fit"):
        from eval.report.calibrate_reader import as_lines, calibrate_reader_file
    with _progress("read") as told:
        found = calibrate_reader_file(labelled, load_settings(), told, once=once)
    if found is None:
        typer.echo("already calibrated on these rows")
        return
    typer.echo(json.dumps(found.as_json()) if as_json else "\n".join(as_lines(found)))


@app.command()
def certificate(as_json: AsJson = False) -> None:
    """Show the certificate, and whether it is valid for the current settings and models.

    Example: footnote eval certificate
    """
    from rag.build.answerer import build_guarantee
    from rag.settings import load_settings

    _print_guarantee(build_guarantee(load_settings()), as_json=as_json)


@app.command()
def answerability(
    questions: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="Questions with passages, in the format of ClapNQ or MTRAG.")
    ],
    half: Annotated[
        Half, typer.Option(help="All questions, the half used for fitting, or the held-out half.")
    ] = Half.ALL,
    as_json: AsJson = False,
) -> None:
    """Measure how well answerable and unanswerable questions are distinguished.

    Example: footnote eval answerability clapnq.jsonl --half reporting
    """
    from eval.report.answerability import as_lines, load_questions, measure_all, passages_as_hits, report
    from rag.build.answerer import build_answerability, least_answerability
    from rag.build.models import build_embedder
    from rag.settings import load_settings

    asked, settings = load_questions(questions, half.value), load_settings()
    hits = passages_as_hits(asked, build_embedder(settings))
    found = report(measure_all(asked, hits, build_answerability(settings)), least_answerability(settings))
    typer.echo(json.dumps(found) if as_json else "\n".join(as_lines(found)))


def _print_guarantee(held: Guarantee, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(held.as_json(), ensure_ascii=False))
    else:
        typer.echo("\n".join(held.as_lines()))


@contextmanager
def _needing(extra: str) -> Iterator[None]:
    """Turns a missing library into an error that names the extra to install."""
    from rag.errors import SettingError

    try:
        yield
    except ModuleNotFoundError as exc:
        raise SettingError(f"{exc.name} is not installed; pip install 'footnote-rag[{extra}]'") from exc


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, at a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    errors = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)
