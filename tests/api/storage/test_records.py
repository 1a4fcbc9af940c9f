"""Files, vector stores, their files and batches, as the database keeps them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.storage import (
    Attached,
    Database,
    FileCounts,
    Files,
    NotStorable,
    NotStored,
    Outcome,
    PageRequest,
    StoreChanges,
    StoreFiles,
    Upkeep,
    VectorStores,
)
from tests.api.storage.conftest import Clock
from tests.api.storage.test_database import new_file

DAY_S = 86_400


@pytest.fixture
def files(database: Database) -> Files:
    return Files(database, "")


@pytest.fixture
def stores(database: Database) -> VectorStores:
    return VectorStores(database, "")


@pytest.fixture
def store_files(database: Database, files: Files, stores: VectorStores) -> StoreFiles:
    """The store `vs_1` and the files a to d, none of them in it."""
    for name in "abcd":
        files.add(new_file(name))
    stores.add("vs_1")
    return StoreFiles(database, "")


def attached(*names: str) -> list[Attached]:
    return [Attached(f"file-{name}", f"document-{name}", {"n": name}) for name in names]


def test_a_file_that_expires_is_gone_from_that_second_on(files: Files, clock: Clock):
    """And is named to whoever erases its bytes, until it is deleted."""
    files.add(new_file("a", expires_s=3600))
    clock.seconds += 3599
    assert files.get("file-a").expires_at == clock.seconds + 1
    assert files.expired() == []
    clock.seconds += 1
    with pytest.raises(NotStored):
        files.get("file-a")
    assert files.page(PageRequest()).rows == ()
    assert files.expired() == ["file-a"]
    files.delete("file-a")
    assert files.expired() == []


def test_a_deleted_file_leaves_nothing_that_tells_of_it(database: Database, files: Files):
    files.add(new_file("secret"))
    files.delete("file-secret")
    with pytest.raises(NotStored):
        files.delete("file-secret")
    with database.everyone() as session:
        row = session.connection().exec_driver_sql("SELECT filename, sha256, size_bytes FROM files").one()
    assert tuple(row) == ("", "", 0)


def test_a_tenant_finds_nothing_of_anothers(database: Database, store_files: StoreFiles):
    """Files, stores, files of stores: none is there, and none can be used."""
    store_files.attach("vs_1", attached("a"))
    others = Files(database, "other"), VectorStores(database, "other"), StoreFiles(database, "other")
    for call in (
        lambda: others[0].get("file-a"),
        lambda: others[0].delete("file-a"),
        lambda: others[1].get("vs_1"),
        lambda: others[1].delete("vs_1"),
        lambda: others[1].change("vs_1", StoreChanges(name="mine")),
        lambda: others[2].get("vs_1", "file-a"),
        lambda: others[2].detach("vs_1", "file-a"),
        lambda: others[2].attach("vs_1", attached("b")),
        lambda: others[2].page("vs_1", PageRequest()),
    ):
        with pytest.raises(NotStored):
            call()
    others[1].add("vs_2")
    with pytest.raises(NotStored):
        others[2].attach("vs_2", attached("a"))
    assert others[0].named(["file-a"]) == {}


def test_the_counts_of_a_store_are_of_one_moment(database: Database, stores: VectorStores, store_files: StoreFiles):
    files = [file for file, _ in store_files.attach("vs_1", attached("a", "b", "c"))]
    assert stores.get("vs_1").counts == FileCounts(in_progress=3)
    upkeep = Upkeep(database)
    assert upkeep.settle(files[0].number, None, Outcome("completed", 100))
    assert upkeep.settle(files[1].number, None, Outcome("failed", error_code="invalid_file", error_message="no text"))
    store = stores.get("vs_1")
    assert (store.counts, store.counts.total, store.usage_bytes) == (FileCounts(1, 1, 1, 0), 3, 100)
    assert store_files.get("vs_1", "file-b").error_code == "invalid_file"
    assert [f.file_id for f in store_files.page("vs_1", PageRequest(), status="completed").rows] == ["file-a"]


def test_a_file_that_is_in_the_store_already_stays_as_it_is(store_files: StoreFiles):
    """Its attributes too, and it is worked on once."""
    store_files.attach("vs_1", attached("a"))
    [(again, new)] = store_files.attach("vs_1", [Attached("file-a", "document-a", {"n": "other"})])
    assert (again.attributes, new) == ({"n": "a"}, False)
    assert len(store_files.page("vs_1", PageRequest()).rows) == 1


def test_of_many_who_put_a_file_in_at_the_same_time_one_does(store_files: StoreFiles):
    """The others find it there."""
    with ThreadPoolExecutor(6) as threads:
        new = list(threads.map(lambda _: store_files.attach("vs_1", attached("a"))[0][1], range(6)))
    assert sorted(new) == [False] * 5 + [True]
    assert len(store_files.page("vs_1", PageRequest()).rows) == 1


def test_ids_and_names_with_characters_that_no_database_holds(files: Files, stores: VectorStores):
    """They are not there, or cannot be kept; the database is not at fault."""
    with pytest.raises((NotStored, NotStorable)):
        files.get("file-\0")
    try:
        stores.add("vs_nul", name="a\0b")
    except NotStorable:
        return
    assert stores.get("vs_nul").name == "a\0b"


def test_a_file_that_was_taken_out_can_be_put_in_again(database: Database, store_files: StoreFiles):
    """Taking it out leaves a document to erase, unless it is in the store again."""
    store_files.attach("vs_1", attached("a"))
    store_files.detach("vs_1", "file-a")
    with pytest.raises(NotStored):
        store_files.get("vs_1", "file-a")
    upkeep = Upkeep(database)
    [gone] = upkeep.to_erase()
    assert not upkeep.is_wanted("vs_1", gone.document_id)
    [(_, new)] = store_files.attach("vs_1", attached("a"))
    assert new
    assert upkeep.is_wanted("vs_1", gone.document_id)
    upkeep.mark_erased([gone.number])
    assert upkeep.to_erase() == []


def test_an_outcome_of_work_that_was_begun_anew_or_cancelled_is_not_noted(database: Database, store_files: StoreFiles):
    """Two processes look at the same run: one of them notes its end."""
    upkeep = Upkeep(database)
    [(file, _)] = store_files.attach("vs_1", attached("a"))
    store_files.begin([file.number], "run-1")
    store_files.begin([file.number], "run-2")
    assert not upkeep.settle(file.number, "run-1", Outcome("failed"))
    assert upkeep.settle(file.number, "run-2", Outcome("completed", 3))
    assert not upkeep.settle(file.number, "run-2", Outcome("failed"))
    assert store_files.get("vs_1", "file-a").status == "completed"


def test_a_batch_counts_its_files_and_is_cancelled_where_they_are_not_done(database: Database, store_files: StoreFiles):
    files = store_files.batch("vsfb_1", "vs_1", attached("a", "b", "c"))
    Upkeep(database).settle(files[0][0].number, None, Outcome("completed", 1))
    batch, cancelled = store_files.cancel_batch("vs_1", "vsfb_1")
    assert batch.counts == FileCounts(completed=1, cancelled=2)
    assert [file.file_id for file in cancelled] == ["file-b", "file-c"]
    assert batch.cancelled_at is not None
    listed = store_files.page("vs_1", PageRequest(order="asc"), batch_id="vsfb_1").rows
    assert [file.file_id for file in listed] == ["file-a", "file-b", "file-c"]
    with pytest.raises(NotStored):
        store_files.get_batch("vs_1", "vsfb_2")


def test_a_batch_with_a_file_that_is_not_there_is_not_made(store_files: StoreFiles):
    """Nothing of it is: neither the batch nor its other files."""
    with pytest.raises(NotStored, match="file-z"):
        store_files.batch("vsfb_1", "vs_1", attached("a", "z"))
    with pytest.raises(NotStored):
        store_files.get_batch("vs_1", "vsfb_1")
    assert store_files.page("vs_1", PageRequest()).rows == ()


def test_a_store_expires_so_many_days_after_its_last_use(stores: VectorStores, clock: Clock):
    store = stores.add("vs_1", expires_days=2)
    assert store.expires_at == clock.seconds + 2 * DAY_S
    clock.seconds += DAY_S
    stores.touch("vs_1")
    clock.seconds += DAY_S
    assert stores.expired() == []
    clock.seconds += DAY_S
    assert stores.expired() == ["vs_1"]


def test_collections_of_others_are_stores_too(stores: VectorStores):
    """A collection that was filled on the command line is there, once; a deleted one comes back when it is filled."""
    stores.adopt(["default", "manuals"])
    stores.adopt(["default"])
    assert [store.id for store in stores.page(PageRequest(order="asc")).rows] == ["default", "manuals"]
    stores.delete("default")
    assert [store.id for store in stores.page(PageRequest()).rows] == ["manuals"]
    stores.adopt(["default"])
    assert stores.get("default").name == "default"


def test_a_collection_of_one_tenant_is_not_adopted_by_another(database: Database, stores: VectorStores):
    VectorStores(database, "acme").add("vs_1")
    stores.adopt(["vs_1"])
    assert stores.page(PageRequest()).rows == ()
