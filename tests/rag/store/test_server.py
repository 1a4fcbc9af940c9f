"""What only a server is asked: to put off its indexes, to take requests that are not too large, and to be shared."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import StoreUnavailable
from rag.store import CollectionSpec, server
from rag.store.points import batches
from rag.store.server import ServerStore
from tests.fakes.llm import serving, unused_url
from tests.fakes.qdrant import FakeQdrant


class IndexingQdrant:
    """One collection, which is green when its indexes have been asked for `busy` times since they were switched on."""

    def __init__(self, *, threshold_kb: int, busy: int) -> None:
        self.threshold_kb = threshold_kb
        self.busy = busy
        self.changes: list[int] = []

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/collections/c")
        def read() -> dict[str, object]:
            waiting = self.threshold_kb > 0 and self.busy > 0
            self.busy -= waiting
            return {"result": self._info("yellow" if waiting else "green"), "status": "ok", "time": 0.0}

        @app.patch("/collections/c")
        def change(body: dict[str, dict[str, int]]) -> dict[str, object]:
            self.threshold_kb = body["optimizers_config"]["indexing_threshold"]
            self.changes.append(self.threshold_kb)
            return {"result": True, "status": "ok", "time": 0.0}

        return app

    def _info(self, status: str) -> dict[str, object]:
        optimizers = {
            "deleted_threshold": 0.2,
            "vacuum_min_vector_number": 1000,
            "default_segment_number": 0,
            "flush_interval_sec": 5,
            "indexing_threshold": self.threshold_kb,
        }
        hnsw = {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000}
        return {
            "status": status,
            "optimizer_status": "ok",
            "segments_count": 1,
            "config": {"params": {}, "hnsw_config": hnsw, "optimizer_config": optimizers},
            "payload_schema": {},
        }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(server, "_POLL_S", 0.01)
    return None


def test_a_bulk_load_puts_off_indexing_and_then_waits_for_it() -> None:
    """Begun twice, as after a crash, it is put off once; finished twice, it is switched on once."""
    qdrant = IndexingQdrant(threshold_kb=20_000, busy=3)
    with serving(qdrant.app()) as url:
        store = ServerStore(url)
        for _ in range(2):
            store.begin_bulk("c")
        for _ in range(2):
            store.optimize("c")
        store.close()
    assert qdrant.changes == [0, 10_000]
    assert qdrant.busy == 0


def test_a_server_that_indexes_by_itself_is_left_alone() -> None:
    """Its own threshold stays."""
    qdrant = IndexingQdrant(threshold_kb=20_000, busy=0)
    with serving(qdrant.app()) as url:
        store = ServerStore(url)
        store.optimize("c")
        store.close()
    assert qdrant.changes == []


def test_a_server_that_never_ends_is_not_waited_for() -> None:
    """It goes on by itself; what was written is there."""
    qdrant = IndexingQdrant(threshold_kb=0, busy=1_000_000)
    with serving(qdrant.app()) as url:
        store = ServerStore(url, patience_s=0.05)
        store.optimize("c")
        store.close()
    assert qdrant.changes == [10_000]


@given(st.lists(st.integers(0, 50)), st.integers(1, 10), st.integers(1, 100))
def test_batches_hold_everything_in_order_and_are_not_too_large(sizes: list[int], most: int, most_bytes: int) -> None:
    """Only an item that is too large by itself makes a batch that is, and it is alone in it."""
    made = list(batches(sizes, lambda size: size, most=most, most_bytes=most_bytes))
    assert [size for batch in made for size in batch] == sizes
    assert all(0 < len(batch) <= most for batch in made)
    assert all(sum(batch) <= most_bytes or len(batch) == 1 for batch in made)


@pytest.fixture
def qdrant() -> Iterator[tuple[FakeQdrant, str]]:
    fake = FakeQdrant()
    with serving(fake.app()) as url:
        yield fake, url


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
def test_a_refused_key_is_named(qdrant: tuple[FakeQdrant, str]) -> None:
    """As the setting it comes from; with the right key the same server answers."""
    fake, url = qdrant
    fake.api_key = "right"
    wrong, right = ServerStore(url, api_key="wrong"), ServerStore(url, api_key="right")
    with pytest.raises(StoreUnavailable, match="FOOTNOTE_QDRANT_API_KEY"):
        wrong.collections()
    assert right.collections() == []
    wrong.close()
    right.close()


def test_a_server_that_fails_is_as_one_that_is_away(qdrant: tuple[FakeQdrant, str]) -> None:
    """Unavailable, so that the work is tried again; it says why, and of one at which nobody listens what to look at."""
    fake, url = qdrant
    store, nobody = ServerStore(url), ServerStore(unused_url())
    fake.fails = True
    with pytest.raises(StoreUnavailable, match="out of disk"):
        store.collections()
    with pytest.raises(StoreUnavailable, match="is it running"):
        nobody.collections()
    store.close()
    nobody.close()


def test_many_may_create_a_collection_at_once(qdrant: tuple[FakeQdrant, str]) -> None:
    """Workers that begin together all find that it is not there; one creates it, and the others go on."""
    _, url = qdrant
    together = Barrier(4)
    store = ServerStore(url)

    class Late(ServerStore):
        """Asks whether it exists before anybody creates it."""

        def has_collection(self, collection: str) -> bool:
            found = super().has_collection(collection)
            if not found:
                together.wait(10)
            return found

    def create(_: int) -> None:
        late = Late(url)
        late.create_collection("c", CollectionSpec(dimension=8))
        late.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(create, range(4)))
    assert store.collections() == ["c"]
    store.close()
