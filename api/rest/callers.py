"""Who asks: the tenant that a request is for, and the library as that tenant has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.library import Library, TenantLibrary


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request. The tenant of a service without keys has an empty name."""

    tenant: str = ""


def caller_of(request: Request) -> Caller:
    """The caller of a request."""
    return cast(Caller, getattr(request.state, "caller", Caller()))


Asking = Annotated[Caller, Depends(caller_of)]


def library_of(request: Request, caller: Asking) -> TenantLibrary:
    """The library as the caller's tenant has it."""
    return cast(Library, request.app.state.library).of(caller.tenant)


Own = Annotated[TenantLibrary, Depends(library_of)]
