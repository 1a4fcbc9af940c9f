"""The commands `footnote keys …`: API keys of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.keys import KeyRing
    from api.storage import ApiKey

app = typer.Typer(
    help="Create, list, rotate and revoke API keys.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Scopes(StrEnum):
    """What a key allows; each includes those before it."""

    read = "read"
    write = "write"
    admin = "admin"


Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the key (see `footnote keys list`).")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name that describes the use of the key.")],
    tenant: Annotated[
        str, typer.Option(metavar="NAME", help="Tenant; it can access only its own files and stores.")
    ] = "",
    scope: Annotated[
        Scopes, typer.Option(help="read: ask and search; write: also change files; admin: also read metrics.")
    ] = Scopes.write,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Limit the key to documents whose attribute `group` has this value. May be repeated."
        ),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days until the key expires (default: never).")] = None,
) -> None:
    """Create a key and print it. It is shown only once; Footnote stores only a hash of it.

    Example: footnote keys create web-shop --scope read --days 90
    """
    with _ring() as ring:
        _, words = ring.create(
            name, tenant=tenant, scopes=frozenset({scope.value}), groups=frozenset(group or ()), days=days
        )
    typer.echo(words)


@app.command("list")
def list_keys() -> None:
    """Print the id, state, scope, tenant, groups, expiry (UTC) and name of each key.

    Example: footnote keys list
    """
    from time import time

    with _ring() as ring:
        for key in ring.all():
            typer.echo(_line(key, int(time())))


@app.command()
def revoke(key_id: Id) -> None:
    """Revoke a key at once, also in services that are running.

    Example: footnote keys revoke 0123456789abcdef
    """
    with _ring() as ring:
        typer.echo(f"revoked {ring.revoke(key_id).id}")


@app.command()
def rotate(
    key_id: Id,
    overlap_hours: Annotated[int, typer.Option(min=0, help="Hours for which the old key stays valid.")] = 0,
) -> None:
    """Replace a key by a new one with the same tenant, scope and groups, and print it.

    Example: footnote keys rotate 0123456789abcdef --overlap-hours 24
    """
    with _ring() as ring:
        _, words = ring.rotate(key_id, overlap_hours=overlap_hours)
    typer.echo(words)


@contextmanager
def _ring() -> Iterator[KeyRing]:
    from api.keys import KeyRing
    from api.storage import open_database
    from rag.settings import load_settings

    settings = load_settings()
    database = open_database(settings.database_url, settings.data_dir)
    try:
        yield KeyRing(database)
    finally:
        database.close()


def _line(key: ApiKey, now: int) -> str:
    state = "active" if key.is_active(now) else "revoked" if key.revoked_at is not None else "expired"
    scope = next(scope for scope in ("admin", "write", "read") if scope in key.scopes)
    groups = ",".join(sorted(key.groups)) or "-"
    expires = "never" if key.expires_at is None else f"{datetime.fromtimestamp(key.expires_at, UTC):%Y-%m-%dT%H:%MZ}"
    return (
        f"{key.id}  {state:<7}  {scope:<5}  tenant={key.tenant or '-'}  groups={groups}  expires={expires}  {key.name}"
    )
