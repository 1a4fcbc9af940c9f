"""Opens the library with its maintenance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from api.library.library import Library, open_library
from api.library.maintenance import Keeper
from api.library.work import NoQueue, WorkQueue
from ingest.build import open_queue, own_queue_file
from rag.build.core import Rag


@contextmanager
def opened_library(rag: Rag, queue: WorkQueue | None) -> Iterator[Library]:
    """The library over a core's store, with its maintenance until the end of the block.

    Without a queue of this process, the queue in the settings is used. If another process owns this machine's queue,
    nothing is added to it, but its work can be seen and cancelled.

    Raises:
        DatabaseFailed, QueueError.
    """
    with ExitStack() as parts:
        if queue is None and rag.settings.queue_url is not None:
            queue = parts.enter_context(open_queue(rag.settings)).queue
        elif queue is None and own_queue_file(rag.settings).exists():
            queue = NoQueue(parts.enter_context(open_queue(rag.settings, another=True)).queue)
        library = open_library(rag.settings, rag, queue)
        parts.callback(library.close)
        parts.enter_context(Keeper(library))
        yield library
