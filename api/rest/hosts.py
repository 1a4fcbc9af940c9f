"""The host names by which the service may be called."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.wire import error_body

_BAD_REQUEST = 400


class KnownHosts:
    """Refuses requests with other host names, and names the setting that adds one."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = False

        async def called(scope: Scope, receive: Receive, _: Send) -> None:
            nonlocal known
            known = True
            await self._app(scope, receive, send)

        async def unsaid(_: Message) -> None:
            """The refusal of the check, in place of which ours is sent."""

        await TrustedHostMiddleware(called, self._names, www_redirect=False)(scope, receive, unsaid)
        if not known:
            message = "the service is not called by this name; FOOTNOTE_TRUSTED_HOSTS names those that are right"
            body = error_body(message, _BAD_REQUEST, code="unknown_host")
            await JSONResponse(body, _BAD_REQUEST)(scope, receive, send)
