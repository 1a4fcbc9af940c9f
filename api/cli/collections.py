"""The commands `footnote collection …`: list collections and their documents, and delete them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.terminal import json_line, readable

if TYPE_CHECKING:
    from api.collections import Collections, Deleted
    from rag.settings import Settings
    from rag.store import Store, StoredDocument

app = typer.Typer(
    help="List collections and their documents, and delete them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Collection (default: FOOTNOTE_COLLECTION).")]
GivenName = Annotated[str, typer.Argument(metavar="NAME", help="Collection.")]


@app.command("list")
def list_collections() -> None:
    """Print the name of each collection, one per line.

    Example: footnote collection list
    """
    with _opened(None) as (collections, _):
        for name in collections.names():
            typer.echo(name)


@app.command()
def documents(
    name: Name = None, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")] = False
) -> None:
    """Print each document with its number of pages and chunks and the sha256 of its version.

    Example: footnote collection documents manuals
    """
    with _opened(name) as (collections, collection):
        for document in collections.documents(collection):
            typer.echo(json_line(_fields(document)) if as_json else _line(document))


@app.command()
def digest(name: Name = None) -> None:
    """Print one sha256 over the texts of all chunks and the versions of all documents.

    Collections with the same content have the same digest, whatever the store and the order of ingestion.
    Example: footnote collection digest manuals
    """
    with _opened(name) as (collections, collection):
        typer.echo(collections.digest(collection))


@app.command("delete-document")
def delete_document(
    name: GivenName,
    document: Annotated[str, typer.Argument(metavar="SOURCE_OR_ID", help="Path or URL of the document, or its id.")],
) -> None:
    """Delete a document, and erase every byte of its text from the data folder.

    The source file is not touched.
    Example: footnote collection delete-document manuals docs/old.pdf
    """
    from rag.types import document_id_of

    wanted = readable(document)
    ids = [wanted, document_id_of(wanted), document_id_of(Path(wanted).resolve().as_posix())]
    with _opened(name) as (collections, collection):
        deleted = collections.delete(collection, wanted, ids)
    of = deleted.document
    what = f"deleted {of.source}: {of.pages} pages, {of.chunks} chunks" if of else f"{wanted} was not there any more"
    typer.echo(f"{what}; {_left(deleted)}")


def _left(deleted: Deleted) -> str:
    if deleted.unfinished:
        return (
            f"bytes of it may still be in the data folder ({deleted.unfinished}): run this command again to erase them"
        )
    if not deleted.erased:
        return "its bytes are erased when the Qdrant server compacts its files"
    return "nothing of it is left" if deleted.document else "nothing of what was deleted is left"


@app.command()
def drop(
    name: GivenName, yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False
) -> None:
    """Delete a collection with all of its documents.

    Example: footnote collection drop drafts --yes
    """
    with _opened(name) as (collections, collection):
        if not yes:
            count = sum(1 for _ in collections.documents(collection))
            typer.confirm(f"Delete collection {collection} with its {count} documents?", abort=True)
        typer.echo(f"dropped {collection}: {collections.drop(collection)} documents")


def _erase(settings: Settings, store: Store, collection: str, document_ids: Sequence[str]) -> bool:
    from api.erasing import erase

    return erase(settings, store, collection, document_ids)


@contextmanager
def _opened(name: str | None) -> Iterator[tuple[Collections, str]]:
    """The collections of the settings, and the name of the one that is meant."""
    from rag.settings import load_settings

    settings = load_settings(collection=name)
    with opened_collections(settings) as found:
        yield found, settings.collection


def opened_collections(settings: Settings) -> AbstractContextManager[Collections]:
    """The collections of the service that owns the embedded store, else of this process, without any model."""
    from api.collections import CollectionsHere, CollectionsThere
    from rag.handover import reached

    @contextmanager
    def here() -> Iterator[Collections]:
        from rag.build.core import build_store

        with closing(build_store(settings)) as store:
            yield CollectionsHere(store, partial(_erase, settings, store))

    return here() if settings.qdrant_url else reached(settings.store_folder, here, CollectionsThere)


def _line(document: StoredDocument) -> str:
    return f"{document.id}  {document.sha256[:12]}  {document.pages:>5} p  {document.chunks:>6} c  {document.source}"


def _fields(document: StoredDocument) -> dict[str, str | int]:
    return {
        "id": document.id,
        "source": document.source,
        "filename": document.filename,
        "sha256": document.sha256,
        "pages": document.pages,
        "chunks": document.chunks,
    }
