"""The commands `footnote eval …`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Measure how well passages are found and how well answers are grounded.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(metavar="BEIR_FOLDER", help="corpus.jsonl, queries.jsonl and qrels/.")],
    split: Annotated[str, typer.Option(help="Which file of qrels/ to judge by.")] = "test",
    as_json: AsJson = False,
) -> None:
    """Measure retrieval, stage by stage, on a dataset in BEIR's format.

    Example: footnote eval retrieval datasets/scifact --split test
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from eval.beir import load_beir
    from eval.retrieval import evaluate_retrieval
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
    judge: Annotated[bool, typer.Option("--judge", help="Ask the language model of FOOTNOTE_LLM_URL too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure the verifier on labelled claims, beside plain overlap of words.

    Example: footnote eval verifier claims.jsonl --json
    """
    from eval.verifier_command import run_verifier_command

    raise typer.Exit(run_verifier_command(file, judge=judge, as_json=as_json))


@app.command()
def nightly(
    golden: Annotated[Path, typer.Option(metavar="FILE", help="Questions whose answers are known, one JSON a line.")],
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Collection to ask; otherwise FOOTNOTE_COLLECTION.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the golden questions and score the answers: what is supported, right, complete, or rightly refused.

    Example: footnote eval nightly --golden examples/golden.jsonl --collection demo
    """
    from eval.nightly import run_nightly_command

    raise typer.Exit(run_nightly_command(golden, collection, as_json))


@app.command()
def moderation(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='Rows of {"text": "…", "flags": ["…"]}.')],
    as_json: AsJson = False,
) -> None:
    """Measure the moderator that is set: precision, recall and AUROC by category.

    Example: footnote eval moderation eval/moderation_held_out.jsonl
    """
    from eval.moderation import run_moderation_command

    raise typer.Exit(run_moderation_command(file, as_json))
