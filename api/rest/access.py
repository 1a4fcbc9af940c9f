"""Who may make a call: each route says so itself, the OpenAPI document shows it, and the guard asks here.

A route takes one of `READ`, `WRITE`, `ADMIN`, `OPEN` and `OWNER` among its dependencies, and `ANSWERS` where a language
model may write for it. The service does not start with a route that says nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from api.rest.errors import NotAllowed
from api.storage import Scope as KeyScope

_STATE = "access"


async def told_to_everybody() -> None:
    """Nothing: a key is not even looked at, and no limit counts."""


async def makes_a_model_write() -> None:
    """Nothing: tokens and answers at once are counted."""


def only_its_user(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    """Nothing, for a request that carries the token of this service's owner.

    Raises:
        NotAllowed: for any other.
    """
    doorway = request.app.state.doorway
    if doorway is None or not secrets.compare_digest(authorization.encode(), f"Bearer {doorway.token}".encode()):
        raise NotAllowed("only the user who runs this service may hand it work, by the command `footnote`")


_key = HTTPBearer(auto_error=False, scheme_name="key", description="A key of `footnote keys create`, where needed.")
READ = Security(_key, scopes=["read"])
WRITE = Security(_key, scopes=["write"])
ADMIN = Security(_key, scopes=["admin"])
OPEN = Depends(told_to_everybody)
OWNER = Depends(only_its_user)
ANSWERS = Depends(makes_a_model_write)
_SCOPES: Sequence[tuple[Dependency, KeyScope]] = (
    *((READ, "read"), (WRITE, "write"), (ADMIN, "admin")),
    *((OPEN, "read"), (OWNER, "read")),
)


@dataclass(frozen=True, slots=True)
class Access:
    """What a call needs: the scope of a key, and what else holds for it."""

    scope: KeyScope = "read"
    is_open: bool = False
    is_owners: bool = False
    answers: bool = False


_NOTHING_THERE = Access()


class AccessTable:
    """The routes of the service, with what each needs.

    Raises:
        LookupError: on construction, a route does not say what it needs, or says two things.
    """

    def __init__(self, routes: Iterable[APIRoute], *others: tuple[BaseRoute, Access]) -> None:
        self._rows: list[tuple[BaseRoute, Access]] = [(route, _declared(route)) for route in routes]
        self._rows += others

    def of(self, scope: Scope) -> Access:
        """What a request needs; where nothing is there, a key that may read is told so."""
        return next((access for route, access in self._rows if route.matches(scope)[0] is Match.FULL), _NOTHING_THERE)


def note_access(scope: Scope) -> Access:
    """What a request needs, looked up and noted with it."""
    table: AccessTable = scope["app"].state.access
    access = scope.setdefault("state", {})[_STATE] = table.of(scope)
    return access


def access_of(scope: Scope) -> Access:
    """What was noted of a request."""
    access: Access = scope["state"][_STATE]
    return access


def _declared(route: APIRoute) -> Access:
    said = [(each, scope) for each, scope in _SCOPES if each in route.dependencies]
    if len(said) != 1:
        raise LookupError(f"{route.path} takes {len(said)} of READ, WRITE, ADMIN, OPEN and OWNER instead of one")
    [(mark, scope)] = said
    return Access(scope, is_open=mark is OPEN, is_owners=mark is OWNER, answers=ANSWERS in route.dependencies)
