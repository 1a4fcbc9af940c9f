"""Uploaded files on the real queue, read in child processes: what was taken is done, also by the next process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import openai
import pytest

from api.erasing import forget
from api.rest.app import create_app
from ingest.build import open_service_ingestion
from rag.owner import Doorway
from rag.store.embedded import EmbeddedStore
from tests.fakes.library import small_rag
from tests.fakes.llm import serving
from tests.files.documents import lines, pdf_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FILES = 6


@contextmanager
def service(folder: Path) -> Iterator[openai.OpenAI]:
    """The service with its own ingestion, as `footnote serve` has it."""
    with ExitStack() as parts:
        rag = small_rag(folder, store=EmbeddedStore(folder / "collections"), ocr="none", parse_processes=1)
        parts.callback(rag.close)
        doorway = Doorway("http://127.0.0.1:1")
        ingestion = parts.enter_context(
            open_service_ingestion(rag.settings, rag, doorway=doorway, forget=partial(forget, rag.settings))
        )
        url = parts.enter_context(serving(create_app(rag, ingestion=ingestion, doorway=doorway)))
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=60)
        parts.callback(client.close)
        yield client


def test_a_service_that_is_stopped_in_the_middle_goes_on_at_its_next_start(tmp_path: Path):
    """Files end completed or failed as they are, a cancelled batch cancelled, and each is searchable once."""
    with service(tmp_path) as client:
        store = client.vector_stores.create().id
        names = [f"{n}.pdf" for n in range(FILES)]
        files = [
            client.files.create(file=(name, pdf_of(lines(f"The gate {name} opens."))), purpose="assistants").id
            for name in names
        ]
        bad = client.files.create(file=("bad.pdf", b"%PDF-1.7 nothing"), purpose="assistants").id
        batch = client.vector_stores.file_batches.create(store, file_ids=[*files, bad])
        first = client.vector_stores.files.poll(files[0], vector_store_id=store)
        assert first.status == "completed"
    with service(tmp_path) as client:
        done = client.vector_stores.file_batches.poll(batch.id, vector_store_id=store)
        assert (done.status, done.file_counts.completed, done.file_counts.failed) == ("completed", FILES, 1)
        failed = client.vector_stores.files.retrieve(bad, vector_store_id=store)
        assert failed.last_error is not None
        assert failed.last_error.code == "invalid_file"
        found = client.vector_stores.search(store, query="gate opens", max_num_results=50).data
        assert sorted(result.filename for result in found) == names
        client.files.delete(files[0])
        assert len(client.vector_stores.search(store, query="gate opens", max_num_results=50).data) == FILES - 1
