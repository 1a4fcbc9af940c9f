"""`footnote worker` in processes of its own, and the embedding server that they share: for tests and benchmarks."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request

DIMENSION = 16
FOOTNOTE = (sys.executable, "-c", "from api.cli.commands import main; main()")
READY = "footnote worker: ready"
_WAIT_S = 90.0
_LOOK_S = 0.02


@dataclass
class FakeEmbeddings:
    """OpenAI's embeddings API; vectors are made of hashes, and a text takes `latency_s`.

    `texts` has what each client, known by its key, asked for. Nobody is answered before `company` clients have asked,
    so that all of them have some of the work. `hold` lets a client wait from then on.
    """

    latency_s: float = 0.005
    company: int = 1
    texts: dict[str, list[str]] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)
    _held: set[str] = field(default_factory=set)

    def hold(self, client: str) -> None:
        """Answer this client's requests no more."""
        self._held.add(client)

    def release(self, client: str) -> None:
        """Answer them again."""
        self._held.discard(client)

    def repeated(self) -> list[str]:
        """Every text that was asked for more than once."""
        times = Counter(text for texts in self.texts.values() for text in texts)
        return [text for text, count in times.items() if count > 1]

    def app(self) -> FastAPI:
        """The server."""
        app = FastAPI()

        @app.post("/v1/embeddings")
        async def embeddings(request: Request) -> dict[str, object]:
            client = request.headers["authorization"].removeprefix("Bearer ")
            texts = (await request.json())["input"]
            if texts != ["dimension"]:
                await self._work(client, texts)
            rows = [{"object": "embedding", "index": i, "embedding": vector_of(text)} for i, text in enumerate(texts)]
            return {"object": "list", "data": rows, "model": "m", "usage": {"prompt_tokens": 0, "total_tokens": 0}}

        return app

    async def _work(self, client: str, texts: list[str]) -> None:
        self.texts.setdefault(client, []).extend(texts)
        self.waiting[client] += 1
        while len(self.texts) < self.company or client in self._held:
            await asyncio.sleep(_LOOK_S)
        await asyncio.sleep(self.latency_s * len(texts))
        self.waiting[client] -= 1


def vector_of(text: str) -> list[float]:
    """The same for the same text, and never zero."""
    return [1.0 + byte for byte in hashlib.sha256(text.encode()).digest()[:DIMENSION]]


@dataclass(frozen=True, slots=True)
class Fleet:
    """What all workers share: the database, the store, the embedding model; `folder` holds what each has for itself."""

    folder: Path
    queue_url: str
    qdrant_url: str
    embedding_url: str
    more: Mapping[str, object] = field(default_factory=dict)

    def environment(self, client: str) -> dict[str, str]:
        """Settings of one process, without those of this one."""
        settings = {
            "data_dir": self.folder / client,
            "queue_url": self.queue_url,
            "qdrant_url": self.qdrant_url,
            "embedding_url": f"{self.embedding_url}/v1",
            "embedding_api_key": client,
            **self.more,
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
        return own | {f"FOOTNOTE_{name.upper()}": str(value) for name, value in settings.items()}

    @contextmanager
    def worker(self, client: str) -> Iterator[WorkerProcess]:
        """A worker, not waited for; at the end it is killed with all of its children."""
        said = self.folder / f"{client}.txt"
        with said.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [*FOOTNOTE, "worker"],
                env=self.environment(client),
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            yield WorkerProcess(client, process, said)
        finally:
            process.kill()
            process.wait()
            kill_group(process.pid)

    @contextmanager
    def handing_in(self, *arguments: object) -> Iterator[HandedIn]:
        """`footnote ingest ARGUMENTS --queue-only --json` in the background."""
        said = self.folder / "handed-in.txt"
        command = [*FOOTNOTE, "ingest", *map(str, arguments), "--queue-only", "--json"]
        with said.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(command, env=self.environment("hand"), stdout=file)
        try:
            yield HandedIn(process, said)
        finally:
            process.kill()
            process.wait()


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A running worker; `client` is what the embedding model knows it by."""

    client: str
    process: subprocess.Popen[bytes]
    said: Path

    def wait_until_ready(self) -> None:
        """Until it works off the queue."""
        wait(lambda: READY in self.output() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output()

    def output(self) -> str:
        """What it printed."""
        return self.said.read_text(encoding="utf-8")

    def kill(self) -> None:
        """SIGKILL, as for want of memory: its children are left to themselves."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.terminate()
        return self.process.wait(_WAIT_S)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A run that a third process handed in and follows."""

    process: subprocess.Popen[bytes]
    said: Path

    def finish(self, wait_s: float = _WAIT_S) -> list[dict[str, Any]]:
        """The lines of JSON that it printed, the last of which is the summary."""
        code = self.process.wait(wait_s)
        lines = [json.loads(line) for line in self.said.read_text(encoding="utf-8").splitlines()]
        assert code == 0, lines[-1:]
        return lines


def wait(condition: Callable[[], bool], wait_s: float = _WAIT_S) -> None:
    """Until it holds.

    Raises:
        TimeoutError: it never did.
    """
    until = time.monotonic() + wait_s
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(_LOOK_S)


def kill_group(group: int) -> None:
    """SIGKILL to all processes of a group; none is left where there was none."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
