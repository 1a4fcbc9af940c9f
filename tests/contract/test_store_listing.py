"""`/v1/vector_stores/{id}/documents`: all that a store holds."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from rag.types import IndexedChunk
from tests.fakes.library import Served, served_library, store_with
from tests.fakes.stores import document, indexed


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("listing")) as made:
        yield made


def test_documents_that_came_otherwise_are_listed_and_deleted(served: Served):
    """As by the command line: with their receipts, and without paths of the service's machine."""
    store = served.rag.store
    store_id, [file_id] = store_with(served, "The gate code is 4711.")
    made = [document(f"/srv/{name}.txt") for name in "abc"] + [document("https://example.com/d.html")]
    for each in made:
        chunk = indexed(each, "first page", year=2023).chunk
        vectors = served.rag.embedder.embed_query(chunk.text)
        words = served.rag.lexical.encode_document(chunk.text)
        store.write_chunks(store_id, [IndexedChunk(chunk, vectors, words)])
        store.publish(store_id, each, 1)
    url = f"{served.url}/v1/vector_stores/{store_id}/documents"
    whole = httpx.get(url, params={"order": "asc", "limit": 100}).json()
    ids = [row["id"] for row in whole["data"]]
    assert (len(ids), whole["has_more"]) == (5, False)
    assert ids == sorted(ids)
    walked, after = [], ""
    while True:
        page = httpx.get(url, params={"limit": 2, "order": "asc", "after": after}).json()
        walked += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            break
        after = page["last_id"]
    assert walked == ids
    sources = {row["id"]: row["source"] for row in whole["data"]}
    assert sources[made[0].id] is None
    assert sources[made[3].id] == "https://example.com/d.html"
    uploaded = next(row["id"] for row in whole["data"] if row["file_id"] == file_id)
    assert httpx.get(f"{url}/{made[0].id}").json()["receipt"]["notes"] == ["a note"]
    assert httpx.delete(f"{url}/{uploaded}").json()["error"]["code"] == "document_is_file"
    assert httpx.delete(f"{url}/{made[0].id}").json()["deleted"] is True
    assert [httpx.request(verb, f"{url}/{made[0].id}").status_code for verb in ("GET", "DELETE")] == [404, 404]
    assert store.count(store_id) == 4
