"""The commands `footnote collection …`: look at collections, and take documents out of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.terminal import json_line, readable
from rag.errors import CollectionNotFound, StoreError
from rag.types import document_id_of

if TYPE_CHECKING:
    from rag.store import Store, StoredDocument

app = typer.Typer(
    help="Look at collections, and take documents out of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Collection; otherwise FOOTNOTE_COLLECTION.")]
GivenName = Annotated[str, typer.Argument(metavar="NAME", help="Collection.")]


@app.command("list")
def list_collections() -> None:
    """Print the name of each collection, one a line.

    Example: footnote collection list
    """
    with _store(None) as (store, _):
        for name in store.collections():
            typer.echo(name)


@app.command()
def documents(
    name: Name = None, as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False
) -> None:
    """Print each document with its pages, its chunks and the sha256 of its version.

    Example: footnote collection documents manuals
    """
    with _store(name) as (store, collection):
        for document in store.documents(collection):
            typer.echo(json_line(_fields(document)) if as_json else _line(document))


@app.command()
def digest(name: Name = None) -> None:
    """Print one sha256 over the texts of all chunks and the versions of all documents.

    Two collections with the same content have the same digest, on whatever store and in whatever order they were
    filled. Example: footnote collection digest manuals
    """
    from rag.store.digest import digest as digest_of

    with _store(name) as (store, collection):
        typer.echo(digest_of(store, collection))


@app.command("delete-document")
def delete_document(
    name: GivenName,
    document: Annotated[str, typer.Argument(metavar="SOURCE_OR_ID", help="Path or URL it came from, or its id.")],
) -> None:
    """Delete a document with its pages and chunks, and check that nothing of it is left.

    Its file may be gone already. Example: footnote collection delete-document manuals docs/old.pdf
    """
    with _store(name) as (store, collection):
        found = _find(store, collection, readable(document))
        store.delete(collection, found.id)
        typer.echo(f"deleted {found.source}: {found.pages} pages, {found.chunks} chunks; nothing of it is left")


@app.command()
def drop(name: GivenName, yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False) -> None:
    """Delete a collection with all of its documents.

    Example: footnote collection drop drafts --yes
    """
    with _store(name) as (store, collection):
        count = sum(1 for _ in store.documents(collection))
        if not yes:
            typer.confirm(f"Delete collection {collection} with its {count} documents?", abort=True)
        store.drop_collection(collection)
        typer.echo(f"dropped {collection}: {count} documents")


@contextmanager
def _store(name: str | None) -> Iterator[tuple[Store, str]]:
    """The store of the settings, without any model, and the name of an existing collection of it."""
    from rag.build.core import build_store
    from rag.settings import load_settings

    settings = load_settings(collection=name)
    store = build_store(settings)
    try:
        yield store, settings.collection
    finally:
        store.close()


def _find(store: Store, collection: str, wanted: str) -> StoredDocument:
    """The document with this id, or from this source, a path of which may be relative.

    Raises:
        StoreError: there is none.
    """
    if not store.has_collection(collection):
        raise CollectionNotFound(f"there is no collection {collection!r}")
    ids = [wanted, document_id_of(wanted), document_id_of(Path(wanted).resolve().as_posix())]
    found = store.stored(collection, ids)
    for document_id in ids:
        if document_id in found:
            return found[document_id]
    raise StoreError(
        f"no document {wanted!r} in {collection!r}: `footnote collection documents {collection}` lists them all"
    )


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
