"""The base of all request and response formats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from rag.errors import FootnoteError
from rag.filters import Filter, parse_filter

MODEL = "footnote"
Json = dict[str, Any]
_DEEPEST = 64
_INTEGERS = range(-(2**63), 2**63)

Metadata = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]], Field(max_length=16)
]
"""What a client says of a request: at most 16 keys of 64 characters, texts of 512."""


class Refused(FootnoteError):
    """A request that is not carried out: with its status, the parameter at fault and a code for programs."""

    def __init__(
        self, message: str, *, param: str | None = None, code: str = "invalid_request", status: int = 400
    ) -> None:
        super().__init__(message)
        self.param = param
        self.code = code
        self.status = status


def reason_of(error: Mapping[str, Any]) -> str:
    """What is wrong with one field, of an error of validation."""
    if error["type"] == "extra_forbidden":
        return "there is no such field"
    return str(error["msg"]).removeprefix("Value error, ")


class WireModel(BaseModel):
    """A request's body. Fields that it does not have are ignored; what no JSON should hold is refused."""

    @model_validator(mode="before")
    @classmethod
    def _sound(cls, data: object) -> object:
        check_sound(data)
        return data


def check_sound(data: object, *, depth: int = 0) -> None:
    """Texts that can be written as UTF-8, numbers that fit, and no more than 64 levels.

    Raises:
        ValueError: saying which of these it is not.
    """
    if depth > _DEEPEST:
        raise ValueError(f"the body has more than {_DEEPEST} levels")
    if isinstance(data, str):
        if any("\ud800" <= character <= "\udfff" for character in data):
            raise ValueError("a text has half of a surrogate pair, which is not a character")
    elif isinstance(data, float):
        if not math.isfinite(data):
            raise ValueError(f"{data} is not a JSON number")
    elif isinstance(data, int):
        if data not in _INTEGERS:
            raise ValueError("an integer does not fit into 64 bits")
    elif isinstance(data, dict):
        for key, value in data.items():
            check_sound(key, depth=depth + 1)
            check_sound(value, depth=depth + 1)
    elif isinstance(data, list | tuple):
        for each in data:
            check_sound(each, depth=depth + 1)


def where_of(raw: Json | None) -> Filter | None:
    """The filter of a request; an empty one is none.

    Raises:
        FilterError: naming the part that is malformed.
    """
    return parse_filter(raw) if raw else None
