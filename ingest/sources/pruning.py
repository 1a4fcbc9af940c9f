"""Which documents are no longer where they came from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.sources.source import WEB, Sources, lies_under
from rag.errors import SourceError
from rag.store import StoredDocument


def vanished(documents: Iterable[StoredDocument], sources: Sources) -> list[StoredDocument]:
    """The documents that lie under the roots that were given and are not among what was found there.

    A document of which nothing is known, because what it lies in could not be read or was skipped, has not vanished.

    Raises:
        SourceError: a root is missing, unreadable or empty, as the folder of a disk that is not mounted: nothing may be
            pruned then.
    """
    _refuse_lost_roots(sources)
    present = {item.source for item in sources.items}
    unknown = {refused.source for refused in (*sources.skipped, *sources.missing)}
    covered = [stored for stored in documents if any(lies_under(stored.source, root) for root in sources.roots)]
    gone = [stored for stored in covered if stored.source not in present and unknown.isdisjoint(_above(stored.source))]
    _refuse_empty_roots(sources, gone)
    return gone


def _refuse_lost_roots(sources: Sources) -> None:
    lost = {refused.source: refused.reason for refused in sources.missing}
    for root in sources.roots:
        if root in lost:
            raise SourceError(f"{root}: {lost[root]}. Nothing is pruned until then")


def _refuse_empty_roots(sources: Sources, gone: list[StoredDocument]) -> None:
    for root in sources.roots:
        if root in WEB or any(lies_under(item.source, root) for item in sources.items):
            continue
        if any(lies_under(stored.source, root) for stored in gone):
            raise SourceError(
                f"{root}: nothing is there, but documents came from it, so that nothing is pruned. Check that its disk "
                "is mounted; if they are meant to go, delete them by name"
            )


def _above(source: str) -> Iterator[str]:
    """The source and every folder, archive and prefix it lies in."""
    yield source
    for at in range(len(source) - 1, 0, -1):
        if source[at] == "/":
            yield source[:at]
            yield source[:at].removesuffix("!")
