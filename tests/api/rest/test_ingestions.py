"""`footnote ingest` beside a running `footnote serve`: the service owns the store, so the work is handed to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ingest.queue.handover import ServiceIngestion
from ingest.work.records import RunRequest
from rag.errors import ServiceError
from rag.handover import ServiceClient
from rag.owner import Doorway, Owner
from tests.api.running import PATIENCE_S, core, footnote, neighbour, serving
from tests.fakes import llm
from tests.integration.workers import FakeEmbeddings


def write(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = "\n\n".join(f"Gauge {number} reads {n} metres at {n} o'clock in the {n}th valley." for n in range(20))
        (folder / f"gauge-{number}.md").write_text(f"# Gauge {number}\n\n{text}\n", encoding="utf-8")
    return folder


@pytest.fixture
def embeddings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server of embeddings for every process that is started: handing work over is tested, not the model."""
    with llm.serving(FakeEmbeddings().app()) as url:
        monkeypatch.setenv("FOOTNOTE_EMBEDDING_URL", f"{url}/v1")
        yield


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("embeddings")
def test_the_command_hands_its_work_to_the_service_and_a_killed_service_goes_on_with_it(tmp_path: Path):
    """The command shows what the service does; what a killed service had taken, it finishes when it is back."""
    data, corpus = tmp_path / "data", write(tmp_path / "corpus", 6)
    with serving(data) as (process, client):
        command = footnote(data, "ingest", str(corpus / "gauge-0.md"), "--json")
        out, err = command.communicate(timeout=PATIENCE_S)
        assert command.returncode == 0, err
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["status"] for line in lines if "status" in line] == ["written"]
        assert lines[-1]["summary"]["written"] == 1
        url = client.owner.url or ""
        stranger = ServiceIngestion(ServiceClient(client.owner, Doorway(url, "wrong")))
        with pytest.raises(ServiceError, match="only the user who runs this service"):
            stranger.run(RunRequest("default", (str(corpus),)))
        document = ServiceIngestion(client).document("default", str(corpus / "gauge-0.md"))
        assert document is not None
        assert (document.title, document.receipt.pages) == ("Gauge 0", 1)
        assert ServiceIngestion(client).document("default", "/nowhere.md") is None
        assert ServiceIngestion(client).document("nowhere", "/nowhere.md") is None
        waiting = footnote(data, "ingest", str(corpus), "--json")
        assert waiting.stdout is not None
        waiting.stdout.readline()
        process.kill()
        process.wait()
        out, err = waiting.communicate(timeout=PATIENCE_S)
        assert waiting.returncode == 2
        assert "goes on when it is back" in err or "does not answer" in err
    with serving(data) as (_, client):
        report = ServiceIngestion(client).run(RunRequest("default", (str(corpus),)))
        assert report.count("unchanged") + report.count("written") == 6
        models = httpx.get(f"{client.owner.url}/v1/models").json()
        assert "footnote:default" in {model["id"] for model in models["data"]}


@pytest.mark.slow
def test_a_service_that_does_not_ingest_says_so(tmp_path: Path):
    with neighbour(lambda _: core(tmp_path)) as doorway:
        client = ServiceClient(Owner(1, "footnote serve", "here", doorway.url, doorway.token), doorway)
        with pytest.raises(ServiceError, match="footnote worker"):
            ServiceIngestion(client).run(RunRequest("default", ("/in",)))
