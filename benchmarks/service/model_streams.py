"""Streams at the same time from a real `footnote serve` with the shipped embedding model and a scripted language model.

    python -m benchmarks model-streams [--streams 20]

Each asks another of the golden questions; then all ask the same one. Processor time is that of the service alone: it
says the same on a machine that does other work besides, where durations do not.
"""

from __future__ import annotations

import asyncio
import subprocess
from typing import Annotated, Any

import psutil
import typer

from benchmarks.harness import FOOTNOTE, Result, environment, scratch_folder
from benchmarks.service.clients import Ask, at_once, stream
from benchmarks.service.load import CHAT, CORPUS, DRAFT, QUESTION, QUESTIONS, asking
from tests.fakes.llm import FakeLlm, serving
from tests.integration.services import ServiceProcess, service


def cpu_s(served: ServiceProcess) -> float:
    used = psutil.Process(served.process.pid).cpu_times()
    return float(used.user + used.system)


def measured(served: ServiceProcess, asks: list[Ask]) -> dict[str, Any]:
    before = cpu_s(served)
    seen = asyncio.run(at_once(served.url, *asks))
    return {**seen.figures(), "took_s": round(seen.took_s, 1), "service_cpu_s": round(cpu_s(served) - before, 1)}


def benchmark(
    streams: Annotated[int, typer.Option(help="Streams at the same time.", min=1, max=len(QUESTIONS))] = 20,
) -> Result:
    with scratch_folder() as folder:
        command = [*FOOTNOTE, "ingest", str(CORPUS)]
        subprocess.run(command, env=environment({"data_dir": folder}), stdout=subprocess.DEVNULL, check=True)
        shipped: dict[str, Any] = {"moderation": "flag", "spelling": True, "reader": "local"}
        with (
            serving(FakeLlm(DRAFT).app()) as model,
            service(folder, **shipped, llm_model="scripted-7b", llm_url=f"{model}/v1", log_format="json") as served,
        ):
            served.wait_until_ready()
            one = stream(CHAT, asking(QUESTION))
            rounds = {
                "one_after_the_start": [one],
                "different": [stream(CHAT, asking(question)) for question in QUESTIONS[:streams]],
                "same": [one] * streams,
            }
            figures = {name: measured(served, asks) for name, asks in rounds.items()}
    return Result({"at_once": streams, "streams": figures})
