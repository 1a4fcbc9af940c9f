"""One process owns a folder; the others know who, wait for it, or hand it their work."""

from __future__ import annotations

import json
import logging
import os
import platform
import socket
import stat
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rag.errors import ServiceError, StoreLocked, StoreUnavailable
from rag.handover import ServiceClient, client_of, reached
from rag.hosts import is_here, is_loopback
from rag.owner import Doorway, Owner, Ownership, owner_of

DOORWAY = Doorway("http://127.0.0.1:1")


def test_one_process_owns_a_folder_and_says_who_it_is(tmp_path: Path) -> None:
    """Its token is for the owner's eyes only, and nothing is left of it when the folder is given back."""
    assert owner_of(tmp_path) is None
    ownership = Ownership(tmp_path, StoreLocked, doorway=DOORWAY)
    owner = owner_of(tmp_path)
    assert owner is not None
    assert (owner.pid, owner.doorway) == (os.getpid(), DOORWAY)
    assert DOORWAY.token not in f"{owner!r} {owner} {DOORWAY!r}"
    assert stat.S_IMODE((tmp_path / ".owner.json").stat().st_mode) == 0o600
    with pytest.raises(StoreLocked, match=f"process {os.getpid()} "):
        Ownership(tmp_path, StoreLocked)
    ownership.close()
    assert owner_of(tmp_path) is None
    assert not (tmp_path / ".owner.json").exists()
    Ownership(tmp_path, StoreLocked).close()


def test_a_folder_that_cannot_be_written_is_no_locked_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="FOOTNOTE_DATA_DIR"):
        Ownership(tmp_path / "file", StoreLocked)


def test_who_waits_says_for_whom_and_gets_the_folder_when_it_is_free(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One line, however long it takes."""
    first = Ownership(tmp_path, StoreLocked)
    said = threading.Event()

    class Hears(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.set()

    def free() -> None:
        assert said.wait(30)
        first.close()

    logger, hears = logging.getLogger("footnote"), Hears()
    logger.addHandler(hears)
    thread = threading.Thread(target=free)
    thread.start()
    try:
        Ownership(tmp_path, StoreLocked, wait_s=30).close()
    finally:
        thread.join()
        logger.removeHandler(hears)
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"footnote: waiting up to 30 s for process {os.getpid()} (")


def test_nobody_waits_for_a_service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It keeps its store until it is stopped."""
    with closing(Ownership(tmp_path, StoreLocked, doorway=DOORWAY)), pytest.raises(StoreLocked):
        Ownership(tmp_path, StoreLocked, wait_s=3600)
    assert not caplog.records


@pytest.mark.parametrize(
    ("machine", "url", "token"),
    [
        ("another", "http://127.0.0.1:1", "t"),
        (platform.node(), "http://192.0.2.1:8080", "t"),
        (platform.node(), "http://nowhere.invalid:8080", "t"),
        (platform.node(), None, None),
    ],
)
def test_a_token_never_leaves_the_machine(machine: str, url: str | None, token: str | None) -> None:
    """Of an owner elsewhere, as on a shared disk, there is no doorway."""
    assert Owner(1, "footnote serve", machine, url, token).doorway is None


def test_addresses_of_this_machine() -> None:
    """Loopback by every name; others by what the operating system lets listen."""
    for url in ("http://localhost:1/v1", "http://127.1.2.3", "http://[::1]:8000", "http://a.localhost."):
        assert is_loopback(url)
        assert is_here(url)
    for url in ("http://192.0.2.1", "https://localhost.example.org", "http://"):
        assert not is_loopback(url)
        assert not is_here(url)
    own = socket.gethostbyname(socket.gethostname())
    assert is_here(f"http://{own}:8080")


def test_work_is_done_here_unless_a_service_owns_the_folder(tmp_path: Path) -> None:
    """Also one that began after it was looked for; another owner is an error."""

    def there(client: ServiceClient) -> str:
        return f"there: {client.owner.pid}"

    @contextmanager
    def here():
        yield "here"

    @contextmanager
    def late():
        owned.append(Ownership(tmp_path, StoreLocked, doorway=DOORWAY))
        raise StoreLocked("in use")
        yield ""

    @contextmanager
    def locked():
        raise StoreLocked("in use")
        yield ""

    owned: list[Ownership] = []
    with reached(tmp_path, here, there) as place:
        assert place == "here"
    with pytest.raises(StoreLocked), reached(tmp_path, locked, there):
        pass
    with reached(tmp_path, late, there) as place:
        assert place == f"there: {os.getpid()}"
    with reached(tmp_path, here, there) as place:
        assert place == f"there: {os.getpid()}"
    owned[0].close()


def test_a_service_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """With its process and address; a file of an owner that is gone is not believed."""
    with closing(Ownership(tmp_path, StoreLocked, doorway=DOORWAY)):
        client = client_of(tmp_path)
        assert client is not None
        with pytest.raises(ServiceError, match=r"process \d+ .*http://127.0.0.1:1\) does not answer"):
            list(client.lines("/anything"))
    (tmp_path / ".owner.json").write_text(json.dumps({"pid": 1, "command": "x", "machine": platform.node()}))
    assert client_of(tmp_path) is None
