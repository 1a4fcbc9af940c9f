"""`python -m ingest PATH...` is `footnote ingest PATH...`."""

import typer

from ingest.cli.commands import ingest_command

if __name__ == "__main__":
    typer.run(ingest_command)
