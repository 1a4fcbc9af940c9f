"""What is deleted from the embedded store is in none of its files any more."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import qdrant_edge as qe

from rag.store import CollectionSpec, StoredDocument, erasing
from rag.store.embedded import EmbeddedStore
from rag.types import document_id_of
from tests.fakes.stores import SPEC, document, indexed, opened, write

pytestmark = pytest.mark.slow


def files_with(folder: Path, words: str) -> list[str]:
    """The files under a folder that have these words in their bytes."""
    return [path.name for path in sorted(folder.rglob("*")) if path.is_file() and words.encode() in path.read_bytes()]


def fill(store: EmbeddedStore, collection: str, count: int) -> None:
    store.create_collection(collection, SPEC)
    for number in range(count):
        of = document(f"/in/plover-{number}.txt", text=f"page-of-plover-{number}")
        write(store, collection, of, *(indexed(of, f"chunk-of-plover-{number} {part}", part) for part in range(3)))


def everything(store: EmbeddedStore, collection: str) -> tuple[list[StoredDocument], list[str], dict[str, float]]:
    chunks = sorted(chunk.text for chunk in store.all_chunks(collection))
    of = indexed(document("q.txt"), "chunk of plover")
    return list(store.documents(collection)), chunks, store.search(collection, of.embedding, of.lexical, k=100).dense


@pytest.mark.parametrize("built", [False, True])
def test_no_byte_of_a_deleted_document_is_left(tmp_path: Path, built: bool) -> None:
    """Of its pages, its chunks and its name; nor of versions before it. All other documents are as they were."""
    with opened("embedded", tmp_path) as store:
        assert isinstance(store, EmbeddedStore)
        fill(store, "default", 20)
        old = document("/in/plover-7.txt", text="page-of-plover-7", version="v2")
        write(store, "default", old, indexed(old, "chunk-of-plover-7 again"))
        if built:
            store.optimize("default")
        for words in ("page-of-plover-7", "chunk-of-plover-7", "plover-7.txt"):
            assert files_with(tmp_path, words)
        store.delete("default", document_id_of("/in/plover-7.txt"))
        before = everything(store, "default")
        assert store.erase("default")
        assert not store.unerased("default")
        for words in ("page-of-plover-7", "chunk-of-plover-7", "plover-7.txt"):
            assert files_with(tmp_path, words) == []
        assert everything(store, "default") == before
        again = document("/in/late.txt")
        write(store, "default", again, indexed(again, "late words"))  # numbers of writes go on
    with opened("embedded", tmp_path) as store:
        assert store.document("default", again.id) == again
        assert len(list(store.documents("default"))) == 20


class RotatingLog:
    """A write-ahead log of three files: each flush removes the oldest and starts a new one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 4
        for name in ("closed-1", "open-2", "open-3"):
            (folder / name).write_text(name)

    def update(self, operation: qe.UpdateOperation) -> None:
        """All of it goes into one file."""

    def flush(self) -> None:
        (self._folder / f"closed-{self._next - 3}").unlink()
        (self._folder / f"open-{self._next - 2}").rename(self._folder / f"closed-{self._next - 2}")
        (self._folder / f"open-{self._next}").touch()
        self._next += 1


def test_new_files_of_the_log_are_not_taken_for_those_removed(tmp_path: Path) -> None:
    """Although most file systems give the number of a removed file to the next new one."""
    erasing.turn_log(RotatingLog(tmp_path), tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"closed-3", "open-4", "open-5"}


def test_a_collection_is_opened_as_it_was_made(tmp_path: Path) -> None:
    """Also after it was erased: how its vectors are kept and indexed is written once."""
    with opened("embedded", tmp_path) as store:
        store.create_collection("default", CollectionSpec(8, "float16", "int8"))
        store.erase("default")
    shard = qe.EdgeShard.load(str(tmp_path / "store" / "default"))
    config = (tmp_path / "store" / "default" / "edge_config.json").read_text()
    shard.close()
    assert '"ef_construct":128' in config
    assert '"int8"' in config
    assert '"deleted_threshold":0.2' in config


def test_reading_and_writing_go_on_while_a_collection_is_erased(tmp_path: Path) -> None:
    """No call fails that comes while it is closed and opened again."""
    failures: list[Exception] = []
    with opened("embedded", tmp_path) as store:
        assert isinstance(store, EmbeddedStore)
        fill(store, "default", 5)
        done = threading.Event()

        def use(number: int) -> None:
            of = document(f"/in/new-{number}.txt")
            try:
                while not done.is_set():
                    write(store, "default", of, indexed(of, "new"))
                    assert store.count("default") >= 12
            except Exception as exc:  # noqa: BLE001 - whatever it is, it fails the test
                failures.append(exc)

        threads = [threading.Thread(target=use, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        store.delete("default", document_id_of("/in/plover-1.txt"))
        store.erase("default")
        done.set()
        for thread in threads:
            thread.join()
    assert not failures
