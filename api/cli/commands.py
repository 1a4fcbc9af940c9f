"""The command `footnote`.

What a command needs is imported when it runs: `footnote --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.core import TyperCommand

from api.cli.answers import app as answers_app
from api.cli.collections import app as collections_app
from api.cli.failures import one_line_each, recorded
from api.cli.keys import app as keys_app
from eval.cli import app as eval_app
from ingest.cli.terminal import json_line, readable, write_to_any_terminal
from rag.errors import CollectionNotFound, FootnoteError

COULD_NOT_RUN = 2
INTERRUPTED = 130

app = typer.Typer(
    name="footnote",
    help="Answers questions from your documents; every sentence has a verified footnote.",
    epilog="Start with `footnote demo`, then `footnote ingest docs/` and `footnote ask 'What is …?'`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(eval_app, name="eval")
app.add_typer(collections_app, name="collection")
app.add_typer(keys_app, name="keys")
app.add_typer(answers_app, name="answers")

Collection = Annotated[str | None, typer.Option(metavar="NAME", help="Collection (default: FOOTNOTE_COLLECTION).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Where = Annotated[
    str | None,
    typer.Option(
        "--filter", metavar="JSON", help='Only documents that match: {"type": "eq", "key": "year", "value": 2025}.'
    ),
]


class HandsOn(TyperCommand):
    """A command that reads none of its arguments: `--` and all options go to the one that is imported when it runs."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Take all of it."""
        return super().parse_args(ctx, ["--", *args])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit: 2 with one line when it could not be done, 130 when interrupted."""
    write_to_any_terminal()
    try:
        with one_line_each():
            app(args=arguments, prog_name="footnote")
    except FootnoteError as exc:
        advice = "; `footnote ingest PATH` creates one" if isinstance(exc, CollectionNotFound) else ""
        typer.echo(f"footnote: {exc}{advice}", err=True)
        sys.exit(COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as exc:  # noqa: BLE001 - whatever it is: a line for the user, the rest for the log
        typer.echo(f"footnote: {recorded(exc)}", err=True)
        sys.exit(COULD_NOT_RUN)


@app.command()
def demo() -> None:
    """Ingest the example documents and ask four questions.

    The demo has a separate store and does not change yours. Example: footnote demo
    """
    import asyncio

    from rich.console import Console

    from api.cli.demo import bundled_examples, run_demo
    from rag.settings import load_settings

    asyncio.run(run_demo(load_settings(), bundled_examples(), Console(highlight=False)))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    collection: Collection = None,
    as_json: AsJson = False,
    where: Where = None,
) -> None:
    """Answer a question. Each sentence of the answer is followed by the numbers of the quotes that support it.

    If the documents do not answer the question, the command says so and prints the closest passages; the exit code is
    then also 0.
    Example: footnote ask "How often must the battery be replaced?"
    """
    from rich.console import Console

    from api.cli.asking import Printed, answers, given_filter, whole_answer
    from api.handover import Question
    from rag.settings import load_settings

    settings = load_settings(collection=collection)
    asked = Question(readable(question), settings.collection, given_filter(where))
    with answers(settings) as place:
        if as_json:
            from api.wire import answer_to_json

            typer.echo(json_line(answer_to_json(whole_answer(place, asked))))
            return
        with Printed(Console(highlight=False)) as printed:
            place.answer(asked, printed.tell)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words, an identifier or a question.")],
    collection: Collection = None,
    as_json: AsJson = False,
    k: Annotated[
        int | None, typer.Option("-k", min=1, max=100, help="Number of passages (default: FOOTNOTE_TOP_K).")
    ] = None,
    where: Where = None,
) -> None:
    """Find passages, with the score of every retrieval stage.

    Example: footnote search "ERR-4107" -k 3
    """
    from rich.console import Console

    from api.cli.asking import answers, given_filter, say
    from api.cli.render import hit_lines
    from api.handover import Question
    from rag.settings import load_settings

    settings = load_settings(collection=collection, top_k=k)
    asked = Question(readable(query), settings.collection, given_filter(where), settings.top_k)
    with answers(settings) as place:
        hits = place.search(asked)
    if as_json:
        from api.wire import hit_to_json

        typer.echo(json_line({"query": asked.text, "hits": [hit_to_json(hit) for hit in hits]}))
    else:
        say(Console(highlight=False), *hit_lines(hits))


@app.command(cls=HandsOn, add_help_option=False)
def ingest(arguments: Annotated[list[str] | None, typer.Argument(metavar="PATH...")] = None) -> None:
    """Ingest files into a collection. Example: footnote ingest docs/"""
    from api.erasing import forget
    from ingest.cli.commands import ingest_command

    room = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    room.command(no_args_is_help=True)(ingest_command)
    room(args=arguments or [], prog_name="footnote ingest", obj=forget)


@app.command(cls=HandsOn, add_help_option=False)
def receipt(arguments: Annotated[list[str] | None, typer.Argument(metavar="FILE")] = None) -> None:
    """Print what was read of a file, and what was not. Example: footnote receipt report.pdf"""
    from ingest.cli.receipts import receipt_command

    room = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    room.command(no_args_is_help=True)(receipt_command)
    room(args=arguments or [], prog_name="footnote receipt")


@app.command()
def worker() -> None:
    """Process the queue that FOOTNOTE_QUEUE_URL names. Example: footnote worker"""
    from api.erasing import forget
    from ingest.cli.commands import worker_command

    worker_command(forget)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default: FOOTNOTE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (default: FOOTNOTE_PORT).")] = None,
) -> None:
    """Serve the REST API, which is compatible with OpenAI's clients: http://HOST:PORT/v1.

    The service also ingests files, unless FOOTNOTE_QUEUE_URL names a queue for `footnote worker`.
    Example: footnote serve --port 8080
    """
    from api.rest.serving import run_service
    from rag.settings import load_settings

    run_service(load_settings(host=host, port=port))


@app.command("mcp")
def serve_tools() -> None:
    """Serve the tools `search` and `ask` to an agent over standard input and output (Model Context Protocol).

    If `footnote serve` is running, calls are forwarded to it. Example: footnote mcp
    """
    from api.cli.tools import run_tools
    from rag.settings import load_settings

    run_tools(load_settings())


@app.command()
def doctor(collection: Collection = None, as_json: AsJson = False) -> None:
    """Check the installation, the settings, the store and the models, and explain how to repair problems.

    Exit code 0: no problem found. 1: a problem found. Example: footnote doctor
    """
    from rich.console import Console

    from api.cli.doctor import check_lines, examine, report_of

    checks = []
    console = Console(highlight=False)
    for check in examine(collection):
        checks.append(check)
        if not as_json:
            for line in check_lines(check):
                console.print(line, soft_wrap=not console.is_terminal)
    if as_json:
        typer.echo(json_line(report_of(checks)))
    raise typer.Exit(int(any(check.state == "problem" for check in checks)))
