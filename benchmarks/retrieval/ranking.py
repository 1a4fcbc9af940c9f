"""How well retrieval ranks on a data set in BEIR's format, stage by stage.

python -m benchmarks ranking SCIFACT --name ranking-scifact
python -m benchmarks ranking CODE --name ranking-code

Measures what `footnote eval retrieval` does, and keeps the result.
"""

from __future__ import annotations

from typing import Annotated

import typer

from benchmarks.harness import BeirFolder, Result
from eval.data import load_beir
from eval.report.retrieval import evaluate_retrieval
from rag.settings import load_settings


def benchmark(
    folder: BeirFolder, split: Annotated[str, typer.Option(help="Which file of qrels/ to evaluate on.")] = "test"
) -> Result:
    return Result({"split": split, **evaluate_retrieval(load_beir(folder, split), load_settings(), lambda *_: None)})
