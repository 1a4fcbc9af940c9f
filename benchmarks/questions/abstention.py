"""How well answerable questions are told from others, on one half of them.

    python -m benchmarks abstention CLAPNQ.jsonl

Measures what `footnote eval answerability FILE --half reporting` does, and keeps the result.
"""

from __future__ import annotations

from typing import Annotated

import typer

from benchmarks.harness import ClapNq, Result
from eval.report.answerability import load_questions, measure_all, passages_as_hits, report
from rag.build.answerer import build_answerability, least_answerability
from rag.build.models import build_embedder
from rag.settings import load_settings


def benchmark(
    file: ClapNq, half: Annotated[str, typer.Option(help="all, fitting or reporting.")] = "reporting"
) -> Result:
    asked, settings = load_questions(file, half), load_settings()
    measured = measure_all(asked, passages_as_hits(asked, build_embedder(settings)), build_answerability(settings))
    return Result({"half": half, **report(measured, least_answerability(settings))})
