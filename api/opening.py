"""Opens the core for a command or for the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from rich.console import Console

from rag.build.core import Rag, build, build_store
from rag.build.models import build_light_models
from rag.owner import Doorway
from rag.settings import Settings


@contextmanager
def opened(settings: Settings, *, doorway: Doorway | None = None) -> Iterator[Rag]:
    """The core of these settings, closed afterwards; a terminal shows that it is loading.

    Others hand in work for its store at `doorway`, if it is to take any.
    """
    store = build_store(settings, doorway=doorway)
    with _told():
        rag = build(settings, store=store)
    try:
        yield rag
    finally:
        rag.close()


@contextmanager
def opened_for_one_question(settings: Settings) -> Iterator[Rag]:
    """The same for a process that ends after one question to the collection of these settings.

    Models that are ready at once take the place of those that are quick; before them the collection is opened.

    Raises:
        CollectionNotFound: without any model loaded.
    """
    store = build_store(settings)
    try:
        store.clock(settings.collection)
        with _told():
            rag = build(settings, store=store, models=build_light_models(settings))
        yield rag
    finally:
        store.close()


def _told() -> AbstractContextManager[object]:
    """Says that a model is loading, where there is a terminal to say it to."""
    errors = Console(stderr=True)
    return errors.status("Loading the model") if errors.is_terminal else nullcontext()
