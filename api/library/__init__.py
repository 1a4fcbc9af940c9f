"""Uploaded files and vector stores: changes by clients, the resulting work, and maintenance."""

from api.library.erasing import BeingRead
from api.library.library import Library, open_library
from api.library.maintenance import Keeper
from api.library.opening import opened_library
from api.library.outcomes import NothingToRetry
from api.library.tenant import Given, TenantLibrary, new_id
from api.library.work import QueueFull, WorkQueue

__all__ = [
    "BeingRead",
    "Given",
    "Keeper",
    "Library",
    "NothingToRetry",
    "QueueFull",
    "TenantLibrary",
    "WorkQueue",
    "new_id",
    "open_library",
    "opened_library",
]
