"""What every store promises about versions: staged out of sight, published in one switch, gone without a trace."""

import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import StoreError
from rag.filters import Compare
from rag.store import Store, StoredDocument
from rag.store import points as layout
from rag.store.embedded import EmbeddedStore
from rag.store.publishing import PointSwitcher
from rag.types import Document, IndexedChunk, Page
from tests import ROOT
from tests.fakes.stores import KINDS_AND_HTTP, SPEC, document, indexed, opened, write

STEPS = 5


@pytest.fixture(params=KINDS_AND_HTTP)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def name(store: Store) -> Iterator[str]:
    made = f"switch-{uuid.uuid4().hex[:8]}"
    store.create_collection(made, SPEC)
    yield made
    store.drop_collection(made)


def texts(store: Store, name: str) -> list[str]:
    return sorted(chunk.text for chunk in store.all_chunks(name))


def found(store: Store, name: str, like: IndexedChunk) -> set[str]:
    arms = store.search(name, like.embedding, like.lexical, k=50)
    return {chunk.text for chunk in store.chunks(name, sorted(arms.dense.keys() | arms.bm25.keys()))}


def break_off(store: Store, name: str, of: Document, chunks: int, *, after: int) -> None:
    """Publish, and die after some of the steps."""
    assert isinstance(store, PointSwitcher)
    steps = store._steps(name, of, chunks)
    assert len(steps) == STEPS
    for step in steps[:after]:
        step()


def test_staged_chunks_are_out_of_sight(store: Store, name: str) -> None:
    """No search, count, fetch or listing shows them; only `staged` does."""
    of = document()
    chunks = [indexed(of, "alpha"), indexed(of, "beta", 10, year=2023)]
    store.write_chunks(name, chunks)
    for chunk in chunks:
        assert found(store, name, chunk) == set()
        assert store.chunks(name, [chunk.chunk.id]) == []
    assert (store.count(name), store.count(name, Compare("year", "eq", 2023))) == (0, 0)
    assert (texts(store, name), list(store.documents(name)), store.document(name, of.id)) == ([], [], None)
    assert store.versions(name, [of.id]) == {}
    assert store.staged(name) == [(of.id, of.sha256)]
    store.publish(name, of, 2)
    assert store.staged(name) == []
    assert found(store, name, chunks[0]) == {"alpha", "beta"}


def test_the_old_version_answers_until_the_new_one_is_published(store: Store, name: str) -> None:
    """Then nothing of the old one is left."""
    old, new = document(version="v1", pages=3), document(version="v2")
    first, second = indexed(old, "old words"), indexed(new, "new words")
    write(store, name, old, first)
    store.write_chunks(name, [second])
    assert found(store, name, second) == {"old words"}
    assert store.versions(name, [old.id, "unknown"]) == {old.id: old.sha256}
    store.publish(name, new, 1)
    assert found(store, name, first) == {"new words"}
    assert (store.count(name), texts(store, name)) == (1, ["new words"])
    assert store.document(name, new.id) == new
    assert [store.page(name, old.id, old.sha256, number) for number in (1, 2, 3)] == [None] * 3
    assert store.versions(name, [new.id]) == {new.id: new.sha256}


def test_an_incomplete_version_is_refused(store: Store, name: str) -> None:
    """Too few and too many chunks alike; the error says what to do, and the old version stays."""
    old, new = document(version="v1"), document(version="v2")
    write(store, name, old, indexed(old, "old words"))
    store.write_chunks(name, [indexed(new, "new words"), indexed(new, "more", 20)])
    for wrong in (1, 3):
        with pytest.raises(StoreError, match=f"incomplete: it has 2 chunks of {wrong}; discard"):
            store.publish(name, new, wrong)
    assert texts(store, name) == ["old words"]
    assert store.page(name, new.id, new.sha256, 1) is None


def test_everything_may_be_repeated(store: Store, name: str) -> None:
    """Staging, publishing, discarding and deleting once more changes nothing, in whatever order they come again."""
    of = document(pages=2)
    chunks = [indexed(of, "alpha"), indexed(of, "beta", 10)]
    write(store, name, of, *chunks)
    before = list(store.documents(name))
    write(store, name, of, *chunks)
    store.discard(name, of.id, of.sha256)
    store.discard(name, of.id, "never heard of")
    assert list(store.documents(name)) == before
    assert (texts(store, name), store.staged(name)) == (["alpha", "beta"], [])
    assert store.document(name, of.id) == of
    for _ in range(2):
        store.delete(name, of.id)
        assert (store.count(name), list(store.documents(name)), store.staged(name)) == (0, [], [])


def test_writing_a_published_chunk_again_does_not_hide_it(store: Store, name: str) -> None:
    """A step that is repeated after a crash must not take a whole version apart."""
    of = document()
    chunk = indexed(of, "alpha")
    write(store, name, of, chunk)
    store.write_chunks(name, [chunk])
    assert (texts(store, name), store.staged(name)) == (["alpha"], [])


def test_writing_a_staged_chunk_again_replaces_it(store: Store, name: str) -> None:
    """What stands around it may have been read better the second time."""
    of = document()
    chunk = indexed(of, "alpha")
    better = replace(chunk, chunk=replace(chunk.chunk, context="| Year |", heading=("Better",), markdown=False))
    store.write_chunks(name, [chunk])
    write(store, name, of, better)
    assert store.chunks(name, [chunk.chunk.id]) == [better.chunk]


def test_a_discarded_version_leaves_nothing(store: Store, name: str) -> None:
    """Neither its chunks nor its pages; the current version and other documents stay."""
    old, new, other = document(version="v1"), document(version="v2", pages=2), document("b.txt")
    write(store, name, old, indexed(old, "old words"))
    write(store, name, other, indexed(other, "other words"))
    store.write_chunks(name, [indexed(new, "new words")])
    break_off(store, name, new, 1, after=3)
    assert store.staged(name) == [(new.id, new.sha256)]
    store.discard(name, new.id, new.sha256)
    assert store.staged(name) == []
    assert texts(store, name) == ["old words", "other words"]
    assert store.count(name) == 2
    assert store.page(name, new.id, new.sha256, 1) is None
    assert store.document(name, old.id) == old


@pytest.mark.parametrize("after", range(STEPS + 1))
def test_a_switch_broken_off_anywhere_is_old_or_new_and_can_be_done_again(store: Store, name: str, after: int) -> None:
    """Never both, never half; while it is not finished, `staged` tells of it."""
    old, new = document(version="v1", pages=2), document(version="v2", pages=3)
    write(store, name, old, indexed(old, "old words"), indexed(old, "more old words", 20))
    store.write_chunks(name, [indexed(new, "new words")])
    break_off(store, name, new, 1, after=after)
    switched = after >= 4
    assert texts(store, name) == (["new words"] if switched else ["more old words", "old words"])
    assert store.document(name, old.id) == (new if switched else old)
    assert store.staged(name) == ([] if after == STEPS else [(new.id, new.sha256)])
    write(store, name, new, indexed(new, "new words"))
    assert (texts(store, name), store.count(name), store.staged(name)) == (["new words"], 1, [])
    assert store.document(name, new.id) == new
    assert [record.chunks for record in store.documents(name)] == [1]


def test_a_deletion_broken_off_is_told_and_can_be_finished(store: Store, name: str) -> None:
    """Readers do not see the document any more; what is left of it is not forgotten."""
    assert isinstance(store, PointSwitcher)
    of = document()
    write(store, name, of, indexed(of, "alpha"))
    for step in store._steps_of_deletion(name, of.id)[:2]:
        step()
    assert (texts(store, name), store.document(name, of.id)) == ([], None)
    assert store.staged(name) == [(of.id, of.sha256)]
    store.discard(name, of.id, of.sha256)
    assert (store.count(name), store.staged(name)) == (0, [])
    assert store.page(name, of.id, of.sha256, 1) is None


@pytest.mark.parametrize("after", [4, 5])
def test_discarding_the_current_version_only_finishes_its_switch(store: Store, name: str, after: int) -> None:
    """A sweep of what was begun never takes away what is read."""
    old, new = document(version="v1"), document(version="v2")
    write(store, name, old, indexed(old, "old words"))
    store.write_chunks(name, [indexed(new, "new words")])
    break_off(store, name, new, 1, after=after)
    store.discard(name, new.id, new.sha256)
    assert (texts(store, name), store.count(name), store.staged(name)) == (["new words"], 1, [])
    assert store.page(name, old.id, old.sha256, 1) is None


def test_the_clock_counts_switches(store: Store, name: str) -> None:
    """A repetition is none, and a version knows the switch that made it current."""
    of, other = document(), document("b.txt")
    assert store.clock(name) == 0
    for each, expected in [(of, 1), (of, 1), (other, 2), (document(version="v2"), 3)]:
        write(store, name, each)
        assert store.clock(name) == expected
    assert store.stored(name, [other.id, other.id, "unknown"]) == {
        other.id: StoredDocument(other.id, "b.txt", "b.txt", other.sha256, 1, 0, switch=2)
    }


def test_the_clock_never_goes_back(store: Store, name: str) -> None:
    """Of two writers that read it at the same time, the one that comes late does not undo the other's."""
    assert isinstance(store, PointSwitcher)
    for number in (5, 3):
        clock = [(layout.CLOCK_POINT_ID, layout.clock_payload(number))]
        store._put(name, clock, only_where=Compare(layout.CLOCK_FIELD, "lt", number))
    assert store.clock(name) == 5


def test_a_document_comes_whole_with_many_pages(store: Store, name: str) -> None:
    """Also with more of them than one request holds."""
    of = document(pages=700)
    write(store, name, of)
    assert store.document(name, of.id) == of


def test_large_points_are_written_in_several_requests(store: Store, name: str) -> None:
    """A server takes only so much at a time."""
    of = replace(document(), pages=tuple(Page(n, "word " * 1_200_000) for n in range(1, 4)))
    write(store, name, of)
    page = store.page(name, of.id, of.sha256, 3)
    assert page is not None
    assert len(page.text) == 6_000_000


def test_a_bulk_load_changes_nothing_but_the_time(store: Store, name: str) -> None:
    """What is written is found before the indexes are built, and after."""
    store.begin_bulk(name)
    store.begin_bulk(name)
    of = document()
    chunk = indexed(of, "alpha")
    write(store, name, of, chunk)
    assert found(store, name, chunk) == {"alpha"}
    store.optimize(name)
    store.optimize(name)
    assert found(store, name, chunk) == {"alpha"}


KILLED = """
import os, signal, sys
from pathlib import Path
from rag.store import points as layout
from rag.store.embedded import EmbeddedStore
from tests.fakes.stores import SPEC, document, indexed, write
store = EmbeddedStore(Path(sys.argv[1]))
store.create_collection("c", SPEC)
for number in range(20):
    of = document(f"{number}.txt", version="v1")
    write(store, "c", of, indexed(of, f"old {number}"))
for number in range(20):
    of = document(f"{number}.txt", version="v2")
    store.write_chunks("c", [indexed(of, f"new {number}")])
    for step in store._steps("c", of, 1)[: number % 6]:
        step()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Every step that returned is there when the embedded store is opened again, and the rest can be done."""
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    store = EmbeddedStore(tmp_path)
    expected = sorted(f"{'new' if number % 6 >= 4 else 'old'} {number}" for number in range(20))
    assert texts(store, "c") == expected
    for number in range(20):
        of = document(f"{number}.txt", version="v2")
        write(store, "c", of, indexed(of, f"new {number}"))
    assert texts(store, "c") == sorted(f"new {number}" for number in range(20))
    assert (store.count("c"), store.staged("c")) == (20, [])
    store.close()
