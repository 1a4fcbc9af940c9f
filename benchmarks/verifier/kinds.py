"""How often false sentences of several kinds are released, and true ones of the same form.

    python -m benchmarks kinds [--replies replies.jsonl]
    python -m benchmarks kinds --near-copies --name near-copies

The 480 claims of `kinds.jsonl` were written for this by somebody who had not seen the code: of each of eight kinds 30
false and 30 true, a true and a false one about each of 240 made-up documents. Nothing is fitted on them. Those of
`near_copies.jsonl` copy or shorten the sentences of 120 made-up documents, and were written in the same way. The half
of them that was `seen` while the check for substitution was written is left out. With a language model at
FOOTNOTE_READER_URL or FOOTNOTE_LLM_URL, what is released with it as a reader stands beside; its replies are kept in
`--replies`. The floor is how well plain overlap of words ranks true above false claims.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.harness import Result
from benchmarks.verifier.replies import KeptReplies
from eval.data import LabelledClaim, read_jsonl
from eval.metrics import auroc
from eval.report.verifier import Checked, check
from rag.build.answerer import build_finder, build_verifier
from rag.build.models import build_llm_reader
from rag.errors import SettingError
from rag.settings import load_settings
from rag.verification import load_modes
from rag.verification.readers import Reader

ROWS, NEAR_COPIES = (Path(__file__).with_name(name) for name in ("kinds.jsonl", "near_copies.jsonl"))


def claims(path: Path) -> list[LabelledClaim]:
    """The rows that no rule was written from, each with its kind where a data set names the error."""
    rows = [row for row in read_jsonl(path) if not row.get("seen")]
    return [LabelledClaim("kinds", row["context"], row["claim"], row["label"] == 1, row["kind"]) for row in rows]


def shares(checked: Sequence[Checked]) -> dict[str, Any]:
    """Of each kind and of all: the percentage released of the false and of the true, and how well they are ranked."""
    kinds = sorted({each.row.error for each in checked})
    return {kind: _of([each for each in checked if each.row.error == kind]) for kind in kinds} | {"all": _of(checked)}


def _of(checked: Sequence[Checked]) -> dict[str, float]:
    labels = np.array([each.row.supported for each in checked])
    out = np.array([each.verdict.supported for each in checked])
    return {
        "false_released_percent": round(100 * float(out[~labels].mean()), 1),
        "true_released_percent": round(100 * float(out[labels].mean()), 1),
        "auc": round(100 * auroc(labels, [each.verdict.support for each in checked]), 1),
        "overlap_floor": round(100 * auroc(labels, [each.unigram for each in checked]), 1),
    }


def benchmark(
    *,
    near_copies: Annotated[bool, typer.Option(help="The claims that copy or shorten sentences.")] = False,
    replies: Annotated[Path | None, typer.Option(help="File of the reader's replies; none: no reader.")] = None,
) -> Result:
    settings, rows = load_settings(), claims(NEAR_COPIES if near_copies else ROWS)
    readers: dict[str, Reader | None] = {"no reader": None}
    if replies is not None:
        if settings.llm_url is None and settings.reader_url is None:
            raise SettingError("--replies needs FOOTNOTE_READER_URL or FOOTNOTE_LLM_URL")
        reader = KeptReplies(build_llm_reader(settings), replies)
        readers[reader.name] = reader
    finder = build_finder(settings)
    found: dict[str, Any] = {"claims": len(rows)}
    for mode in load_modes():
        chosen = settings.model_copy(update={"support_mode": mode, "support_threshold": None})
        found[mode] = {
            name: shares(check(rows, finder, build_verifier(chosen, finder, reader=reader)))
            for name, reader in readers.items()
        }
    return Result(found)
