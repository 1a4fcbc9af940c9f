"""`footnote ingest` beside a running `footnote serve`: the service owns the store, so the work is handed to it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ingest.build import queue_folder
from ingest.queue.handover import RUNS, ServiceIngestion
from ingest.queue.owner import Owner, Ownership, owner_of
from ingest.work.records import RunRequest
from rag.errors import QueueError, QueueLocked
from rag.settings import load_settings
from tests import ROOT
from tests.fakes.llm import unused_url

PATIENCE_S = 90


def footnote(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "FOOTNOTE_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from api.cli.commands import main; main()", *arguments]
    return subprocess.Popen(
        command,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )


def owner_when_ready(process: subprocess.Popen[str], folder: Path) -> Owner:
    """The service's entry, once it answers."""
    settings = load_settings(data_dir=folder)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        owner = owner_of(queue_folder(settings))
        if owner and owner.url and _answers(owner.url):
            return owner
        time.sleep(0.1)
    raise AssertionError("the service did not start")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/v1/models").is_success
    except httpx.HTTPError:
        return False


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Owner]]:
    port = unused_url().rpartition(":")[2]
    process = footnote(folder, "serve", "--port", port)
    try:
        yield process, owner_when_ready(process, folder)
    finally:
        process.kill()
        process.communicate()


def write(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = "\n\n".join(f"Gauge {number} reads {n} metres at {n} o'clock in the {n}th valley." for n in range(20))
        (folder / f"gauge-{number}.md").write_text(f"# Gauge {number}\n\n{text}\n", encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_command_hands_its_work_to_the_service_and_a_killed_service_goes_on_with_it(tmp_path: Path):
    """The command shows what the service does; what a killed service had taken, it finishes when it is back."""
    data, corpus = tmp_path / "data", write(tmp_path / "corpus", 6)
    with serving(data) as (process, owner):
        command = footnote(data, "ingest", str(corpus / "gauge-0.md"), "--json")
        out, err = command.communicate(timeout=PATIENCE_S)
        assert command.returncode == 0, err
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["status"] for line in lines if "status" in line] == ["written"]
        assert lines[-1]["summary"]["written"] == 1
        with (
            ServiceIngestion(Owner(1, "stranger", owner.url, "wrong")) as stranger,
            pytest.raises(QueueError, match="only the user who runs this service"),
        ):
            stranger.run(RunRequest("default", (str(corpus),)))
        with ServiceIngestion(owner) as service:
            document = service.document("default", str(corpus / "gauge-0.md"))
            assert document is not None
            assert (document.title, document.receipt.pages) == ("Gauge 0", 1)
            assert service.document("default", "/nowhere.md") is None
        waiting = footnote(data, "ingest", str(corpus), "--json")
        assert waiting.stdout is not None
        waiting.stdout.readline()
        process.kill()
        process.wait()
        out, err = waiting.communicate(timeout=PATIENCE_S)
        assert waiting.returncode == 2
        assert "goes on when it is back" in err or "does not answer" in err
    with serving(data) as (_, owner):
        with ServiceIngestion(owner) as service:
            report = service.run(RunRequest("default", (str(corpus),)))
        assert report.count("unchanged") + report.count("written") == 6
        models = httpx.get(f"{owner.url}/v1/models").json()
        assert "footnote:default" in {model["id"] for model in models["data"]}


def test_one_process_owns_a_queue_and_says_who_it_is(tmp_path: Path):
    """Its token is for the owner's eyes only, and nobody owns the queue any more when it is given back."""
    assert owner_of(tmp_path) is None
    ownership = Ownership(tmp_path, url="http://127.0.0.1:1")
    owner = owner_of(tmp_path)
    assert owner is not None
    assert (owner.pid, owner.url, owner.token) == (os.getpid(), "http://127.0.0.1:1", ownership.token)
    assert stat.S_IMODE((tmp_path / ".owner.json").stat().st_mode) == 0o600
    with pytest.raises(QueueLocked, match=f"process {os.getpid()} .*FOOTNOTE_QUEUE_URL"):
        Ownership(tmp_path)
    ownership.close()
    assert owner_of(tmp_path) is None


@pytest.mark.slow
def test_a_service_that_does_not_ingest_says_so(service):
    response = httpx.post(f"{service.url}{RUNS}", json=RunRequest("default", ("/in",)).to_json())
    assert response.status_code == 503
    assert "footnote worker" in response.json()["error"]["message"]
