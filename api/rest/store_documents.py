"""The documents of a store for clients: with the ids of their files, and with scores as probabilities."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from api.library import TenantLibrary
from api.rest.search import files_of
from api.scores import Scorer
from api.wire import Json, hit_to_found
from rag.types import Hit


@dataclass
class StoreDocuments:
    """Looks up the files of one store; `file_ids` are those found so far, by document id."""

    own: TenantLibrary
    scorer: Scorer
    store_id: str
    file_ids: dict[str, str] = field(default_factory=dict)

    async def look_up(self, document_ids: Iterable[str]) -> None:
        """Find the files of these documents; one that is not an uploaded file keeps its own id."""
        unknown = sorted(set(document_ids) - self.file_ids.keys())
        if unknown:
            found = await asyncio.to_thread(files_of, self.own, self.store_id, unknown)
            self.file_ids |= {each: found[each].file_id if each in found else each for each in unknown}

    def results(self, query: str, hits: Sequence[Hit]) -> list[Json]:
        """Hits as results of a search; their scores are the probabilities that they answer the query."""
        files = files_of(self.own, self.store_id, [hit.chunk.document_id for hit in hits])
        return [hit_to_found(hit, files.get(hit.chunk.document_id)) for hit in self.scorer.scored(query, hits)]
