"""Documents whose source no longer exists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.sources.source import WEB, Sources, lies_under
from rag.errors import SourceError
from rag.store import StoredDocument


def vanished(documents: Iterable[StoredDocument], sources: Sources) -> list[StoredDocument]:
    """The documents under the given roots whose source was not found there.

    A document inside a folder or archive that could not be read or was skipped does not count as vanished.

    Raises:
        SourceError: a root is missing, unreadable or empty, for example an unmounted disk; then nothing is pruned.
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
            raise SourceError(f"{root}: {lost[root]}. Nothing was pruned")


def _refuse_empty_roots(sources: Sources, gone: list[StoredDocument]) -> None:
    for root in sources.roots:
        if root in WEB or any(lies_under(item.source, root) for item in sources.items):
            continue
        if any(lies_under(stored.source, root) for stored in gone):
            raise SourceError(
                f"{root}: it is empty, although documents came from it. Nothing was pruned. Check that its "
                "disk is mounted; to delete the documents, use `footnote collection delete-document`"
            )


def _above(source: str) -> Iterator[str]:
    """The source and every folder, archive and prefix it lies in."""
    yield source
    for at in range(len(source) - 1, 0, -1):
        if source[at] == "/":
            yield source[:at]
            yield source[:at].removesuffix("!")
