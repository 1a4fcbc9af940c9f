"""Memory of the C library: reused while texts are embedded, and returned to the system between rounds.

Embedding frees hundreds of megabytes of short-lived vectors between long-lived ones. By default glibc keeps freed
memory in an arena per thread, and a run over many files then holds several times what it needs. If every large block is
mapped separately, memory is lowest, but the kernel clears each page for each batch, a third of the CPU time. Therefore
freed blocks are kept for the next batch, in two arenas, until `give_back`. Other C libraries are not changed.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h
_KEPT_BYTES = 256 * 1024 * 1024
_LARGE_BYTES = 32 * 1024 * 1024  # the most that glibc takes
_ARENAS = 2


def keep_little() -> None:
    """Let threads share two arenas, which keep what is freed for the next batch, up to a bound."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
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
