"""The commands `footnote answers …`: show and replay answers that the service stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.terminal import json_line

if TYPE_CHECKING:
    from api.storage import GivenAnswer
    from rag.settings import Settings

app = typer.Typer(
    help="Show and replay answers that the service stored.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

AnswerId = Annotated[str, typer.Argument(metavar="ID", help="Id of a chat completion, a response or a replay.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("show")
def show_answer(answer_id: AnswerId, as_json: AsJson = False) -> None:
    """Print a stored answer with its footnotes.

    Example: footnote answers show chatcmpl-4f0c9b
    """
    from rag.settings import load_settings

    given = _given(load_settings(), answer_id)
    if as_json:
        typer.echo(json_line(dict(given.record)))
    else:
        _print(given)


@app.command("replay")
def replay_answer(answer_id: AnswerId, as_json: AsJson = False) -> None:
    """Ask the question of a stored answer again and print the differences.

    Example: footnote answers replay chatcmpl-4f0c9b
    """
    from rich.console import Console
    from rich.text import Text

    from api.cli import asking
    from api.cli.render import whole_answer
    from api.handover import Question
    from api.memory import asked_of
    from api.replaying import difference
    from api.wire import answer_to_json
    from rag.settings import load_settings

    settings = load_settings()
    given = _given(settings, answer_id)
    asked = asked_of(given)
    question = Question(asked.question, asked.collection, asked.filter, history=tuple(asked.history))
    with asking.answers(settings.model_copy(update={"collection": asked.collection})) as place:
        now = asking.whole_answer(place, question)
    found = difference(given.record, now)
    if as_json:
        told = {"replay_of": given.id, "same": found.same, "added": found.added, "removed": found.removed}
        typer.echo(json_line({**told, "evidence": answer_to_json(now)}))
        return
    lines = [*whole_answer(now), Text()]
    lines += [Text("The same as before.")] if found.same else []
    lines += [Text(f"+ {text}", style="green") for text in found.added]
    lines += [Text(f"- {text}", style="red") for text in found.removed]
    asking.say(Console(highlight=False), *lines)


def _print(given: GivenAnswer) -> None:
    from rich.console import Console
    from rich.text import Text

    from api.cli.asking import say
    from api.cli.render import whole_answer
    from api.wire import answer_of

    head = Text.assemble((str(given.asked["question"]), "bold"), (f"  ({given.kind}, {given.collection})", "dim"))
    say(Console(highlight=False), head, Text(), *whole_answer(answer_of(given.record)))


def _given(settings: Settings, answer_id: str) -> GivenAnswer:
    """The answer of this id, whoever it was given to: who may read the database may read all of it.

    Raises:
        NotStored, DatabaseFailed.
    """
    from api.memory import opened_memory

    with opened_memory(settings) as memory:
        return memory.any(answer_id)
