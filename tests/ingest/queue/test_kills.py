"""SIGKILL at any moment, again and again: no chunk is lost, doubled or orphaned, and every file ends."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from qdrant_edge import CountRequest

from rag.store.digest import digest
from rag.store.embedded import EmbeddedStore
from tests.ingest.queue import kill_target
from tests.ingest.queue.kill_target import COLLECTION

ROUNDS, FILES = 3, 16
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.ingest.queue.kill_target", "ingest.chunking.splitters"])
_CHANCE = random.Random(20251124)


def words(count: int, seed: str) -> str:
    chance = random.Random(seed)
    return ". ".join(" ".join(chance.choice("alpha beta gamma delta".split()) for _ in range(8)) for _ in range(count))


def write_corpus(folder: Path, number: int) -> None:
    """A corpus of which, from one round to the next, some files change, some go, some come, and one is broken."""
    for file in range(FILES):
        path = folder / f"file-{file:02}.md"
        kind = (file + number) % 4
        if kind == 0 and number:
            path.unlink(missing_ok=True)
        elif kind < 3 or not number:
            path.write_text(f"# File {file}\n\n{words(4 + file * 3, f'{file}/{number}')}.\n", encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 but not really")


def contents(folder: Path) -> tuple[str, list[str], list[str], int]:
    """Digest, ids of all chunks with their places, ids of all documents and pages, and how many points there are."""
    store = EmbeddedStore(folder / "collections")
    try:
        assert store.staged(COLLECTION) == []
        chunks = sorted(f"{c.id} {c.filename} {c.sha256} {c.start}" for c in store.all_chunks(COLLECTION))
        documents = [store.document(COLLECTION, stored.id) for stored in store.documents(COLLECTION)]
        places = sorted(f"{d.id} {d.sha256} {page.number} {page.text}" for d in documents if d for page in d.pages)
        return digest(store, COLLECTION), chunks, places, points(store)
    finally:
        store.close()


def points(store: EmbeddedStore) -> int:
    """Points of every kind, seen or not; counted one by one, since a segment that was being rewritten when its process
    was killed leaves points in two segments, which the shard's own estimate counts twice."""
    return int(store._shard(COLLECTION).count(CountRequest(exact=True)))


class Killer:
    """Runs the ingestion in a child process until it ends by itself, and kills it at random moments before."""

    def __init__(self, folder: Path, corpus: Path) -> None:
        self._folder = folder
        self._corpus = corpus
        self.kills = 0

    def until_it_ends(self, about_s: float, most: int) -> None:
        """Each attempt takes up all the runs that were killed before it, so at some point it is let through."""
        for _ in range(most):
            if self._attempt(_CHANCE.uniform(0, about_s)):
                return
            self.kills += 1

    def to_the_end(self) -> None:
        assert self._attempt(None)

    def _attempt(self, kill_after_s: float | None) -> bool:
        done = _CONTEXT.Event()
        process = _CONTEXT.Process(target=kill_target.run, args=(self._folder, self._corpus, done.set))
        process.start()
        process.join(kill_after_s)
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL), "it must only ever end by itself or by being killed"
        return process.exitcode == 0


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "corpus"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.mark.timeout(600)
@pytest.mark.slow
@pytest.mark.parametrize("kills", [6, pytest.param(50, marks=pytest.mark.nightly)])
def test_kills_leave_what_an_undisturbed_run_leaves(tmp_path: Path, corpus: Path, kills: int):
    """The same digest and the same points, after a first load, after changes and after removals."""
    calm = Killer(tmp_path / "calm", corpus)
    troubled = Killer(tmp_path / "troubled", corpus)
    number = 0
    while troubled.kills < kills or number < ROUNDS:
        write_corpus(corpus, number)
        began = monotonic()
        calm.to_the_end()
        troubled.until_it_ends(about_s=(monotonic() - began) * 0.9, most=kills // ROUNDS + 1)
        troubled.to_the_end()
        assert contents(tmp_path / "troubled") == contents(tmp_path / "calm")
        number += 1
    assert troubled.kills >= kills
