"""Who may ask what: the key of a request, and what its scopes allow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.keys import KeyRing, looks_like_a_key
from api.rest.access import note_access
from api.rest.errors import described
from api.rest.groups import HEADER, NOT_TAKEN, SignedGroups
from api.storage import ApiKey
from api.storage import Scope as KeyScope
from api.tenancy import Caller
from api.wire import error_body
from rag.errors import FootnoteError
from rag.settings import Settings, revealed

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_INCLUDED: dict[KeyScope, frozenset[KeyScope]] = {
    "read": frozenset({"read"}),
    "write": frozenset({"read", "write"}),
    "admin": frozenset({"read", "write", "admin"}),
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """How requests are let in: without a key, or only with one of this ring; and whose signature of groups is taken."""

    ring: KeyRing | None
    required: bool
    groups: SignedGroups = NOT_TAKEN


def entrance(settings: Settings, ring: KeyRing) -> Entrance:
    """What `FOOTNOTE_AUTHENTICATION` means at the address the service listens on."""
    groups = SignedGroups(revealed(settings.groups_secret))
    if settings.authentication == "none":
        return Entrance(None, required=False, groups=groups)
    return Entrance(ring, settings.authentication == "keys" or settings.host not in LOOPBACK, groups)


class Guard:
    """Finds out who sends each request, and refuses who may not.

    Health is told to everybody. A word that is no key of ours counts as none: clients of local servers send any word.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                refusal = await self._refusal(scope)
            except FootnoteError as exc:
                status, body = described(exc)
                refusal = JSONResponse(body, status)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _refusal(self, scope: Scope) -> JSONResponse | None:
        """Why a request is not let in; None, with its caller noted, when it is."""
        access, state = note_access(scope), scope["state"]
        if access.is_owners:  # the route looks at a token of its own
            state["caller"] = Caller(owner=True)
            return None
        entry: Entrance = scope["app"].state.entrance
        state["caller"] = caller = Caller()
        if access.is_open:
            return None
        headers = Headers(scope=scope)
        if entry.ring is not None:
            token = headers.get("authorization", "").removeprefix("Bearer ").strip()
            key = await asyncio.to_thread(entry.ring.opened_by, token) if looks_like_a_key(token) else None
            if key is None and (entry.required or looks_like_a_key(token)):
                return _who_are_you(token)
            caller = caller if key is None else _caller(key)
        state["caller"] = caller = entry.groups.limited(caller, headers.get(HEADER))
        if access.scope in caller.scopes:
            return None
        message = f"this key may not do that: it needs the scope {access.scope!r}"
        return JSONResponse(error_body(message, _FORBIDDEN, code="scope_missing"), _FORBIDDEN)


def _caller(key: ApiKey) -> Caller:
    scopes = frozenset(part for scope in key.scopes for part in _INCLUDED[scope])
    return Caller(key.tenant, scopes, key.groups, key.id)


def _who_are_you(token: str) -> JSONResponse:
    message = (
        "this key is not known, has expired or was revoked"
        if looks_like_a_key(token)
        else "a key is needed: Authorization: Bearer fn_… (who runs the service makes one with `footnote keys create`)"
    )
    body = error_body(message, _UNAUTHORIZED, code="invalid_api_key")
    return JSONResponse(body, _UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
