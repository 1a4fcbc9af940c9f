"""`python -m eval …` is `footnote eval …`."""

import sys

import typer

from eval.cli import app
from rag.errors import FootnoteError

COULD_NOT_RUN = 2

if __name__ == "__main__":
    try:
        app(prog_name="python -m eval")
    except FootnoteError as exc:
        typer.echo(f"footnote eval: {exc}", err=True)
        sys.exit(COULD_NOT_RUN)
