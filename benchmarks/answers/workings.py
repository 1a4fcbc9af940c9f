"""What becomes of a strong model's sentences about tables, with the prompt asking for calculations and without.

    python -m benchmarks workings

Questions about fictitious reports were answered by a large language model (Claude, by Anthropic) from the service's own
prompts. Three sets of three reports with 36 questions each: the *first* (shipping, public transport, a hospital) was
answered twice, with the rules as they were until they asked for the calculation of a number (`unasked`), and with those
that do (`asked`); the *second* (a brewery, a machine builder, a city) and the *third* (an airline, a dairy, a charity)
with those. False sentences about the first (80) and the second (150) are false in one thing each (`false`). Documents,
questions and sentences were written for this by somebody who had not seen the code. The first and second set were read
when the checks of such sentences were made; the third was measured before it was read, and little was changed after.

Each answer is put behind the service as the draft, without a reader and with an ideal one, which says yes to all of
them; the false ones without a reader. Whether a sentence of the model is true was not judged: what an ideal reader
loses, the pipeline loses.
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
from eval.data import read_jsonl
from ingest.build import ingest_paths
from rag.build.core import build
from rag.models import without_markers
from rag.settings import Settings, load_settings

HERE = Path(__file__).parent
DOCUMENTS, ANSWERS = HERE / "worked_documents", HERE / "workings.jsonl"
NO_ANSWER, NO_CLAIM = "NO ANSWER", "carries no claim"
MEASURED = (
    ("first", "unasked", False), ("first", "asked", False), ("first", "unasked", True), ("first", "asked", True),
    ("first", "false", False), ("second", "asked", False), ("second", "asked", True), ("second", "false", False),
    ("third", "asked", False), ("third", "asked", True),
)  # fmt: skip
"""The set, the form of its answers, and whether an ideal reader reads them."""


def outcome(rows: Sequence[Mapping[str, Any]], documents: str, settings: Settings, *, is_ideal: bool) -> dict[str, Any]:
    """How many of the sentences with a claim that a model drafted are released, and how many answers have one."""
    draft, reader = RecordedDraft(), Oracle()
    reader.says_yes = True
    rag = build(settings, chat=draft, reader=reader if is_ideal else None)
    counts = Counter[str]()
    try:
        if not rag.store.has_collection(documents):
            ingest_paths(rag, [DOCUMENTS / documents], documents)
        for row in rows:
            draft.text = str(row["answer"])
            if draft.text == NO_ANSWER:
                counts["no_answer"] += 1
                continue
            drafted = _bare(without_markers(draft.text))
            answer = asyncio.run(whole(rag.answerer.answer(str(row["question"]), collection=documents)))
            shown = {_bare(each.drafted or each.text) for each in answer.sentences}
            own = {each for each in shown if each in drafted}
            lost = {_bare(each.text) for each in answer.withheld if each.why != NO_CLAIM} - own
            counts["released"] += len(own)
            counts["withheld"] += len(lost)
            counts["answered"] += bool(own)
    finally:
        rag.close()
    sentences = counts["released"] + counts["withheld"]
    return {
        "sentences": sentences,
        "released_percent": round(100 * counts["released"] / sentences, 1),
        "answered": counts["answered"],
        "no_answer": counts["no_answer"],
    }


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def benchmark() -> Result:
    """Every answer behind the service, by form and reader."""
    rows = list(read_jsonl(ANSWERS))
    with TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder), answerability_threshold=0.0, reader="local")
        found = {
            f"{documents}: {form}, {'ideal' if is_ideal else 'no'} reader": outcome(
                [row for row in rows if (row["set"], row["form"]) == (documents, form)],
                documents,
                settings,
                is_ideal=is_ideal,
            )
            for documents, form, is_ideal in MEASURED
        }
    return Result(found)
