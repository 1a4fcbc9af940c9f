"""The core, opened for a command or for the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console

from rag.build.core import Rag, build
from rag.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Rag]:
    """The core of these settings, closed afterwards; a terminal shows that it is loading."""
    errors = Console(stderr=True)
    with errors.status("Loading the model") if errors.is_terminal else nullcontext():
        rag = build(settings)
    try:
        yield rag
    finally:
        rag.close()
