"""The caller of a request, and the library limited to the caller's tenant."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.library import Library, TenantLibrary
from api.rest.errors import NotAllowed
from api.tenancy import Caller


def caller_of(request: Request) -> Caller:
    """The caller of a request, as the guard found out."""
    return cast(Caller, request.state.caller)


Asking = Annotated[Caller, Depends(caller_of)]


def library_of(request: Request, caller: Asking) -> TenantLibrary:
    """The library as the caller's tenant has it."""
    return cast(Library, request.app.state.library).of(caller.tenant)


Own = Annotated[TenantLibrary, Depends(library_of)]


def sees_all_files(caller: Asking) -> None:
    """Allows callers who may see every document of the tenant.

    Raises:
        NotAllowed: files have no groups, so a caller with groups may see none of them.
    """
    if caller.groups:
        raise NotAllowed("this key can only ask and search, in the documents of its groups")


AllFiles = Depends(sees_all_files)
