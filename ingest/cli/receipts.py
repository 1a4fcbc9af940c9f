"""The command `footnote receipt`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from ingest.build import read_now
from ingest.cli.commands import COULD_NOT_RUN, SOME_FAILED, absolute
from ingest.cli.terminal import json_line
from ingest.queue.handover import ServiceIngestion
from ingest.reading import receipt_lines, receipt_to_json
from ingest.sources import misnamed, printable
from rag.build.core import build_store
from rag.errors import FootnoteError, ParseError, SourceError
from rag.handover import client_of
from rag.settings import Settings, load_settings
from rag.types import Document, document_id_of


def receipt_command(
    file: Annotated[str, typer.Argument(help="File, URL, object or archive member, as given to `footnote ingest`.")],
    collection: Annotated[str | None, typer.Option(help="Collection (default: FOOTNOTE_COLLECTION).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print what was read of a file, and what was not.

    Exit code 0: the receipt is that of the version in the collection. 1: the file is not in the collection; the command
    parses it now and prints the receipt, or the reason why it cannot be read. Example: footnote receipt report.pdf
    """
    try:
        settings = load_settings(collection=collection)
        source = absolute(file)
        if reason := misnamed(source):
            raise SourceError(f"{printable(source)}: {reason}")
        stored = _stored(settings, source)
        document = stored or _read(settings, source)
    except FootnoteError as exc:
        typer.echo(f"footnote receipt: {exc}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from exc
    if document is not None:
        shown = json_line(receipt_to_json(document)) if as_json else "\n".join(receipt_lines(document))
        typer.echo(shown)
    raise typer.Exit(0 if stored else SOME_FAILED)


def _stored(settings: Settings, source: str) -> Document | None:
    """The document in the collection; asked of the service when it owns the store."""
    service = None if settings.qdrant_url else client_of(settings.store_folder)
    if service is not None:
        return ServiceIngestion(service).document(settings.collection, source)
    with closing(build_store(settings)) as store:
        if not store.has_collection(settings.collection):
            return None
        return store.document(settings.collection, document_id_of(source))


def _read(settings: Settings, source: str) -> Document | None:
    typer.echo(f"not in collection {settings.collection!r}; reading it now gives:", err=True)
    try:
        return read_now(settings, source, Path(source).name)
    except (ParseError, SourceError) as exc:
        typer.echo(f"  {exc}", err=True)
        return None
