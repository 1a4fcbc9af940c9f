"""Two workers on one queue against one: files a second, shares of the work, and what is done twice.

    python -m benchmarks workers FOLDER [--qdrant URL] [--text-ms 28] [--kill]

Workers are processes of their own on a Postgres server of their own, which must be installed
(tests/integration/postgres.py). They embed through a server whose vectors are hashes and that takes `--text-ms` for a
text of each worker, as models do that run on the machines of their workers (28: the shipped one on two cores): what is
measured is whether the queue, the store and the rest keep up. Without `--qdrant` the store is the small one of the
tests, which looks at every point for every request, one at a time: with more than a few thousand chunks it is what is
measured. With `--kill` one of two workers is killed half way.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from benchmarks.harness import Result, scratch_folder
from rag.store.server import ServerStore
from tests.fakes.llm import serving
from tests.fakes.qdrant import FakeQdrant
from tests.integration.postgres import new_database, running_postgres
from tests.integration.workers import FakeEmbeddings, Fleet, wait


@dataclass(frozen=True, slots=True)
class Site:
    """Where runs take place: a Postgres server, a Qdrant server, a folder of files to read, one for what is written."""

    postgres: str
    qdrant: str
    files: Path
    scratch: Path
    text_ms: float

    def run(self, workers: int, *, kill: bool = False) -> dict[str, Any]:
        """Figures of one run into a collection that is dropped afterwards."""
        name = f"workers-{uuid.uuid4().hex[:8]}"
        model = FakeEmbeddings(self.text_ms / 1000)
        with serving(model.app()) as embedding, self._collection(name):
            fleet = Fleet(self._folder(name), new_database(self.postgres), self.qdrant, embedding, {"collection": name})
            lines = self._ingest(fleet, model, workers, kill=kill)
            asked = Counter(text for texts in model.texts.values() for text in texts)
            with closing(psycopg.connect(fleet.queue_url)) as connection:
                done_by = connection.execute(
                    "SELECT count(*) FROM dbos.workflow_status WHERE queue_name = 'files' GROUP BY executor_id"
                )
                shares = sorted((count for (count,) in done_by), reverse=True)
        summary = lines[-1]
        files = sum(summary["summary"].values())
        return {
            "files": files,
            "written": summary["summary"]["written"],
            "chunks": summary["chunks"],
            "seconds": summary["seconds"],
            "files_per_s": round(files / summary["seconds"], 1),
            "files_by_worker": shares,
            "texts": len(asked),
            "texts_embedded_again": sum(asked.values()) - len(asked),
        }

    def _ingest(self, fleet: Fleet, model: FakeEmbeddings, workers: int, *, kill: bool) -> list[dict[str, Any]]:
        with ExitStack() as parts:
            team = [parts.enter_context(fleet.worker(f"worker-{number}")) for number in range(workers)]
            for worker in team:
                worker.wait_until_ready()
            self._warm_up(fleet, model)
            handed_in = parts.enter_context(fleet.handing_in(self.files))
            if kill:
                half = sum(1 for path in self.files.rglob("*") if path.is_file()) // 2
                wait(lambda: handed_in.said.read_text(encoding="utf-8").count('"status"') >= half, 3600)
                team[0].kill()
            return handed_in.finish(wait_s=3600)

    def _warm_up(self, fleet: Fleet, model: FakeEmbeddings) -> None:
        """A few files, so that no worker is measured while its children start."""
        folder = fleet.folder / "first"
        folder.mkdir()
        for number in range(16):
            (folder / f"{number}.txt").write_text(f"A first file, number {number}.", encoding="utf-8")
        with fleet.handing_in(folder) as handed_in:
            handed_in.finish()
        model.texts.clear()
        with closing(psycopg.connect(fleet.queue_url, autocommit=True)) as connection:
            connection.execute("DELETE FROM dbos.workflow_status")

    def _folder(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir()
        return folder

    @contextmanager
    def _collection(self, name: str) -> Iterator[None]:
        yield
        with closing(ServerStore(self.qdrant)) as store:
            store.drop_collection(name)


def benchmark(
    folder: Annotated[Path, typer.Argument(help="Files to ingest.", exists=True)],
    qdrant: Annotated[str | None, typer.Option(help="URL of a Qdrant server.")] = None,
    text_ms: Annotated[float, typer.Option(help="What embedding a text takes.")] = 28,
    kill: Annotated[bool, typer.Option("--kill", help="Also kill one of two workers half way.")] = False,
) -> Result:
    with ExitStack() as parts:
        scratch = parts.enter_context(scratch_folder())
        store = qdrant or parts.enter_context(serving(FakeQdrant().app()))
        postgres = parts.enter_context(running_postgres(scratch))
        site = Site(postgres, store, folder.absolute(), scratch, text_ms)
        began = time.monotonic()
        one, two = site.run(1), site.run(2)
        figures = {
            "store": "Qdrant" if qdrant else "qdrant-client in memory behind HTTP",
            "text_ms": text_ms,
            "one": one,
            "two": two,
            "ratio": round(two["files_per_s"] / one["files_per_s"], 2),
            **({"one_of_two_killed": site.run(2, kill=True)} if kill else {}),
        }
        return Result(figures | {"minutes": round((time.monotonic() - began) / 60, 1)})
