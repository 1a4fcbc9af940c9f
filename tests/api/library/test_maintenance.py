"""Upkeep: what has to be done without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.library import Given, Keeper, Library, open_library
from api.library.work import NoQueue
from api.storage import NewFile, NotStored, PageRequest
from rag.errors import QueueError
from rag.store.embedded import EmbeddedStore
from tests.api.storage.conftest import Clock
from tests.fakes.library import ThreadQueue, small_rag, thread_queue

DAY_S = 86_400


@dataclass
class Shelf:
    library: Library
    queue: ThreadQueue
    clock: Clock

    def file(self, name: str, *, expires_s: int | None = None) -> str:
        own = self.library.of("")
        with own.receiving(f"file-{name}", f"{name}.txt") as incoming:
            incoming.write(f"The gate {name} opens.".encode())
        own.keep(NewFile(f"file-{name}", f"{name}.txt", "text/plain", "assistants", 3, "0" * 64, expires_s))
        return f"file-{name}"

    def store(self, *files: str, expires_days: int | None = None) -> str:
        given = [Given(file) for file in files]
        made = self.library.of("").create_store(
            name="", description=None, labels={}, expires_days=expires_days, files=given
        )
        return made.id

    def tidy(self) -> None:
        keeper = Keeper(self.library)
        while keeper.tidy():
            pass

    def count(self, store: str) -> int:
        return self.library.rag.store.count(store)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    rag, clock = small_rag(tmp_path), Clock()
    with thread_queue(rag) as queue:
        library = open_library(rag.settings, rag, queue, now=clock)
        yield Shelf(library, queue, clock)
        library.close()
    rag.close()


def test_outcomes_are_noted_without_anybody_asking(shelf: Shelf):
    store = shelf.store(shelf.file("a"))
    shelf.tidy()
    assert shelf.library.of("").stores.get(store).counts.completed == 1


def test_work_that_never_reached_the_queue_is_begun_again(shelf: Shelf):
    """A process ended after it had noted the file and before it handed the work over."""
    file, store = shelf.file("a"), shelf.store()
    own = shelf.library.of("")
    own.store_files.attach(store, [own.as_attached(Given(file))])
    keeper = Keeper(shelf.library)
    keeper.tidy()
    assert own.store_files.get(store, file).run is None  # somebody may be about to
    shelf.clock.seconds += 31
    shelf.tidy()
    assert own.store_files.get(store, file).status == "completed"


def test_an_expired_file_is_erased_from_the_disk_and_from_every_store(shelf: Shelf):
    file = shelf.file("a", expires_s=3600)
    store = shelf.store(file)
    shelf.tidy()
    assert shelf.count(store) == 1
    shelf.clock.seconds += 3600
    shelf.tidy()
    assert shelf.count(store) == 0
    assert not (shelf.library.blobs.folder / file).exists()


def test_an_expired_store_is_emptied_and_can_still_be_seen(shelf: Shelf):
    store = shelf.store(shelf.file("a"), expires_days=1)
    shelf.tidy()
    shelf.clock.seconds += DAY_S
    shelf.tidy()
    assert shelf.count(store) == 0
    assert shelf.library.of("").stores.get(store).counts.total == 0
    assert shelf.library.of("").files.get("file-a")


def test_a_deleted_store_is_dropped_once_nobody_works_on_it(shelf: Shelf):
    shelf.queue.gate.clear()
    store = shelf.store(shelf.file("a"))
    shelf.library.of("").delete_store(store)
    keeper = Keeper(shelf.library)
    assert keeper.tidy()
    shelf.queue.gate.set()
    shelf.tidy()
    assert store not in shelf.library.rag.store.collections()


def test_a_service_that_another_has_the_queue_of_waits_for_what_is_in_hand(shelf: Shelf):
    """It puts nothing on the queue; what it takes out of a store does not come back when the reading ends."""
    rag = shelf.library.rag
    other = open_library(rag.settings, rag, NoQueue(shelf.queue), now=shelf.clock)
    shelf.queue.gate.clear()
    file = shelf.file("a")
    store = shelf.store(file)
    with pytest.raises(QueueError):
        other.of("").attach(shelf.store(), [Given(file)])
    other.of("").detach(store, file)
    Keeper(other).tidy()
    shelf.queue.gate.set()
    while shelf.queue.busy():
        pass
    assert Keeper(other).tidy() is False
    assert shelf.count(store) == 0
    other.close()


def test_bytes_of_deleted_files_that_were_left_by_a_crash_are_erased(shelf: Shelf):
    file = shelf.file("a")
    shelf.library.of("").files.delete(file)
    shelf.tidy()
    assert shelf.library.blobs.present() == set()


@pytest.mark.slow
def test_no_byte_of_a_file_that_was_taken_out_is_left(tmp_path: Path):
    """Neither in the files of the embedded store nor in the database, once upkeep is done."""
    store = EmbeddedStore(tmp_path / "collections")
    rag = small_rag(tmp_path, store=store)
    with thread_queue(rag) as queue:
        library = open_library(rag.settings, rag, queue)
        shelf = Shelf(library, queue, Clock())
        own = library.of("")
        with own.receiving("file-s", "swordfish.txt") as incoming:
            incoming.write(b"The swordfish swims in quicksilver.")
        own.keep(NewFile("file-s", "swordfish.txt", "text/plain", "assistants", 3, "0" * 64))
        name = shelf.store("file-s", shelf.file("other"))
        shelf.tidy()
        assert store.count(name) == 2
        assert _holding(tmp_path, b"quicksilver")
        own.delete_file("file-s")
        assert store.count(name) == 1
        shelf.tidy()
        library.close()
    store.close()
    assert _holding(tmp_path, b"quicksilver") == []
    assert _holding(tmp_path, b"swordfish") == []
    assert _holding(tmp_path, b"The gate other opens")


def _holding(folder: Path, word: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_a_service_without_a_queue_says_so_and_keeps_nothing(tmp_path: Path):
    """The file is not left in progress for ever."""
    rag = small_rag(tmp_path)
    library = open_library(rag.settings, rag, None)
    shelf = Shelf(library, None, Clock())  # type: ignore[arg-type]
    store = shelf.store()
    with pytest.raises(QueueError, match="FOOTNOTE_QUEUE_URL"):
        library.of("").attach(store, [Given(shelf.file("a"))])
    assert library.of("").store_files.page(store, PageRequest()).rows == ()
    with pytest.raises(NotStored):
        library.of("other").attach(store, [Given("file-a")])
    library.close()
    rag.close()
