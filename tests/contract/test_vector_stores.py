"""`/v1/vector_stores`, their files, batches and search, as the official client sees them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from rag.types import sha256_of
from tests.fakes.library import Served, found, served_library, store_with, until, upload

DAY_S = 86_400


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("stores")) as made:
        yield made


@pytest.fixture(autouse=True)
def open_gate(served: Served) -> Iterator[None]:
    yield
    served.queue.gate.set()


def param_of(raised: pytest.ExceptionInfo[openai.APIStatusError]) -> str | None:
    error = raised.value.response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error["param"]


def test_a_store_is_made_read_changed_and_deleted(served: Served):
    stores = served.client.vector_stores
    made = stores.create(
        name="Manuals", metadata={"team": "ops"}, expires_after={"anchor": "last_active_at", "days": 2}
    )
    assert (made.object, made.status, made.name, made.metadata) == (
        "vector_store",
        "completed",
        "Manuals",
        {"team": "ops"},
    )
    assert made.file_counts.total == made.usage_bytes == 0
    assert made.expires_at == made.last_active_at + 2 * DAY_S
    assert stores.retrieve(made.id) == made
    changed = stores.update(made.id, name="Guides", metadata={})
    assert (changed.name, changed.metadata, changed.expires_after) == ("Guides", {}, made.expires_after)
    assert stores.update(made.id, expires_after=None).expires_at is None
    deleted = stores.delete(made.id)
    assert (deleted.id, deleted.object, deleted.deleted) == (made.id, "vector_store.deleted", True)
    for call in (stores.retrieve, stores.delete, stores.update):
        with pytest.raises(openai.NotFoundError):
            call(made.id)
    with pytest.raises(openai.NotFoundError):
        stores.search(made.id, query="x")


def test_a_file_is_put_into_a_store_and_read(served: Served):
    """The client's helper polls until it is done; the receipt, the digest and the text are there then."""
    store, _ = store_with(served)
    file_id = upload(served)
    file = served.client.vector_stores.files.create_and_poll(file_id, vector_store_id=store, attributes={"year": 2025})
    assert (file.id, file.object, file.vector_store_id) == (file_id, "vector_store.file", store)
    assert (file.status, file.last_error, file.attributes) == ("completed", None, {"year": 2025})
    assert file.usage_bytes > 0
    extras = file.to_dict()
    assert extras["sha256"] == sha256_of(b"The gate code is 4711.")
    assert extras["receipt"]["receipt"]["pages"] == 1
    assert "source" not in extras["receipt"]
    content = served.client.vector_stores.files.content(file_id, vector_store_id=store)
    assert [part.text for part in content.data] == ["The gate code is 4711."]
    with served.client.vector_stores.with_streaming_response.retrieve(store) as raw:
        assert raw.json()["file_counts"] == {
            "in_progress": 0,
            "completed": 1,
            "failed": 0,
            "cancelled": 0,
            "total": 1,
        }


def test_upload_and_poll_does_it_all(served: Served):
    store, _ = store_with(served)
    file = served.client.vector_stores.files.upload_and_poll(
        vector_store_id=store, file=("a.md", b"# Gate\n\nIt opens.")
    )
    assert file.status == "completed"
    assert served.client.files.retrieve(file.id).purpose == "assistants"


def test_clients_that_wait_are_told_when_to_look_again(served: Served):
    """While a file is in progress, and only then; its counts sum at every moment."""
    store, _ = store_with(served)
    served.queue.gate.clear()
    waiting = [upload(served, f"{n}.txt", f"Gate {n} opens.") for n in range(3)]
    batch = served.client.vector_stores.file_batches.create(store, file_ids=waiting)
    assert (batch.object, batch.status, batch.file_counts.in_progress) == ("vector_store.files_batch", "in_progress", 3)
    raw = served.client.vector_stores.files.with_raw_response.retrieve(waiting[0], vector_store_id=store)
    assert int(raw.headers["openai-poll-after-ms"]) > 0
    assert raw.parse().status == "in_progress"
    raw_batch = served.client.vector_stores.file_batches.with_raw_response.retrieve(batch.id, vector_store_id=store)
    assert int(raw_batch.headers["openai-poll-after-ms"]) > 0
    assert served.client.vector_stores.retrieve(store).status == "in_progress"
    served.queue.gate.set()
    seen = []
    while not seen or seen[-1].status == "in_progress":
        seen.append(served.client.vector_stores.file_batches.retrieve(batch.id, vector_store_id=store))
        counts = seen[-1].file_counts
        assert counts.in_progress + counts.completed + counts.failed + counts.cancelled == counts.total == 3
    done = served.client.vector_stores.files.with_raw_response.retrieve(waiting[0], vector_store_id=store)
    assert "openai-poll-after-ms" not in done.headers
    assert done.parse().status == "completed"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "invalid_file"),
        ("blank.txt", b" \n\n ", "invalid_file"),
        ("damaged.pdf", b"%PDF-1.7 and nothing more", "invalid_file"),
        ("program.exe", b"MZ\x00\x01\x02\x00\x00" * 50, "unsupported_file"),
        ("archive.zip", b"PK\x05\x06" + bytes(18), "unsupported_file"),
        ("old.rtf", b"{\\rtf1 words}", "unsupported_file"),
    ],
)
def test_a_file_without_readable_text_is_failed_and_says_why(served: Served, name: str, data: bytes, code: str):
    """Never completed; the message names the file as it was sent, and no path of the server."""
    store, _ = store_with(served)
    file = served.client.vector_stores.files.create_and_poll(upload(served, name, data), vector_store_id=store)
    assert file.status == "failed"
    assert file.last_error is not None
    assert file.last_error.code == code
    assert file.last_error.message.startswith(f"{name}: ")
    assert str(served.rag.settings.data_dir) not in file.last_error.message
    with pytest.raises(openai.BadRequestError, match="failed"):
        served.client.vector_stores.files.content(file.id, vector_store_id=store)


def test_a_file_larger_than_what_is_read_is_failed(served: Served):
    store, _ = store_with(served)
    file = served.client.vector_stores.files.create_and_poll(
        upload(served, "large.txt", b"word " * 1_100_000), vector_store_id=store
    )
    assert file.last_error is not None
    assert file.last_error.code == "invalid_file"
    assert file.last_error.message.startswith("large.txt: ")


def test_a_batch_with_one_bad_file_is_completed_with_one_failed(served: Served):
    store, _ = store_with(served)
    files = [upload(served), upload(served, "bad.exe", b"MZ\x00\x01" * 99)]
    batch = served.client.vector_stores.file_batches.create_and_poll(store, file_ids=files)
    assert batch.status == "completed"
    assert (batch.file_counts.completed, batch.file_counts.failed, batch.file_counts.total) == (1, 1, 2)
    failed = served.client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store, filter="failed")
    assert [file.id for file in failed] == [files[1]]


def test_files_of_a_batch_have_attributes_of_their_own(served: Served):
    store, _ = store_with(served)
    files = [upload(served), upload(served, "b.txt", "The door is blue.")]
    batch = served.client.vector_stores.file_batches.create_and_poll(
        store,
        files=[{"file_id": files[0], "attributes": {"n": 1}}, {"file_id": files[1], "attributes": {"n": 2}}],
    )
    assert batch.file_counts.completed == 2
    listed = served.client.vector_stores.files.list(store, order="asc")
    assert [(file.id, file.attributes) for file in listed] == [(files[0], {"n": 1}), (files[1], {"n": 2})]
    for wrong in (
        {},
        {"file_ids": files, "files": [{"file_id": files[0]}]},
        {"file_ids": []},
        {"file_ids": ["file-x"] * 2001},
    ):
        with pytest.raises(openai.BadRequestError):
            served.client.vector_stores.file_batches.create(store, **wrong)


def test_a_cancelled_batch_leaves_nothing_of_what_was_not_done(served: Served):
    """Also of a file that was in hand meanwhile; a cancelled file can be tried again."""
    store, _ = store_with(served)
    served.queue.gate.clear()
    files = [upload(served, f"{n}.txt", f"Gate {n} opens.") for n in range(3)]
    batch = served.client.vector_stores.file_batches.create(store, file_ids=files)
    cancelled = served.client.vector_stores.file_batches.cancel(batch.id, vector_store_id=store)
    assert (cancelled.status, cancelled.file_counts.cancelled, cancelled.file_counts.total) == ("cancelled", 3, 3)
    listed = {
        status: [file.id for file in served.client.vector_stores.files.list(store, filter=status, order="asc")]
        for status in ("in_progress", "completed", "failed", "cancelled")
    }
    assert listed == {"in_progress": [], "completed": [], "failed": [], "cancelled": files}
    served.queue.gate.set()
    until(lambda: not served.queue.busy())
    assert found(served, store, "gate") == []
    url = f"{served.url}/v1/vector_stores/{store}/files/{files[0]}"
    assert httpx.post(f"{url}/retry").json()["status"] == "in_progress"
    until(lambda: httpx.get(url).json()["status"] == "completed")
    assert len(found(served, store, "gate")) == 1
    assert httpx.post(f"{url}/retry").status_code == 400


def test_work_whose_record_is_gone_is_failed_and_can_be_tried_again(served: Served):
    store, _ = store_with(served)
    served.queue.gate.clear()
    file_id = upload(served)
    served.client.vector_stores.files.create(store, file_id=file_id)
    served.queue.forget()
    served.queue.gate.set()
    file = served.client.vector_stores.files.poll(file_id, vector_store_id=store)
    assert file.last_error is not None
    assert file.last_error.code == "server_error"
    httpx.post(f"{served.url}/v1/vector_stores/{store}/files/{file_id}/retry")
    assert served.client.vector_stores.files.poll(file_id, vector_store_id=store).status == "completed"


def test_files_that_are_not_there_or_there_already(served: Served):
    """Unknown and deleted files are 404; a file that is in the store stays as it is."""
    store, [file_id] = store_with(served, "The gate code is 4711.")
    files = served.client.vector_stores.files
    gone = upload(served)
    served.client.files.delete(gone)
    for unknown in ("file-unknown", gone):
        with pytest.raises(openai.NotFoundError):
            files.create(store, file_id=unknown)
        with pytest.raises(openai.NotFoundError):
            files.retrieve(unknown, vector_store_id=store)
        with pytest.raises(openai.NotFoundError):
            served.client.vector_stores.file_batches.create(store, file_ids=[file_id, unknown])
        with pytest.raises(openai.NotFoundError):
            served.client.vector_stores.create(file_ids=[unknown])
    again = files.create(store, file_id=file_id, attributes={"other": 1})
    assert (again.status, again.attributes) == ("completed", {})
    assert len(files.list(store).data) == 1


def test_detaching_is_not_deleting(served: Served):
    """Its document is erased from the store at once, and the file can be put into it again."""
    store, [file_id] = store_with(served, "The gate code is 4711.")
    detached = served.client.vector_stores.files.delete(file_id, vector_store_id=store)
    assert (detached.object, detached.deleted) == ("vector_store.file.deleted", True)
    assert found(served, store, "gate code") == []
    assert served.client.files.retrieve(file_id).id == file_id
    with pytest.raises(openai.NotFoundError):
        served.client.vector_stores.files.delete(file_id, vector_store_id=store)
    assert served.client.vector_stores.files.create_and_poll(file_id, vector_store_id=store).status == "completed"
    assert len(found(served, store, "gate code")) == 1


def test_a_file_deleted_while_it_is_read_leaves_no_document(served: Served):
    """Nor its bytes; the store's counts forget it."""
    store, _ = store_with(served)
    served.queue.gate.clear()
    file_id = upload(served)
    served.client.vector_stores.files.create(store, file_id=file_id)
    served.client.files.delete(file_id)
    served.queue.gate.set()
    until(lambda: not served.queue.busy())
    assert found(served, store, "gate") == []
    assert served.client.vector_stores.retrieve(store).file_counts.total == 0


@pytest.mark.parametrize("deleted", ["store", "file in it"])
def test_answers_go_with_the_store_they_were_asked_of(served: Served, deleted: str):
    """Those of another store that holds the same file stay, until the file is gone from there too."""
    file_id = upload(served)
    stores = [served.client.vector_stores.create().id for _ in range(2)]
    answers = []
    for store in stores:
        served.client.vector_stores.files.create_and_poll(file_id, vector_store_id=store)
        tools: Any = [{"type": "file_search", "vector_store_ids": [store]}]
        answers.append(served.client.responses.create(model="footnote", input="What is the gate code?", tools=tools).id)
    first, second = stores
    if deleted == "store":
        served.client.vector_stores.delete(first)
    else:
        served.client.vector_stores.files.delete(file_id, vector_store_id=first)
    with pytest.raises(openai.NotFoundError):
        served.client.responses.retrieve(answers[0])
    assert "4711" in served.client.responses.retrieve(answers[1]).output_text
    assert len(found(served, second, "gate code")) == 1
    served.client.files.delete(file_id)
    with pytest.raises(openai.NotFoundError):
        served.client.responses.retrieve(answers[1])


def test_a_deleted_file_takes_the_answers_with_its_words_along(served: Served):
    """They are remembered no longer."""
    store, [file_id] = store_with(served, "The gate code is 4711.")
    tools: Any = [{"type": "file_search", "vector_store_ids": [store]}]
    response = served.client.responses.create(model="footnote", input="What is the gate code?", tools=tools)
    assert served.client.responses.retrieve(response.id).id == response.id
    served.client.files.delete(file_id)
    with pytest.raises(openai.NotFoundError):
        served.client.responses.retrieve(response.id)


def test_a_deleted_file_is_out_of_every_store(served: Served):
    one, [file_id] = store_with(served, "The gate code is 4711.")
    two, _ = store_with(served)
    served.client.vector_stores.files.create_and_poll(file_id, vector_store_id=two)
    served.client.files.delete(file_id)
    for store in (one, two):
        assert served.client.vector_stores.files.list(store).data == []
        assert found(served, store, "gate") == []


def test_a_deleted_store_takes_its_collection_and_not_its_files(served: Served):
    store, [file_id] = store_with(served, "The gate code is 4711.")
    served.client.vector_stores.delete(store)
    assert store not in served.rag.store.collections()
    assert served.client.files.retrieve(file_id).id == file_id


def test_lists_walked_one_by_one_are_whole(served: Served):
    """Of stores, of files in a store, with a filter, forwards and backwards."""
    store, files = store_with(served, *(f"Gate {n} opens." for n in range(4)))
    listed = served.client.vector_stores.files
    assert [file.id for file in listed.list(store, limit=1, order="asc")] == files
    assert [file.id for file in listed.list(store, limit=3, filter="completed")] == files[::-1]
    assert listed.list(store, filter="failed").data == []
    before = listed.list(store, limit=1, order="asc", before=files[2]).to_dict()
    assert ([row["id"] for row in before["data"]], before["has_more"]) == ([files[1]], True)
    whole = [each.id for each in served.client.vector_stores.list(limit=100)]
    assert [each.id for each in served.client.vector_stores.list(limit=1)] == whole
    for wrong in ({"limit": 0}, {"limit": 101}, {"filter": "done"}, {"order": "up"}):
        with pytest.raises(openai.BadRequestError) as raised:
            listed.list(store, **wrong)
        assert param_of(raised) == next(iter(wrong))


@pytest.mark.parametrize(
    "attributes",
    [
        {str(n): n for n in range(17)},
        {"k" * 65: 1},
        {"k": "v" * 513},
        {"k": [1]},
        {"k": None},
    ],
    ids=["too many", "long key", "long value", "list", "null"],
)
def test_attributes_beyond_the_limits_are_refused(served: Served, attributes: dict[str, Any]):
    store, [file_id] = store_with(served, "The gate code is 4711.")
    with pytest.raises(openai.BadRequestError):
        served.client.vector_stores.files.update(file_id, vector_store_id=store, attributes=attributes)


@pytest.mark.parametrize(
    ("size", "overlap", "taken"),
    [(100, 50, True), (4096, 2048, True), (99, 0, False), (4097, 0, False), (200, 101, False)],
)
def test_static_chunking_has_openais_bounds(served: Served, size: int, overlap: int, taken: bool):
    """It is told again as it was asked for."""
    strategy: Any = {"type": "static", "static": {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}}
    store, _ = store_with(served)
    file_id = upload(served)
    if not taken:
        with pytest.raises(openai.BadRequestError):
            served.client.vector_stores.files.create(store, file_id=file_id, chunking_strategy=strategy)
        return
    file = served.client.vector_stores.files.create(store, file_id=file_id, chunking_strategy=strategy)
    assert file.chunking_strategy is not None
    assert file.chunking_strategy.to_dict() == strategy


def test_chunks_overlap_as_asked(served: Served):
    """A sentence at the edge of a chunk is found with what follows it, too; the store tells each place exactly."""
    text = " ".join(f"Pump {n} moves {n * 10} litres every minute of the day." for n in range(30))
    texts = {}
    for overlap in (0, 12):
        strategy: Any = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": overlap}}
        store, _ = store_with(served)
        file_id = upload(served, "pumps.txt", text)
        served.client.vector_stores.files.create_and_poll(file_id, vector_store_id=store, chunking_strategy=strategy)
        results = found(served, store, "pump litres", max_num_results=50)
        places = sorted((each.to_dict()["start"], each.to_dict()["end"]) for each in results)
        assert sorted(text[start:end] for start, end in places) == sorted(each.content[0].text for each in results)
        texts[overlap] = places
    apart, together = texts[0], texts[12]
    assert all(after[0] >= before[1] for before, after in pairwise(apart))
    assert all(after[0] < before[1] for before, after in pairwise(together))
    assert all(text[start:].startswith("Pump") for start, _ in together)


def test_a_collection_of_the_command_line_is_a_store(served: Served):
    """Its name is its id; its documents are told by their own ids."""
    store = served.rag.store
    store.create_collection("shelf", served.rag.spec)
    assert served.client.vector_stores.retrieve("shelf").name == "shelf"
    assert "shelf" in [each.id for each in served.client.vector_stores.list(limit=100)]
    assert served.client.vector_stores.search("shelf", query="gate").data == []
    served.client.vector_stores.delete("shelf")
    assert "shelf" not in store.collections()
    with pytest.raises(openai.NotFoundError):
        served.client.vector_stores.retrieve("shelf")


def test_two_processes_on_one_store_see_each_others_stores(served: Served, tmp_path: Path):
    """They share the vector store and the database; what one was given, the other searches."""
    url = f"sqlite:///{served.rag.settings.data_dir / 'footnote.sqlite'}"
    files = served.rag.settings.data_dir / "files"
    with served_library(tmp_path, store=served.rag.store, database_url=url, files_dir=files) as other:
        store, [file_id] = store_with(served, "The gate code is 4711.")
        assert [result.file_id for result in found(other, store, "gate code")] == [file_id]
        elsewhere = other.client.vector_stores.create(file_ids=[file_id])
        until(lambda: other.client.vector_stores.retrieve(elsewhere.id).status == "completed")
        assert [result.file_id for result in found(served, elsewhere.id, "gate code")] == [file_id]
        assert other.client.files.content(file_id).read() == b"The gate code is 4711."


def test_what_a_store_may_not_be_is_refused(served: Served):
    for wrong in (
        {"expires_after": {"anchor": "last_active_at", "days": 0}},
        {"expires_after": {"anchor": "created_at", "days": 1}},
        {"metadata": {str(n): "x" for n in range(17)}},
        {"name": "n" * 257},
    ):
        with pytest.raises(openai.BadRequestError):
            served.client.vector_stores.create(**wrong)
