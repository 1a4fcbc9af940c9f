"""The C library's memory: given back to the system while ingestion goes on, instead of kept in ever more pieces.

Embedding frees hundreds of megabytes of short-lived vectors between long-lived ones. glibc keeps what was freed, in an
arena for each thread; a run over many files then holds several times what it needs. Other C libraries are left alone.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # malloc.h
_LARGE_BYTES = 128 * 1024
_ARENAS = 2


def keep_little() -> None:
    """Let large blocks be mapped, and so unmapped, one by one, and let threads share two arenas."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        library.mallopt(_M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return free pages to the system now; takes milliseconds."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
