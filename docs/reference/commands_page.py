"""Write docs/reference/commands.md from the command line itself: `make docs`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from api.cli.commands import app
from ingest.cli.commands import ingest_command
from ingest.cli.receipts import receipt_command

PAGE = Path(__file__).with_name("commands.md")
_HEAD = """# Commands

Everything the command `footnote` can do. `footnote COMMAND --help` prints the same on the terminal.

<!-- Written by `make docs` from the command line; do not edit. -->

"""
# `footnote` hands the arguments of these on as they are, so that it starts quickly.
_HANDED_ON = {"ingest": ingest_command, "receipt": receipt_command}


def page() -> str:
    """The whole page: an index, then a section for each command."""
    found = list(_commands(typer.main.get_command(app), "footnote"))
    index = "".join(f"- [`{path}`](#{path.replace(' ', '-')}): {_summary(each)}\n" for path, each in found)
    return _HEAD + index + "".join(_section(path, each) for path, each in found)


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The commands that do something, groups before their members left out."""
    for name, each in getattr(command, "commands", {}).items():
        here = f"{path} {name}"
        if hasattr(each, "commands"):
            yield from _commands(each, here)
        else:
            yield here, _single(_HANDED_ON[name]) if name in _HANDED_ON else each


def _single(function: Any) -> Any:
    alone = typer.Typer(add_completion=False)
    alone.command()(function)
    return typer.main.get_command(alone)


def _summary(command: Any) -> str:
    return _help(command).partition("\n")[0].partition(" Example:")[0]


def _help(command: Any) -> str:
    return inspect.cleandoc(command.help or "")


def _section(path: str, command: Any) -> str:
    parameters = [each for each in command.params if not getattr(each, "hidden", False) and each.name != "help"]
    usage = " ".join([path, *(_written(each) for each in parameters if each.param_type_name == "argument")])
    options = any(each.param_type_name == "option" for each in parameters)
    text = f"\n## {path}\n\n{_help(command)}\n\n```text\n{usage}{' [OPTIONS]' if options else ''}\n```\n"
    rows = "".join(_row(each) for each in parameters)
    return text + (f"\n| Argument or option | What it does |\n| --- | --- |\n{rows}" if rows else "")


def _row(parameter: Any) -> str:
    told = " ".join((parameter.help or "").split())
    default = parameter.default
    if default is not None and not callable(default) and not isinstance(default, bool):
        told = f"{told} Default: `{default}`.".strip()
    cells = (f"`{_written(parameter)}`", told)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _written(parameter: Any) -> str:
    value = (parameter.metavar or parameter.name.upper()).strip("[]")
    if parameter.param_type_name == "argument":
        return value if parameter.required or "..." in value else f"[{value}]"
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return names if getattr(parameter, "is_flag", False) else f"{names} {value}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
