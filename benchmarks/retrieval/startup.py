"""Processor time of a command from its start to its end, beside importing the library that loads the model in bulk.

    python -m benchmarks startup

The example documents are ingested into a throw-away folder. Then each command runs in a process of its own, once to
warm the disk and `--rounds` times to be measured; the least counts, as the one that other work disturbed least.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.harness import FOOTNOTE, Result, environment, scratch_folder

CORPUS = Path(__file__).parents[2] / "examples/corpus"
QUESTION = "How often must the battery pack of the Ouzel 4 be replaced?"
COMMANDS = {
    "footnote --help": (*FOOTNOTE, "--help"),
    "footnote search, no such collection": (*FOOTNOTE, "search", QUESTION, "--collection", "none"),
    "footnote search": (*FOOTNOTE, "search", QUESTION),
    "footnote ask, extractive": (*FOOTNOTE, "ask", QUESTION),
    "import sentence_transformers": (sys.executable, "-c", "import sentence_transformers"),
}


def processor_s(command: Sequence[str], settings: dict[str, object]) -> float:
    """Seconds of processor time of one run, user and system, its children's too; how it ends does not matter."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment(settings), capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def benchmark(rounds: Annotated[int, typer.Option(help="Runs of each command.", min=1)] = 3) -> Result:
    with scratch_folder() as folder:
        settings: dict[str, object] = {"data_dir": folder}
        subprocess.run(
            [*FOOTNOTE, "ingest", str(CORPUS)], env=environment(settings), stdout=subprocess.DEVNULL, check=True
        )
        found = {}
        for name, command in COMMANDS.items():
            processor_s(command, settings)
            found[name] = round(min(processor_s(command, settings) for _ in range(rounds)), 2)
    return Result({"processor_s": found})
