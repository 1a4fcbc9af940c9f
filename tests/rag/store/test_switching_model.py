"""Any order of staging, publishing, discarding, deleting and dying, against a model of a few dicts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from rag.errors import StoreError
from rag.store.embedded import EmbeddedStore
from rag.store.server import ServerStore
from rag.types import Document, IndexedChunk
from tests.fakes.stores import KINDS, SPEC, document, indexed, opened

pytestmark = pytest.mark.slow

DOCUMENTS = {
    (source, version): document(source, version=version, pages=pages)
    for source in ("a.txt", "b.txt")
    for version, pages in (("v1", 1), ("v2", 2), ("v3", 3))
}
PARTS = 3
C = "model"
keys = st.sampled_from(sorted(DOCUMENTS))


def part(of: Document, number: int) -> IndexedChunk:
    return indexed(of, f"{of.pages[0].text} of {of.sha256[:6]} part {number}", 100 * number)


class Switching(RuleBasedStateMachine):
    """`written`: the parts of each version that are there, and whether they are staged; `begun`: marked unfinished."""

    store: EmbeddedStore | ServerStore

    def __init__(self) -> None:
        super().__init__()
        for source in ("a.txt", "b.txt"):
            self.store.delete(C, DOCUMENTS[source, "v1"].id)
        self.written: dict[tuple[str, str], dict[int, bool]] = {key: {} for key in DOCUMENTS}
        self.begun: set[tuple[str, str]] = set()
        self.current: dict[str, str] = {}

    @rule(key=keys, numbers=st.sets(st.integers(0, PARTS - 1), min_size=1))
    def write(self, key: tuple[str, str], numbers: set[int]) -> None:
        chunks = [part(DOCUMENTS[key], number) for number in numbers]
        self.store.write_chunks(C, chunks)
        for number in numbers:
            self.written[key].setdefault(number, True)

    @rule(key=keys, after=st.integers(1, 5))
    def publish(self, key: tuple[str, str], after: int) -> None:
        """Dies after some of the steps; after 5 it is done."""
        steps = self.store._steps(C, DOCUMENTS[key], PARTS)
        if len(self.written[key]) < PARTS:
            with pytest.raises(StoreError, match="incomplete"):
                steps[0]()
            return
        for step in steps[:after]:
            step()
        if after >= 2:
            self.begun.add(key)
        if after >= 3:
            self.written[key] = dict.fromkeys(range(PARTS), False)
        if after >= 4:
            self.current[key[0]] = key[1]
        if after == 5:
            self._cleared(key)

    @rule(key=keys, numbers=st.just(set(range(PARTS))))
    def write_and_publish(self, key: tuple[str, str], numbers: set[int]) -> None:
        """What an undisturbed ingestion does."""
        self.write(key, numbers)
        self.publish(key, 5)

    @rule(key=keys)
    def discard(self, key: tuple[str, str]) -> None:
        self.store.discard(C, DOCUMENTS[key].id, DOCUMENTS[key].sha256)
        if self.current.get(key[0]) == key[1]:
            self._cleared(key)
        else:
            self.written[key] = {}
            self.begun.discard(key)

    @rule(source=st.sampled_from(["a.txt", "b.txt"]), after=st.integers(1, 4))
    def delete(self, source: str, after: int) -> None:
        """Dies after some of the steps; from the third on it is done."""
        for step in self.store._steps_of_deletion(C, DOCUMENTS[source, "v1"].id)[:after]:
            step()
        if source in self.current:
            self.begun.add((source, self.current[source]))
        if after >= 2:
            self.current.pop(source, None)
        if after >= 3:
            self._forget(source)

    @invariant()
    def readers_see_the_current_versions_whole(self) -> None:
        seen = [chunk.text for chunk in self.store.all_chunks(C)]
        wanted = [part(DOCUMENTS[key], n).chunk.text for key in self.current.items() for n in range(PARTS)]
        assert sorted(seen) == sorted(wanted)
        for source in ("a.txt", "b.txt"):
            expected = DOCUMENTS[source, self.current[source]] if source in self.current else None
            assert self.store.document(C, DOCUMENTS[source, "v1"].id) == expected

    @invariant()
    def what_is_unfinished_is_told(self) -> None:
        unfinished = self.begun | {key for key, parts in self.written.items() if any(parts.values())}
        told = {(DOCUMENTS[key].id, DOCUMENTS[key].sha256) for key in unfinished}
        assert set(self.store.staged(C)) == told

    @invariant()
    def nothing_else_is_counted(self) -> None:
        in_sight = sum(not staged for parts in self.written.values() for staged in parts.values())
        assert self.store.count(C) == in_sight

    def _cleared(self, key: tuple[str, str]) -> None:
        kept = {number: False for number, staged in self.written[key].items() if not staged}
        self._forget(key[0])
        self.written[key] = kept

    def _forget(self, source: str) -> None:
        for key in self.written:
            if key[0] == source:
                self.written[key] = {}
        self.begun = {key for key in self.begun if key[0] != source}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedStore | ServerStore]:
    with opened(request.param, tmp_path) as made:
        assert isinstance(made, EmbeddedStore | ServerStore)
        if made.has_collection(C):
            made.drop_collection(C)
        made.create_collection(C, SPEC)
        yield made
        made.drop_collection(C)


def test_any_order_of_writes_and_crashes(store: EmbeddedStore | ServerStore) -> None:
    """Readers see the current version of each document, whole, and nothing that is unfinished is forgotten."""

    class OnThisStore(Switching):
        pass

    OnThisStore.store = store
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OnThisStore,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
