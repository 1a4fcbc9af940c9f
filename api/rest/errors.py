"""The one place where errors become HTTP statuses, in OpenAI's error format.

Of an error that is the client's fault, the client is told the words. Of one that is the server's it is told what
happened, whether to try again, and the id of the request; the words, which may name addresses and folders, are logged.
"""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.library import BeingRead, NothingToRetry, QueueFull
from api.rest.request_limits import REQUEST_ID, current_request_id, request_id_of
from api.storage import BytesMissing, DatabaseFailed, NotStorable, NotStored, StorageFull
from api.tenancy import BeyondGroups
from api.wire import ErrorBody, Refused, error_body, reason_of
from rag.errors import (
    CollectionNotFound,
    FilterError,
    FootnoteError,
    ModelUnavailable,
    QuestionError,
    QueueError,
    StoreLocked,
    StoreUnavailable,
)

_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 400, 403, 404, 429
_BROKEN, _UNAVAILABLE, _FULL = 500, 503, 507
_COME_AGAIN = {"Retry-After": "30"}


class NotAllowed(FootnoteError):
    """A client asked for what only others may do."""


_STATUSES: tuple[tuple[type[FootnoteError], int, str], ...] = (
    (FilterError, _BAD_REQUEST, "invalid_filter"),
    (QuestionError, _BAD_REQUEST, "invalid_request"),
    (CollectionNotFound, _NOT_FOUND, "collection_not_found"),
    (NothingToRetry, _BAD_REQUEST, "nothing_to_retry"),
    (QueueFull, _TOO_MANY, "queue_full"),
    (NotStorable, _BAD_REQUEST, "invalid_request"),
    (NotStored, _NOT_FOUND, "not_found"),
    (BeyondGroups, _FORBIDDEN, "not_allowed"),
    (NotAllowed, _FORBIDDEN, "not_allowed"),
)
"""What clients are at fault for."""
_SOON = "try again in a moment"
_OPERATOR = "trying again helps only after whoever runs the service has looked at it"
_FAILURES: tuple[tuple[type[FootnoteError], int, str, str], ...] = (
    (BytesMissing, _UNAVAILABLE, "file_unavailable", f"the bytes of this file are not there; {_OPERATOR}"),
    (StorageFull, _FULL, "storage_full", f"there is no room left for files; {_OPERATOR}"),
    (DatabaseFailed, _UNAVAILABLE, "database_unavailable", f"what is remembered cannot be reached; {_SOON}"),
    (StoreUnavailable, _UNAVAILABLE, "store_unavailable", f"the documents cannot be reached; {_SOON}"),
    (StoreLocked, _UNAVAILABLE, "store_locked", f"the documents are in use elsewhere; {_OPERATOR}"),
    (BeingRead, _UNAVAILABLE, "queue_unavailable", "files are still being read; try again when that has ended"),
    (QueueError, _UNAVAILABLE, "queue_unavailable", f"no files can be read now; {_SOON}"),
    (ModelUnavailable, _UNAVAILABLE, "model_unavailable", f"a model that this needs does not answer; {_SOON}"),
)
"""What the service is at fault for, and what clients are told of it."""
DESCRIBED: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorBody, "description": "The request is at fault, or what it asks for is not there."},
    "5XX": {"model": ErrorBody, "description": "The service is at fault, or something it needs cannot be reached."},
}
"""The errors of every call, for the OpenAPI document."""
_HIDDEN = "the service failed"
_log = logging.getLogger("footnote.errors")


def described(exc: FootnoteError) -> tuple[int, dict[str, Any]]:
    """The status and the body of one of Footnote's own errors."""
    if isinstance(exc, Refused):
        return exc.status, error_body(str(exc), exc.status, param=exc.param, code=exc.code)
    for kind, status, code in _STATUSES:
        if isinstance(exc, kind):
            return status, error_body(str(exc), status, code=code)
    for kind, status, code, told in _FAILURES:
        if isinstance(exc, kind):
            return status, error_body(hidden(exc, told), status, code=code)
    _log.error("the service failed: %s", exc, extra=_noted(), exc_info=exc)
    return _BROKEN, unforeseen()


def hidden(exc: FootnoteError, told: str, *, level: int = logging.ERROR) -> str:
    """What a client is told in place of an error's own words, which go to the log."""
    _log.log(level, "%s: %s", type(exc).__name__, exc, extra=_noted())
    return _with_id(told)


def model_not_found(model: str, advice: str) -> Refused:
    """A client asked for a model that this service does not have."""
    return Refused(f"there is no model {model!r}: {advice}", param="model", code="model_not_found", status=_NOT_FOUND)


def unforeseen() -> dict[str, Any]:
    """The body of an error that nobody foresaw; it tells nothing of what is inside."""
    return error_body(_with_id(f"{_HIDDEN}; {_OPERATOR}"), _BROKEN)


def install(app: FastAPI) -> None:
    """Make every error of the app answer in OpenAI's shape."""
    app.add_exception_handler(FootnoteError, _own)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _with_id(told: str) -> str:
    request = current_request_id()
    return f"{told} (request {request}, under which the log has more)" if request else told


def _noted() -> dict[str, str | None]:
    return {"request_id": current_request_id()}


async def _own(request: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, FootnoteError):
        raise exc
    status, body = described(exc)
    return JSONResponse(body, status, _COME_AGAIN if status == _TOO_MANY else None)


async def _invalid(request: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, RequestValidationError):
        raise exc
    first = exc.errors()[0]
    not_json = first["type"] == "json_invalid"
    param = None if not_json else ".".join(str(part) for part in first["loc"][1:]) or None
    message = "the body is not JSON" if not_json else reason_of(first)
    body = error_body(f"{param}: {message}" if param else message, _BAD_REQUEST, param=param, code="invalid_request")
    return JSONResponse(body, _BAD_REQUEST)


async def _http(request: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, HTTPException):
        raise exc
    message = f"{request.method} {request.url.path}: {exc.detail}"
    return JSONResponse(error_body(message, exc.status_code), exc.status_code, exc.headers)


async def _unexpected(request: Request, exc: Exception) -> JSONResponse:
    """Answered outside the middleware, so that the id of the request is added here."""
    return JSONResponse(unforeseen(), _BROKEN, headers={REQUEST_ID: request_id_of(request.scope)})
