"""A running `footnote serve`, as a process or in this one, and commands beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.rest.app import create_app
from rag.build.core import Rag
from rag.handover import ServiceClient, client_of
from rag.owner import Doorway
from rag.settings import Settings, load_settings
from tests import ROOT
from tests.fakes.llm import unused_url

PATIENCE_S = 90


def footnote(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
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


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], ServiceClient]]:
    """The service as a process, and what speaks to it, once it answers."""
    port = unused_url().rpartition(":")[2]
    process = footnote(folder, "serve", "--port", port)
    try:
        yield process, _client_when_ready(process, load_settings(data_dir=folder))
    finally:
        process.kill()
        process.communicate()


@contextmanager
def neighbour(core: Callable[[Doorway], Any], **parts: Any) -> Iterator[Doorway]:
    """A service in this process around a core, which is made for its doorway, and whose store is closed afterwards."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=16)) as listener:
        doorway = Doorway(f"http://127.0.0.1:{listener.getsockname()[1]}")
        rag = core(doorway)
        with closing(rag.store), _running(create_app(rag, doorway=doorway, **parts), listener):
            yield doorway


class NoStore:
    """A store without anything in it."""

    def collections(self) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing to close."""


class NoAnswers:
    """Answers nothing."""

    async def aclose(self) -> None:
        """Nothing to close."""


def core(folder: Path, **parts: Any) -> Any:
    """The parts of a core that a test needs, and no other."""
    here = {"settings": load_settings(data_dir=folder), "answerer": NoAnswers(), "store": NoStore(), **parts}
    return Rag(**{each.name: here.get(each.name) for each in fields(Rag)})  # type: ignore[arg-type]


@contextmanager
def _running(app: Any, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()


def _client_when_ready(process: subprocess.Popen[str], settings: Settings) -> ServiceClient:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        client = client_of(settings.queue_folder)
        if client and _answers(client.owner.url or ""):
            return client
        time.sleep(0.1)
    raise AssertionError("the service did not start")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/v1/models", timeout=PATIENCE_S).is_success
    except httpx.HTTPError:
        return False
