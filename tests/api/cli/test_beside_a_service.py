"""`footnote ask` and `search` beside a running service: it answers, in the same words and as it goes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli import commands as cli
from api.cli.asking import AnswersThere
from api.handover import Question, event_from_json, event_to_json, hit_from_json, hit_to_json
from rag.build.core import build, build_store
from rag.errors import CollectionNotFound, ModelUnavailable, ServiceError
from rag.events import Event, Finished, Heartbeat, Released, Withheld
from rag.handover import ServiceClient, client_of
from rag.models import Message
from rag.owner import Doorway, Owner, owner_of
from rag.settings import load_settings
from rag.types import Answer, Chunk, Disagreement, Evidence, Hit, Side, Verdict
from tests.api.running import core, neighbour

QUESTION = "How many days of readings does the Ouzel 4 logger store?"
QUOTE = Evidence("d", "manual.pdf", "s", 1, 0, 3, "400")
VERDICT = Verdict("It stores 400.", 0.9, True, (QUOTE,), changes=("cut",), drafted="It stores 400 days.")
HIT = Hit(
    Chunk("d", "s", "manual.pdf", 1, 0, 3, "400", "Manual", ("A", "B"), {"year": 2025, "ratio": 0.5}), {"score": 1}
)
ANSWER = Answer(
    *("How many?", (VERDICT,), (), (HIT,)),
    note="a note",
    timings_ms={"all": 1.5},
    model={"name": "m", "parts": [1, None]},
    disagreements=(Disagreement((Side(QUOTE, "2025-03"), Side(QUOTE))),),
)


class Scripted:
    """Tells the events it was given; before the second it waits for `go`, and knows when it was broken off."""

    def __init__(self, *events: Event | Exception) -> None:
        self._events = events
        self.go, self.broken_off = threading.Event(), threading.Event()

    async def answer(
        self, question: str, *, collection: str, where: Any = None, history: Sequence[Message] = (), **_: Any
    ) -> AsyncGenerator[Event, None]:
        try:
            for number, event in enumerate(self._events):
                while number and not self.go.is_set():
                    await asyncio.sleep(0.01)
                if isinstance(event, Exception):
                    raise event
                yield event
        except BaseException:
            self.broken_off.set()
            raise

    async def aclose(self) -> None:
        """Nothing to close."""


@contextmanager
def scripted(folder: Path, *events: Event | Exception) -> Iterator[tuple[Scripted, ServiceClient]]:
    answerer = Scripted(*events)
    with neighbour(lambda _: core(folder, answerer=answerer)) as doorway:
        yield answerer, ServiceClient(Owner(1, "footnote serve", "here", doorway.url, doorway.token), doorway)


def test_what_is_told_comes_back_the_same() -> None:
    """Every event and every hit, to the last field."""
    for event in (Released(VERDICT), Withheld(VERDICT), Heartbeat(), Finished(ANSWER)):
        assert event_from_json(event_to_json(event)) == event
    assert hit_from_json(hit_to_json(HIT)) == HIT


@pytest.mark.slow
def test_a_sentence_is_told_before_the_next_is_known(tmp_path: Path) -> None:
    with scripted(tmp_path, Released(VERDICT), Heartbeat(), Finished(ANSWER)) as (answerer, client):
        told: list[Event] = []

        def tell(event: Event) -> None:
            told.append(event)
            answerer.go.set()  # nothing more comes until the first has arrived

        AnswersThere(client).answer(Question("How many?", "default"), tell)
        assert told == [Released(VERDICT), Heartbeat(), Finished(ANSWER)]


@pytest.mark.slow
def test_who_stops_listening_stops_the_answer(tmp_path: Path) -> None:
    with scripted(tmp_path, Released(VERDICT), Finished(ANSWER)) as (answerer, client):
        lines = client.lines("/v1/handover/answer", Question("How many?", "default").to_json())
        next(lines)
        lines.close()  # type: ignore[attr-defined]
        assert answerer.broken_off.wait(30)


@pytest.mark.slow
@pytest.mark.parametrize("error", [CollectionNotFound("there is no collection 'x'"), ModelUnavailable("gone")])
def test_an_error_of_the_service_is_raised_here(tmp_path: Path, error: Exception) -> None:
    """With its own words and of its own kind, also after the first sentence."""
    with scripted(tmp_path, Released(VERDICT), error) as (answerer, client):
        answerer.go.set()
        with pytest.raises(type(error), match=str(error)):
            AnswersThere(client).answer(Question("How many?", "default"), lambda _: None)


@pytest.mark.slow
def test_only_who_has_the_token_is_answered_and_a_service_that_breaks_is_named(tmp_path: Path) -> None:
    with scripted(tmp_path, RuntimeError("broken")) as (_, client):
        stranger = ServiceClient(client.owner, Doorway(client.owner.url or "", "guessed"))
        with pytest.raises(ServiceError, match="only the user who runs this service"):
            AnswersThere(stranger).search(Question("How many?", "default"))
        with pytest.raises(ServiceError, match=r"process 1 .*footnote serve.* ended early"):
            AnswersThere(client).answer(Question("How many?", "default"), lambda _: None)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def data_dir(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside") / "data"
    shutil.copytree(filled, folder)
    return folder


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data_dir))
    monkeypatch.setenv("FOOTNOTE_STORE_WAIT_S", "0")

    def _run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            cli.main(arguments)
        captured = capsys.readouterr()
        return int(exit_.value.code or 0), captured.out, captured.err

    return _run


COMMANDS: Sequence[Sequence[str]] = (
    ("ask", QUESTION),
    ("search", "ERR-4107", "-k", "2", "--json"),
    ("search", "battery", "--json", "--filter", '{"type": "eq", "key": "filename", "value": "price-list-2026.md"}'),
    ("ask", QUESTION, "--collection", "nowhere"),
    ("search", "battery", "--filter", '{"type": "near"}'),
    ("ask", " "),
    ("doctor",),
)


def without_scores(result: tuple[int, str, str]) -> tuple[int, Any, str]:
    code, out, err = result
    if f", open in process {os.getpid()}" in out or "embedded; collection" in out:  # the doctor says who has the store
        return code, [line.partition("; collection")[2] for line in out.splitlines() if " store " in line], err
    if not out.startswith("{"):
        return result
    return code, [{**hit, "scores": None} for hit in json.loads(out)["hits"]], err


@pytest.mark.slow
def test_a_command_says_the_same_beside_a_service_as_alone(run: Run, data_dir: Path) -> None:
    """Answers, passages and errors, with the same exit code; scores are by another arithmetic, and nearly the same."""
    settings = load_settings(data_dir=data_dir)
    alone = [run(*command) for command in COMMANDS]
    with neighbour(lambda doorway: build(settings, store=build_store(settings, doorway=doorway))):
        assert client_of(settings.store_folder) is not None
        beside = [run(*command) for command in COMMANDS]
    assert list(map(without_scores, beside)) == list(map(without_scores, alone))
    assert [code for code, _, _ in beside] == [0, 0, 0, 2, 2, 2, 0]
    assert owner_of(settings.store_folder) is None


@pytest.mark.slow
def test_an_answer_of_the_service_is_shown_and_given_again_beside_it_and_alone(run: Run, data_dir: Path) -> None:
    """After the same conversation; one that nobody gave is an error of one line."""
    settings = load_settings(data_dir=data_dir)
    with neighbour(lambda doorway: build(settings, store=build_store(settings, doorway=doorway))) as doorway:
        turns = [{"role": "user", "content": "Hello"}, {"role": "user", "content": QUESTION}]
        given = httpx.post(f"{doorway.url}/v1/chat/completions", json={"messages": turns}, timeout=60).json()
        shown, beside = run("answers", "show", given["id"]), run("answers", "replay", given["id"])
    alone = run("answers", "replay", given["id"])
    sentence = given["evidence"]["sentences"][0]["text"]
    assert QUESTION in shown[1]
    assert f"{sentence} [1]" in shown[1]
    assert beside == alone
    assert "The same as before." in alone[1]
    record = json.loads(run("answers", "show", given["id"], "--json")[1])
    assert record["sentences"] == given["evidence"]["sentences"]
    assert run("answers", "show", "nothing") == (2, "", "footnote: there is no answer 'nothing'\n")
