"""`footnote serve` in a process of its own, beside models and a store that are small and real."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openai

from tests.fakes.llm import FakeLlm, serving, unused_url
from tests.fakes.qdrant import FakeQdrant
from tests.integration.workers import FOOTNOTE, FakeEmbeddings, kill_group, wait

PATIENCE_S = 120.0
_LOOK_S = 0.1
_QUIET: Mapping[str, object] = {"moderation": "off", "ocr": "none", "spelling": False, "parse_processes": 1}


@dataclass(frozen=True, slots=True)
class ServiceProcess:
    """A running service; `said` is the file of what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    said: Path

    def client(self, **options: Any) -> openai.OpenAI:
        """The official client, which tries nothing again."""
        return openai.OpenAI(base_url=f"{self.url}/v1", **{"api_key": "-", "max_retries": 0, "timeout": 60, **options})

    def wait_until_ready(self) -> None:
        """Until it answers."""
        wait(lambda: self.process.poll() is not None or _answers(self.url), PATIENCE_S)
        assert self.process.poll() is None, self.output()

    def output(self) -> str:
        """What it printed."""
        return self.said.read_text(encoding="utf-8")

    def terminate(self) -> None:
        """SIGTERM, not waited for."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """SIGKILL, as for want of memory: it closes nothing."""
        self.process.kill()
        self.process.wait()


@contextmanager
def service(folder: Path, *, port: int | None = None, **settings: Any) -> Iterator[ServiceProcess]:
    """A service on this folder, not waited for; at the end it is killed with all of its children.

    The settings are those of Footnote.
    """
    port = port or int(unused_url().rpartition(":")[2])
    given = {"data_dir": folder, "port": port, **_QUIET, **settings}
    own = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    said = folder / f"service-{port}-{time.monotonic_ns()}.txt"
    with said.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [*FOOTNOTE, "serve"],
            env=own | {f"FOOTNOTE_{name.upper()}": str(value) for name, value in given.items()},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield ServiceProcess(f"http://127.0.0.1:{port}", process, said)
    finally:
        process.kill()
        process.wait()
        kill_group(process.pid)


@dataclass
class Surroundings:
    """What a service talks to, each a server in this process; `settings` lead a service there."""

    llm: FakeLlm
    embeddings: FakeEmbeddings
    qdrant: FakeQdrant
    settings: Mapping[str, object]
    parts: ExitStack

    def serve(self, folder: Path, **more: Any) -> ServiceProcess:
        """A service here, until the surroundings end; it is not waited for."""
        return self.parts.enter_context(service(folder, **{**self.settings, **more}))


@contextmanager
def surroundings() -> Iterator[Surroundings]:
    """A language model, an embedding model and a Qdrant server, until the end of the block."""
    llm, embeddings, qdrant = FakeLlm(), FakeEmbeddings(latency_s=0.0), FakeQdrant()
    with ExitStack() as parts:
        settings = {
            "llm_url": f"{parts.enter_context(serving(llm.app()))}/v1",
            "llm_model": "scripted-7b",
            "embedding_url": f"{parts.enter_context(serving(embeddings.app()))}/v1",
            "embedding_api_key": "service",
            "qdrant_url": parts.enter_context(serving(qdrant.app())),
            "answerability_threshold": 0,
            "reader": "local",
            "reranker": "none",
        }
        with ExitStack() as services:
            yield Surroundings(llm, embeddings, qdrant, settings, services)


def store_of(client: openai.OpenAI, *texts: str) -> str:
    """A vector store with a file for each text, all of them read."""
    store = client.vector_stores.create(name="papers")
    files = [
        client.files.create(file=(f"{number}.txt", text.encode()), purpose="assistants").id
        for number, text in enumerate(texts)
    ]
    batch = client.vector_stores.file_batches.create_and_poll(store.id, file_ids=files, poll_interval_ms=100)
    assert batch.file_counts.completed == len(texts), batch
    return store.id


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=PATIENCE_S).is_success
    except httpx.HTTPError:
        time.sleep(_LOOK_S)
        return False
