"""Errors in OpenAI's format."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.wire.base import Json

_BROKEN = 500


class ErrorDetail(BaseModel):
    """What went wrong: in words, the parameter at fault, and a code for programs."""

    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """The body of every response that is not a success."""

    error: ErrorDetail


def error_body(message: str, status: int, *, param: str | None = None, code: str | None = None) -> Json:
    """OpenAI's error object."""
    kind = "invalid_request_error" if status < _BROKEN else "server_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
