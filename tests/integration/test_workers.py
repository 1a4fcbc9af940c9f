"""Workers in processes of their own, on one Postgres and one Qdrant server: nothing is lost, nothing is done twice."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.build import ingest_paths
from rag.build.core import build
from rag.settings import load_settings
from rag.store.digest import digest
from rag.store.server import ServerStore
from tests.fakes.llm import serving, unused_url
from tests.fakes.qdrant import FakeQdrant
from tests.integration.postgres import new_database
from tests.integration.workers import FOOTNOTE, FakeEmbeddings, Fleet, WorkerProcess, wait

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FILES, AT_A_TIME = 24, 4
SETTINGS = {"chunk_tokens": 32, "ingest_files": AT_A_TIME, "parse_processes": 1, "ocr": "none"}


def sentence(file: int, number: int) -> str:
    return f"Sentence {number} of file {file} tells that part {file * 100 + number} weighs {number} kg and is blue."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for file in range(FILES):
        text = "\n\n".join(sentence(file, number) for number in range(1 + file % 3, 5))
        (folder / f"file-{file:02}.md").write_text(f"# File {file}\n\n{text}\n", encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class Hall:
    """A fleet at work, with what it shares in sight. Neither of two workers is answered before the other has asked."""

    fleet: Fleet
    model: FakeEmbeddings
    parts: ExitStack

    def employ(self, *clients: str) -> list[WorkerProcess]:
        """Start workers together."""
        return [self.parts.enter_context(self.fleet.worker(client)) for client in clients]

    def break_connections(self) -> None:
        """All that anybody has to the database."""
        with closing(psycopg.connect(self.fleet.queue_url, autocommit=True)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def digest(self, collection: str = "default") -> str:
        """Of a whole collection, in which nothing is unfinished."""
        with closing(ServerStore(self.fleet.qdrant_url)) as store:
            assert store.staged(collection) == []
            return digest(store, collection)

    def shares(self) -> Counter[str]:
        """Files by the worker that finished them."""
        with closing(psycopg.connect(self.fleet.queue_url)) as connection:
            rows = connection.execute("SELECT executor_id FROM dbos.workflow_status WHERE queue_name = 'files'")
            return Counter(name for (name,) in rows)


@contextmanager
def hall(folder: Path, postgres: str) -> Iterator[Hall]:
    model = FakeEmbeddings(company=2)
    with ExitStack() as parts:
        qdrant = parts.enter_context(serving(FakeQdrant().app()))
        embedding = parts.enter_context(serving(model.app()))
        yield Hall(Fleet(folder, new_database(postgres), qdrant, embedding, SETTINGS), model, parts)


@pytest.fixture
def two(tmp_path: Path, postgres: str) -> Iterator[Hall]:
    """A place for two workers."""
    with hall(tmp_path, postgres) as made:
        yield made


@pytest.fixture(scope="module")
def staying(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Hall]:
    """Two workers who began at the same moment on an empty database, and stay for several runs."""
    with hall(tmp_path_factory.mktemp("staying"), postgres) as made:
        made.employ("one", "other")
        yield made


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest that one worker leaves, here in this process."""
    with serving(FakeEmbeddings().app()) as embedding, serving(FakeQdrant().app()) as qdrant:
        places = {"data_dir": tmp_path_factory.mktemp("calm"), "qdrant_url": qdrant, "embedding_url": f"{embedding}/v1"}
        rag = build(load_settings(**places, **SETTINGS))
        with closing(rag):
            assert ingest_paths(rag, [corpus], "default").count("written") == FILES
            return digest(rag.store, "default")


def assert_all_written(lines: list[dict[str, Any]]) -> None:
    """Every file was told of once, and is in."""
    told = [line["source"] for line in lines if "source" in line]
    assert len(told) == len(set(told)) == FILES
    assert lines[-1]["summary"] == {"written": FILES, "unchanged": 0, "failed": 0, "skipped": 0, "pruned": 0}


def file_of(text: str) -> int:
    found = re.search(r"of file (\d+)", text)
    assert found
    return int(found[1])


def test_two_workers_share_the_work(staying: Hall, corpus: Path, undisturbed: str):
    """No text is embedded twice."""
    staying.model.texts.clear()
    with staying.fleet.handing_in(corpus, "--collection", "shared") as handed_in:
        assert_all_written(handed_in.finish())
    assert staying.digest("shared") == undisturbed
    assert staying.model.repeated() == []
    assert set(staying.model.texts) == {"one", "other"}
    assert len(staying.shares()) == 2


def test_a_database_that_breaks_all_connections_is_waited_for(staying: Hall, corpus: Path, undisturbed: str):
    """As it does when it is restarted: nobody is taken for dead, and nothing is done again."""
    staying.model.texts.clear()
    with staying.fleet.handing_in(corpus, "--collection", "broken") as handed_in:
        wait(lambda: len(staying.model.texts) == 2)
        staying.break_connections()
        assert_all_written(handed_in.finish())
    assert staying.digest("broken") == undisturbed
    assert staying.model.repeated() == []


def test_a_killed_workers_work_is_taken_over(two: Hall, corpus: Path, undisturbed: str):
    """Only its steps in hand are done again."""
    killed, _ = two.employ("killed", "other")
    with two.fleet.handing_in(corpus) as handed_in:
        wait(lambda: len(two.model.texts.get("killed", [])) > AT_A_TIME)
        two.model.hold("killed")
        wait(lambda: two.model.waiting["killed"] > 0)
        killed.kill()
        assert_all_written(handed_in.finish())
    assert two.digest() == undisturbed
    repeated = two.model.repeated()
    assert repeated
    assert set(repeated) <= set(two.model.texts["killed"])
    assert len({file_of(text) for text in repeated}) <= AT_A_TIME
    times = Counter(text for texts in two.model.texts.values() for text in texts)
    assert max(times.values()) == 2


def test_a_worker_that_is_told_to_stop_ends_its_steps(two: Hall, corpus: Path, undisturbed: str):
    """The others go on with the rest, and nothing is done again."""
    stopped, other = two.employ("stopped", "other")
    with two.fleet.handing_in(corpus) as handed_in:
        wait(lambda: "stopped" in two.model.texts)
        assert stopped.terminate() == 0, stopped.output()
        assert_all_written(handed_in.finish())
    assert other.process.poll() is None
    assert two.digest() == undisturbed
    assert two.model.repeated() == []


def test_a_worker_without_its_database_says_so(tmp_path: Path):
    """And ends with 2."""
    with serving(FakeEmbeddings().app()) as embedding:
        place = unused_url().removeprefix("http://")
        fleet = Fleet(tmp_path, f"postgresql://user:secret@{place}/footnote", unused_url(), embedding)
        done = subprocess.run(
            [*FOOTNOTE, "worker"], env=fleet.environment("one"), capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"footnote worker: the work queue at {place}/footnote failed: ")
    assert "FOOTNOTE_QUEUE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr
