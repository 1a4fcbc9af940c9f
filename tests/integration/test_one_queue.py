"""Two services on one database: with one queue they share the work, with two the second is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openai
import pytest

from api.cli.doctor import examine
from tests.integration.postgres import new_database
from tests.integration.services import ServiceProcess, Surroundings, store_of, surroundings
from tests.integration.workers import Fleet

QUIET = {"ocr": "none", "parse_processes": 1}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def serve(around: Surroundings, folder: Path, name: str, **more: Any) -> ServiceProcess:
    home = folder / name
    home.mkdir(exist_ok=True)
    return around.serve(home, files_dir=folder / "files", **more)


def test_a_second_service_with_a_queue_of_its_own_is_refused(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
):
    """As long as the first lives, which goes on undisturbed; the doctor says it too; then the second may begin."""
    with surroundings() as around:
        first = serve(around, tmp_path, "first", database_url=database)
        first.wait_until_ready()
        second = serve(around, tmp_path, "second", database_url=database)
        assert second.ended() == 2
        assert "FOOTNOTE_QUEUE_URL of both" in second.output()
        assert len(second.output().splitlines()) == 1
        monkeypatch.setenv("FOOTNOTE_DATABASE_URL", database)
        monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "second"))
        monkeypatch.setenv("FOOTNOTE_QDRANT_URL", str(around.settings["qdrant_url"]))
        [told] = [check for check in examine(None) if check.name == "database"]
        assert told.state == "problem"
        assert "FOOTNOTE_QUEUE_URL of both" in told.detail
        with first.client() as client:
            store_of(client, "The gate code is 4711.", "The pump stands in room 9.")
        first.kill()
        again = serve(around, tmp_path, "second", database_url=database)
        again.wait_until_ready()


def test_services_that_share_the_queue_share_the_database(tmp_path: Path, postgres: str, database: str):
    """Also by another name of the same queue: what is filled by one can be searched by the other.

    A third one, with another queue, is refused.
    """
    queue = new_database(postgres)
    with surroundings() as around:
        first = serve(around, tmp_path, "first", database_url=database, queue_url=queue)
        alias = queue.replace("127.0.0.1", "localhost").replace("postgresql:", "postgresql+psycopg:")
        second = serve(around, tmp_path, "second", database_url=database, queue_url=alias)
        for each in (first, second):
            each.wait_until_ready()
        third = serve(around, tmp_path, "third", database_url=database, queue_url=new_database(postgres))
        assert third.ended() == 2
        assert "FOOTNOTE_QUEUE_URL of both" in third.output()
        places = {name: str(around.settings[name]) for name in ("qdrant_url", "embedding_url")}
        fleet = Fleet(tmp_path, queue, places["qdrant_url"], places["embedding_url"].removesuffix("/v1"), QUIET)
        with fleet.worker("service") as worker, first.client() as here, second.client() as there:
            worker.wait_until_ready()
            store = store_of(here, "The gate code is 4711.")
            assert there.vector_stores.retrieve(store).file_counts.completed == 1
            assert "4711" in there.vector_stores.search(store, query="gate code").data[0].content[0].text
            there.vector_stores.delete(store)
            with pytest.raises(openai.NotFoundError):
                here.vector_stores.retrieve(store)
