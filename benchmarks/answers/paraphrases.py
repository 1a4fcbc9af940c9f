"""What becomes of sentences that a strong model would write about a company's documents, true and false ones.

    python -m benchmarks paraphrases

Each of the 240 sentences is put behind the service as the whole draft of an answer: 120 true ones, paraphrased, merged
or worked out from two figures, and 120 that are false in one thing, ten of each of twelve forms. Documents, questions
and sentences were written for this by somebody who had not seen the code.

Three readers stand side by side: none; an ideal one, which says yes to the true sentences and their parts alone, so
that what is withheld is what the pipeline loses; and a large language model (Claude, by Anthropic), which was asked
once for the probability that a passage supports a claim. Its replies are kept in `paraphrases_read.jsonl`, and it is
calibrated on its replies to the claims of `footnote eval calibrate-reader`. A claim that it was not asked about is
*unread*: the reader has no opinion on it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.whole_answer import whole
from benchmarks.answers.strong_drafts import Oracle, RecordedDraft
from benchmarks.harness import Result
from eval.data import load_rows, read_jsonl
from eval.report.calibrate_reader import SHIPPED_ROWS, calibrate_reader, own_readings
from ingest.build import ingest_paths
from rag.build.core import build
from rag.models import log_odds
from rag.settings import Settings, load_settings
from rag.types import sha256_of
from rag.verification.readers import EVEN, IDENTITY, Calibration, ClaimInContext, Reader

HERE = Path(__file__).parent
DOCUMENTS, SENTENCES, REPLIES = (
    HERE / name for name in ("paraphrased_documents", "paraphrases.jsonl", "paraphrases_read.jsonl")
)
COLLECTION = "paraphrases"


class Recorded:
    """The replies of a large language model, and the claims that it was not asked about."""

    name, reads = "large language model", True

    def __init__(self, replies: Mapping[str, float], calibration: Calibration = IDENTITY) -> None:
        self.calibration = calibration
        self.unread: set[str] = set()
        self._replies = replies

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        """A calibrated probability for each claim, 0..1; even odds for one that is unread."""
        logits = self.logits(claims)
        return [EVEN if each is None else self.calibration.probability(each) for each in logits]

    def logits(self, claims: Sequence[ClaimInContext]) -> list[float | None]:
        """The log-odds of each reply; None for a claim that is unread."""
        keys = [key_of(each) for each in claims]
        self.unread |= set(keys) - set(self._replies)
        return [log_odds(self._replies[key]) if key in self._replies else None for key in keys]


def key_of(asked: ClaimInContext) -> str:
    """A digest of a claim and its window."""
    return sha256_of(f"{asked.claim}\0{asked.window}".encode())[:24]


def released(rows: Sequence[Mapping[str, Any]], settings: Settings, reader: Reader | None) -> list[bool]:
    """Whether each sentence is released whole, as the only one that is drafted."""
    draft = RecordedDraft()
    rag = build(settings, chat=draft, reader=reader)
    found = []
    try:
        if not rag.store.has_collection(COLLECTION):
            ingest_paths(rag, [DOCUMENTS], COLLECTION)
        for row in rows:
            draft.text = str(row["claim"])
            if isinstance(reader, Oracle):
                reader.says_yes = row["label"] == 1
            answer = asyncio.run(whole(rag.answerer.answer(str(row["question"]), collection=COLLECTION)))
            shown = [each.drafted or each.text for each in answer.sentences]
            found.append(not answer.withheld and draft.text in shown)
    finally:
        rag.close()
    return found


def percentages(rows: Sequence[Mapping[str, Any]], out: Sequence[bool]) -> dict[str, Any]:
    """The percentage released of the true and of the false sentences, and how many of each form."""
    total, shown = Counter[str](), Counter[str]()
    forms: dict[str, Counter[str]] = {}
    for row, is_out in zip(rows, out, strict=True):
        label = "true" if row["label"] == 1 else "false"
        total[label] += 1
        shown[label] += is_out
        forms.setdefault(str(row["form"]), Counter())[label] += is_out
    return {
        **{f"{label}_released_percent": round(100 * shown[label] / total[label], 1) for label in ("true", "false")},
        "forms": {
            form: {label: counts[label] for label in ("true", "false")} for form, counts in sorted(forms.items())
        },
    }


def calibrated(settings: Settings, replies: Mapping[str, float]) -> tuple[Recorded, dict[str, Any]]:
    """The recorded model as a reader, calibrated on the included claims, and how well it reads them."""
    rows = load_rows(SHIPPED_ROWS)
    report = calibrate_reader(Recorded(replies), rows, own_readings(rows, settings))
    modes = {mode: {"precision": each.precision, "recall": each.recall} for mode, each in report.modes.items()}
    return Recorded(replies, report.calibration), {"auroc": report.auroc, "undecided": report.undecided, "modes": modes}


def benchmark() -> Result:
    """Put every sentence behind the service, once for each reader."""
    rows = list(read_jsonl(SENTENCES))
    replies = {str(row["asked"]): float(row["probability"]) for row in read_jsonl(REPLIES)}
    with TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder), answerability_threshold=0.0, reader="local")
        recorded, calibration = calibrated(settings, replies)
        found: dict[str, Any] = {"sentences": len(rows), "calibration": calibration}
        for reader in (None, Oracle(), recorded):
            name = "no reader" if reader is None else "ideal" if isinstance(reader, Oracle) else reader.name
            found[name] = percentages(rows, released(rows, settings, reader))
    return Result({**found, "unread": len(recorded.unread)})
