"""The command line of the benchmarks: their functions' parameters are its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from benchmarks.harness.record import DirtyTree, Result, origin, record
from benchmarks.harness.registry import Benchmark, benchmarks
from rag.errors import FootnoteError

PROGRAM = "python -m benchmarks"
_INDENT = "    "
Name = Annotated[str, typer.Option(metavar="NAME", help="The result is kept as results/NAME.json.")]
Dirty = Annotated[bool, typer.Option("--dirty", help="Measure code that no commit holds; the result is marked.")]


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark that is named first, or list all; an expected error is told in one line, and is status 1."""
    try:
        app_of(arguments)(list(arguments) or ["--help"], prog_name=PROGRAM)
    except (FootnoteError, DirtyTree) as exc:
        typer.echo(str(exc), err=True)
        return 1
    return 0


def app_of(arguments: Sequence[str]) -> typer.Typer:
    """All commands; only the one that is named is imported, so that the list is there at once."""
    app = typer.Typer(
        help="Measurements, each one command. Results are kept in benchmarks/results with machine and commit.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    for each in benchmarks():
        function = as_command(each, arguments) if [each.name] == list(arguments[:1]) else _not_imported
        app.command(each.name, help=_as_help(each.about), short_help=escape(each.line), rich_help_panel=each.folder)(
            function
        )
    return app


def as_command(benchmark: Benchmark, arguments: Sequence[str]) -> Callable[..., None]:
    """The benchmark's function; one that returns a `Result` gains `--name` and `--dirty`, and its result is kept."""
    measure = benchmark.load()
    signature = inspect.signature(measure, eval_str=True)
    if signature.return_annotation is not Result:
        return measure

    def command(*, name: str, dirty: bool, **given: Any) -> None:
        begun = origin(arguments, dirty=dirty)
        record(name, measure(**given), begun)

    more = [
        inspect.Parameter("name", inspect.Parameter.KEYWORD_ONLY, default=benchmark.name, annotation=Name),
        inspect.Parameter("dirty", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Dirty),
    ]
    signature = signature.replace(parameters=[*signature.parameters.values(), *more], return_annotation=None)
    vars(command)["__signature__"] = signature
    command.__annotations__ = {}
    return command


def _as_help(docstring: str) -> str:
    """Paragraphs are wrapped to the width of the screen, indented examples left as they stand."""
    paragraphs = escape(docstring).split("\n\n")
    return "\n\n".join(f"\b\n{each}" if each.startswith(_INDENT) else each.replace("\n", " ") for each in paragraphs)


def _not_imported() -> None:
    """Stands in the list for a benchmark that was not named."""
