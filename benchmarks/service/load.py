"""A real `footnote serve` under load, with a language model that is scripted, beside a bare FastAPI service.

    python -m benchmarks load [--streams 200] [--seconds 10]

Measured are, over the example documents with the shipped embedding model: what a request costs that needs no model,
searches, and short questions beside a long one; with stand-ins for the embedding model and Qdrant, so that it is the
service that is measured: streams at the same time and the memory that they leave, and two processes on one Postgres,
which must be installed (tests/integration/postgres.py). Clients and stand-ins take their share of the same cores.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
import typer

from benchmarks.harness import FOOTNOTE, Result, environment, scratch_folder
from benchmarks.service.clients import Ask, at_once, for_a_while, get, in_turn, post, stream
from tests import ROOT
from tests.fakes.llm import FakeLlm, serving, unused_url
from tests.fakes.qdrant import FakeQdrant
from tests.integration.postgres import new_database, running_postgres
from tests.integration.services import ServiceProcess, service, store_of, surroundings
from tests.integration.workers import FakeEmbeddings, Fleet

CORPUS = ROOT / "examples/corpus"
_GOLDEN = ROOT / "examples/golden.jsonl"
QUESTIONS = [json.loads(line)["question"] for line in _GOLDEN.read_text(encoding="utf-8").splitlines()]
QUESTION = "How often must the battery pack of the Ouzel 4 be replaced?"
DRAFT = (
    "The battery pack of the Ouzel 4 must be replaced every 24 months. One Lantern G gateway serves up to 24 stations. "
    "The Ouzel 4 logger stores 500 days of readings."
)
CHAT, SEARCH = "/v1/chat/completions", "/v1/vector_stores/default/search"
LONG_CHARACTERS = 100_000
CLIENTS = 8
_LONG = (" ".join(QUESTIONS) + " ") * (LONG_CHARACTERS // len(" ".join(QUESTIONS)) + 1)


def asking(question: str, model: str = "footnote") -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": question}]}


def searching(path: str) -> list[Ask]:
    return [post(path, {"query": question}) for question in QUESTIONS]


def memory_mb(served: ServiceProcess) -> float:
    """What the service holds resident, without the processes that read files."""
    held: int = psutil.Process(served.process.pid).memory_info().rss
    return round(held / 1e6, 1)


async def streams(served: ServiceProcess, store: str, times: int) -> dict[str, Any]:
    ask = stream(CHAT, asking(QUESTION, f"footnote:{store}"))
    await at_once(served.url, *[ask] * 8)
    memory, seen = [memory_mb(served)], []
    for _ in range(2):
        seen.append((await at_once(served.url, *[ask] * times)).figures())
        memory.append(memory_mb(served))
    return {"at_once": times, "rounds": seen, "memory_mb": memory}


async def beside_a_long_question(served: ServiceProcess, seconds: float) -> dict[str, Any]:
    short = [post(CHAT, asking(question)) for question in QUESTIONS]
    alone = await for_a_while(served.url, short, 2, seconds)
    long = asyncio.create_task(at_once(served.url, post(CHAT, asking(_LONG[:LONG_CHARACTERS]))))
    await asyncio.sleep(0.5)
    beside = await for_a_while(served.url, short, 2, seconds)
    still = not long.done()
    long.cancel()
    await asyncio.gather(long, return_exceptions=True)
    return {"alone": alone.figures(), "beside": beside.figures(), "long_was_still_being_answered": still}


async def searches(served: ServiceProcess, echo: str, seconds: float) -> dict[str, Any]:
    await for_a_while(served.url, searching(SEARCH), CLIENTS, 1)
    found = await for_a_while(served.url, searching(SEARCH), CLIENTS, seconds)
    bare = await for_a_while(echo, searching("/echo"), CLIENTS, seconds)
    return {"clients": CLIENTS, "footnote": found.figures(), "echo": bare.figures()}


async def overhead(served: ServiceProcess, echo: str, times: int = 300) -> dict[str, Any]:
    places = [(served.url, get("/v1/models")), (served.url, get("/healthz")), (echo, get("/echo"))]
    await in_turn(places, 20)
    models, health, bare = [1000 * value for value in await in_turn(places, times)]
    return {
        "requests": times,
        "models_p50_ms": round(models, 2),
        "healthz_p50_ms": round(health, 2),
        "echo_p50_ms": round(bare, 2),
        "models_minus_echo_ms": round(models - bare, 2),
        "healthz_minus_echo_ms": round(health - bare, 2),
    }


@contextmanager
def bare_service() -> Iterator[str]:
    """The URL of the FastAPI service to compare with, in a process of its own."""
    url = unused_url()
    command = ["-m", "uvicorn", "benchmarks.service.echo:app", "--port", url.rpartition(":")[2], "--no-access-log"]
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while True:
            assert process.poll() is None, "the FastAPI service did not start"
            try:
                httpx.get(f"{url}/echo")
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                break
        yield url
    finally:
        process.kill()
        process.wait()


def told(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    """The figures, which are shown at once: the rest takes a while."""
    print(f"{name}: {json.dumps(figures)}", file=sys.stderr, flush=True)
    return figures


def one_process(folder: Path, echo: str, seconds: float) -> dict[str, Any]:
    settings: dict[str, object] = {"data_dir": folder}
    command = [*FOOTNOTE, "ingest", str(CORPUS)]
    subprocess.run(command, env=environment(settings), stdout=subprocess.DEVNULL, check=True)
    llm = FakeLlm(DRAFT)
    shipped: dict[str, Any] = {"moderation": "flag", "spelling": True, "reader": "local", "llm_model": "scripted-7b"}
    with (
        serving(llm.app()) as model,
        service(folder, **shipped, llm_url=f"{model}/v1", log_format="json") as served,
    ):
        served.wait_until_ready()
        return {
            "overhead": told("overhead", asyncio.run(overhead(served, echo))),
            "searches": told("searches", asyncio.run(searches(served, echo, seconds))),
            "long_question": told("long question", asyncio.run(beside_a_long_question(served, seconds))),
        }


def streaming(folder: Path, times: int) -> dict[str, Any]:
    with surroundings() as around:
        served = around.serve(folder)
        served.wait_until_ready()
        with served.client() as client:
            store = store_of(client, DRAFT, *QUESTIONS)
        around.llm.says(DRAFT)
        return told("streams", asyncio.run(streams(served, store, times)))


def two_processes(folder: Path, seconds: float) -> dict[str, Any]:
    """Both on one database, one queue with a worker, one store and one folder of files.

    What either sees of the other's, and searches of one and of both.
    """
    with ExitStack() as parts:
        postgres = parts.enter_context(running_postgres(folder))
        more = {"database_url": postgres, "files_dir": folder / "files", "reranker": "none", "ocr": "none"}
        qdrant = parts.enter_context(serving(FakeQdrant().app()))
        embeddings = parts.enter_context(serving(FakeEmbeddings(latency_s=0.0).app()))
        fleet = Fleet(folder, new_database(postgres), qdrant, embeddings, more)
        shared: dict[str, Any] = {
            "queue_url": fleet.queue_url,
            "qdrant_url": qdrant,
            "embedding_url": f"{embeddings}/v1",
            "embedding_api_key": "services",
            **more,
        }
        homes = [folder / "one", folder / "other"]
        for home in homes:
            home.mkdir()
        worker = parts.enter_context(fleet.worker("worker"))
        one, other = (parts.enter_context(service(home, **shared)) for home in homes)
        for each in (worker, one, other):
            each.wait_until_ready()
        with one.client() as here, other.client() as there:
            made = [store_of(client, *QUESTIONS[:5]) for client in (here, there)]
            found = [
                [client.vector_stores.search(store, query=QUESTION).data for store in made] for client in (here, there)
            ]
            listed = [{store.id for store in client.vector_stores.list()} for client in (here, there)]
            here.vector_stores.delete(made[1])
            gone = httpx.get(f"{other.url}/v1/vector_stores/{made[1]}").status_code
        asks = searching(f"/v1/vector_stores/{made[0]}/search")
        alone = asyncio.run(for_a_while(one.url, asks, CLIENTS, seconds))

        async def together() -> dict[str, Any]:
            both = (for_a_while(each.url, asks, CLIENTS // 2, seconds) for each in (one, other))
            return {
                name: seen.figures() for name, seen in zip(("one", "other"), await asyncio.gather(*both), strict=True)
            }

        return {
            "same_stores": listed[0] == listed[1] == set(made),
            "same_hits": found[0] == found[1] and all(map(bool, found[0])),
            "deleted_in_one_is_status_in_the_other": gone,
            "searches_of_one": alone.figures(),
            "searches_of_both": asyncio.run(together()),
        }


def benchmark(
    streams_at_once: Annotated[int, typer.Option("--streams", help="Streams at the same time.", min=1)] = 200,
    seconds: Annotated[float, typer.Option(help="How long searches and short questions are asked.", min=1)] = 10,
) -> Result:
    with scratch_folder() as folder, bare_service() as echo:
        places = [folder / name for name in ("alone", "streams", "two")]
        for place in places:
            place.mkdir()
        alone, among_stand_ins, two = places
        return Result(
            {
                **one_process(alone, echo, seconds),
                "streams": streaming(among_stand_ins, streams_at_once),
                "two_processes": told("two processes", two_processes(two, seconds)),
            }
        )
