"""How much of what people wrote from a passage is released: sentences that are true, and seldom word for word.

    python -m benchmarks reference-answers CLAPNQ.jsonl [--rows 150]

Takes rows of `{answerable, passages: [{text}], answers: [text]}` (ClapNQ: Rosenthal et al., 2024). Every sentence of
the first reference answer of an answerable row is verified against the row's own passage, in each mode of
FOOTNOTE_SUPPORT_MODE. Prints the share of sentences released, and of answers of which a sentence is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from benchmarks.harness import ClapNq, Result
from benchmarks.verifier.modes import verifiers_by_mode
from eval.data import hits_of, read_jsonl
from rag.build.answerer import build_finder
from rag.evidence import EvidencePool
from rag.settings import load_settings
from rag.text import split
from rag.types import Verdict
from rag.verification import Verifier


def verdicts(answer: str, pool: EvidencePool, verifier: Verifier) -> list[Verdict]:
    """The verdict of each sentence of an answer."""
    sentences = [answer[span.start : span.end] for span in split(answer, "en")]
    return [verifier.verify(each, pool, before=sentences[:place]) for place, each in enumerate(sentences)]


def figures(answers: Sequence[Sequence[Verdict]]) -> dict[str, Any]:
    """Shares released, and what is said to be wrong with the sentences that are not."""
    sentences = [verdict for answer in answers for verdict in answer]
    return {
        "answers": len(answers),
        "sentences": len(sentences),
        "sentences_released": round(sum(each.supported for each in sentences) / len(sentences), 3),
        "answers_with_a_sentence": round(sum(any(v.supported for v in each) for each in answers) / len(answers), 3),
        "faults": dict(Counter(str(each.fault) for each in sentences if not each.supported).most_common()),
    }


def benchmark(file: ClapNq, rows: Annotated[int, typer.Option(help="Only the first so many.")] = 150) -> Result:
    chosen = [row for row in read_jsonl(file) if row["answerable"] and row["answers"]][:rows]
    if not chosen:
        raise typer.BadParameter(f"{file} has no answerable row with a reference answer")
    settings = load_settings()
    finder = build_finder(settings)
    pools = [finder.pool(hits_of(row["passages"][0]["text"])) for row in chosen]
    found = {
        mode: figures([verdicts(row["answers"][0], pool, verifier) for row, pool in zip(chosen, pools, strict=True)])
        for mode, verifier in verifiers_by_mode(settings, finder).items()
    }
    return Result({"modes": found})
