"""What fails around a running service: what clients see, and that nothing is lost that they were told is there."""

from __future__ import annotations

import hashlib
import resource
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openai
import psutil
import pytest

from api.storage import SQLITE_FILE
from tests.integration.services import PATIENCE_S, ServiceProcess, Surroundings, store_of, surroundings
from tests.integration.workers import wait

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(600)]

TEXT = "The gate code is 4711. It changes every month. The guard has the key."
DRAFT = "The gate code is 4711. It changes every month. The guard has the key."
QUESTION = "What is the gate code?"
_MB = 1_000_000


@dataclass
class Place:
    """A running service with one store, and what it talks to."""

    folder: Path
    around: Surroundings
    served: ServiceProcess
    client: openai.OpenAI
    store: str

    def chat(self, **more: Any) -> httpx.Response:
        """An answer; what a stream has, in one text."""
        body = {"model": f"footnote:{self.store}", "messages": [{"role": "user", "content": QUESTION}], **more}
        return httpx.post(f"{self.served.url}/v1/chat/completions", json=body, timeout=PATIENCE_S)

    def upload(self, data: bytes, name: str = "more.txt") -> httpx.Response:
        """A file."""
        form = {"files": {"file": (name, data)}, "data": {"purpose": "assistants"}}
        return httpx.post(f"{self.served.url}/v1/files", timeout=PATIENCE_S, **form)  # type: ignore[arg-type]

    def files(self) -> dict[str, Any]:
        """All files by id."""
        return {file.id: file for file in self.client.files.list()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("faults")
    with surroundings() as around:
        served = around.serve(folder)
        served.wait_until_ready()
        with served.client(timeout=PATIENCE_S) as client:
            yield Place(folder, around, served, client, store_of(client, TEXT))


INTERNALS = ("http://", "sqlite", "/tmp", "FOOTNOTE_", "Qdrant", "disk", "Traceback")


def refused(response: httpx.Response, status: int, code: str) -> None:
    """An error in the one shape, with the id of its request, and without anything internal."""
    assert response.status_code == status, response.text
    assert response.headers["x-request-id"]
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert response.headers["x-request-id"] in error["message"]
    assert not [word for word in INTERNALS if word in response.text]


def test_a_language_model_that_breaks_off_and_comes_back(place: Place):
    """What it said before is told, checked, and that it broke off; the next answer is whole."""
    place.around.llm.says(DRAFT, behaviour="dies", told="The gate code is 4711. It changes")
    broken = place.chat(stream=True)
    assert "4711" in broken.text
    assert broken.text.rstrip().endswith("[DONE]")
    assert "stopped" in broken.text
    assert place.around.settings["llm_url"] not in broken.text
    place.around.llm.says(DRAFT, behaviour="fails")
    assert "4711" in place.chat().json()["choices"][0]["message"]["content"]
    place.around.llm.says(DRAFT)
    whole = place.chat().json()
    assert whole["choices"][0]["message"]["content"] == DRAFT
    assert whole["evidence"]["note"] is None


def test_a_store_that_refuses_is_never_an_empty_answer(place: Place):
    """Status 503 until it works again; what was refused meanwhile can be sent again, and what was kept is kept."""
    place.around.llm.says(DRAFT)
    place.around.qdrant.fails = True
    try:
        refused(place.chat(), 503, "store_unavailable")
        refused(place.chat(stream=True), 503, "store_unavailable")
        search = f"{place.served.url}/v1/vector_stores/{place.store}/search"
        refused(httpx.post(search, json={"query": QUESTION}, timeout=PATIENCE_S), 503, "store_unavailable")
        file = place.upload(b"The pump stands in room 9.", "pump.txt").json()["id"]
        with pytest.raises(openai.InternalServerError, match="try again in a moment"):
            place.client.vector_stores.files.create(place.store, file_id=file)
    finally:
        place.around.qdrant.fails = False
    attached = place.client.vector_stores.files.create_and_poll(file, vector_store_id=place.store)
    assert attached.status == "completed"
    assert place.chat().json()["choices"][0]["message"]["content"] == DRAFT


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program writes to the database of the service for as long as the block lasts."""
    with closing(sqlite3.connect(folder / SQLITE_FILE, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def test_a_database_that_another_program_has_locked(place: Place):
    """Writes are refused with status 503 and leave nothing behind; questions are answered all the same."""
    place.around.llm.says(DRAFT)
    before = set(place.files())
    with locked(place.folder):
        refused(place.upload(b"never"), 503, "database_unavailable")
        assert set(place.files()) == before
        assert place.chat().json()["choices"][0]["message"]["content"] == DRAFT
        assert place.chat(stream=True).text.rstrip().endswith("[DONE]")
    assert {path.name for path in (place.folder / "files").iterdir()} == before
    assert place.upload(b"now").is_success


def test_a_disk_that_is_full(place: Place):
    """An upload that does not fit is refused and leaves nothing; what was there is there, and room helps at once."""
    data = bytes(range(256)) * 4000
    kept = place.upload(data, "kept.bin").json()
    before = set(place.files())
    usual = resource.prlimit(place.served.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(place.served.process.pid, resource.RLIMIT_FSIZE, (_MB, usual[1]))
    try:
        refused(place.upload(data * 3, "large.bin"), 507, "storage_full")
        assert set(place.files()) == before
        assert place.client.files.content(kept["id"]).read() == data
    finally:
        resource.prlimit(place.served.process.pid, resource.RLIMIT_FSIZE, usual)
    assert {path.name for path in (place.folder / "files").iterdir()} == before
    assert place.upload(data * 3, "large.bin").is_success


def test_children_that_read_files_and_are_killed(place: Place):
    """As for want of memory: the files are read by others in their place, or say why not; the service goes on."""
    texts = [f"Pump {number} stands in room {number}. " * 400 for number in range(6)]
    files = [place.upload(text.encode(), f"pump-{number}.txt").json()["id"] for number, text in enumerate(texts)]
    batch = place.client.vector_stores.file_batches.create(place.store, file_ids=files)
    for child in psutil.Process(place.served.process.pid).children(recursive=True):
        child.kill()

    def counts() -> Any:
        return place.client.vector_stores.file_batches.retrieve(batch.id, vector_store_id=place.store).file_counts

    wait(lambda: counts().in_progress == 0, PATIENCE_S)
    assert counts().completed + counts().failed == len(files)
    for file in place.client.vector_stores.file_batches.list_files(batch.id, vector_store_id=place.store):
        assert (file.status == "completed") == (file.last_error is None)
    assert place.upload(b"on").is_success


def test_a_service_that_is_killed_with_everything_in_hand(tmp_path: Path):
    """Started again, it has all that it said it had: files, parts of an upload, a batch, which it finishes."""
    with surroundings() as around, ThreadPoolExecutor(4) as clients:
        around.embeddings.hold("service")
        served = around.serve(tmp_path)
        served.wait_until_ready()
        client = served.client()
        store = client.vector_stores.create(name="papers").id
        texts = {f"{number}.txt": f"Pump {number} stands in room {number}.".encode() for number in range(8)}
        files = {client.files.create(file=(name, text), purpose="assistants").id: name for name, text in texts.items()}
        batch = client.vector_stores.file_batches.create(store, file_ids=list(files)).id
        upload = client.uploads.create(bytes=6, filename="parts.txt", mime_type="text/plain", purpose="assistants").id
        first = client.uploads.parts.create(upload, data=b"abc").id
        wait(lambda: around.embeddings.waiting["service"] > 0, PATIENCE_S)
        going = [clients.submit(sent, served, number) for number in range(4)]
        wait(lambda: any(each.done() for each in going), PATIENCE_S)
        served.kill()
        told = {each.result() for each in going} - {None}
        around.embeddings.release("service")

        again = around.serve(tmp_path)
        again.wait_until_ready()
        client = again.client()
        found = {file.id: file for file in client.files.list()}
        assert set(files) | told <= set(found)
        for file_id, name in files.items():
            content = client.files.content(file_id).read()
            assert content == texts[name]
            assert found[file_id].model_extra is not None
            assert found[file_id].model_extra["sha256"] == hashlib.sha256(content).hexdigest()
        second = client.uploads.parts.create(upload, data=b"def").id
        whole = client.uploads.complete(upload, part_ids=[first, second])
        assert whole.file is not None
        assert client.files.content(whole.file.id).read() == b"abcdef"

        def counts() -> Any:
            return client.vector_stores.file_batches.retrieve(batch, vector_store_id=store).file_counts

        wait(lambda: counts().in_progress == 0, PATIENCE_S)
        assert counts().completed == len(files)
        hits = client.vector_stores.search(store, query="Where does pump 3 stand?").data
        assert any("Pump 3 stands in room 3." in hit.content[0].text for hit in hits)


def sent(served: ServiceProcess, number: int) -> str | None:
    """The id of a file, where the service lived to tell it."""
    form: Any = {"files": {"file": (f"late-{number}.bin", b"x" * 3 * _MB)}, "data": {"purpose": "assistants"}}
    try:
        response = httpx.post(f"{served.url}/v1/files", timeout=PATIENCE_S, **form)
    except httpx.HTTPError:
        return None
    return str(response.json()["id"]) if response.is_success else None
