"""What becomes of a strong model's sentences about tables, with the prompt asking for calculations and without.

    python -m benchmarks workings

Thirty-six questions about three fictitious reports (shipping, public transport, a hospital) were answered twice by a
large language model (Claude, by Anthropic) from the service's own prompts: with the rules as they were until they
asked for the calculation of a number (`unasked`), and with those that do (`asked`). Eighty more sentences are false in
one thing each, most of them with right arithmetic in brackets (`false`). Documents, questions and sentences were
written for this by somebody who had not seen the code; they were read when the checks of such calculations were made.

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
COLLECTION, NO_ANSWER, NO_CLAIM = "workings", "NO ANSWER", "carries no claim"


def outcome(rows: Sequence[Mapping[str, Any]], settings: Settings, *, is_ideal: bool) -> dict[str, Any]:
    """How many of the sentences with a claim that a model drafted are released, and how many answers have one."""
    draft, reader = RecordedDraft(), Oracle()
    reader.says_yes = True
    rag = build(settings, chat=draft, reader=reader if is_ideal else None)
    counts = Counter[str]()
    try:
        if not rag.store.has_collection(COLLECTION):
            ingest_paths(rag, [DOCUMENTS], COLLECTION)
        for row in rows:
            draft.text = str(row["answer"])
            if draft.text == NO_ANSWER:
                counts["no_answer"] += 1
                continue
            drafted = _bare(without_markers(draft.text))
            answer = asyncio.run(whole(rag.answerer.answer(str(row["question"]), collection=COLLECTION)))
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
            f"{form}, {'ideal' if is_ideal else 'no'} reader": outcome(
                [row for row in rows if row["form"] == form], settings, is_ideal=is_ideal
            )
            for form, is_ideal in (
                ("unasked", False), ("asked", False), ("unasked", True), ("asked", True), ("false", False),
            )
        }  # fmt: skip
    return Result(found)
