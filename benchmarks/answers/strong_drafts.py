"""What becomes of recorded answers of strong models, put behind the service as drafts and judged by people.

    python -m benchmarks strong-drafts FOLDER --store DIR [--oracle | --replies FILE] [--answers 60] [--out FILE.jsonl]
    python -m benchmarks strong-drafts FOLDER --store DIR --quarterly [--seen] …

FOLDER holds `questions.jsonl` (FinanceBench: Islam et al., 2023) and the reports as `pdfs/`. Every report is ingested
whole into a collection of its own (kept in DIR for the next run), every question is asked of its own report, and a
scripted language model drafts each recorded answer. Counted are answers that people call correct where the page of the
evidence is among the hits, and answers they call incorrect. `figures`: sentences that state a number of the evidence's
pages or a calculation. `--oracle` reads in the place of a model: yes to every sentence of a correct answer, no to every
one of an incorrect answer; what is withheld then, everything else loses. With `--replies` the language model of
FOOTNOTE_READER_URL reads, and its replies are kept in the file.

Which sentences of the incorrect answers are false was read by hand beside the reports: `incorrect_sentences.jsonl` has
their places in the answers, none of their words. A sentence is released if more than half of its characters are.
Answers of which the report itself bears out what people call false are left out of that count.

With `--quarterly` the questions and answers are those of `quarterly_drafts.jsonl`, written by language models with the
reports before them and with the false sentences named; FOLDER then holds these reports as `pdfs/`. Half
of the questions were read while the verifier was changed; only the other half is asked, or with `--seen` only that one.

A sentence that is reviewed twice, against other hits, counts once: as released if it once is. Nothing of the data is
printed or kept but counts; `--out` writes every sentence with what became of it, for reading.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pypdfium2 as pdfium
import typer

from api.whole_answer import whole
from benchmarks.harness import Result
from benchmarks.verifier.replies import KeptReplies
from eval.data import hash_order, read_jsonl, write_jsonl
from ingest.build import ingest_paths
from rag.answering import Answering
from rag.answers import NO_CLAIM
from rag.build.core import Rag, build
from rag.build.models import build_llm_reader
from rag.errors import ModelUnavailable
from rag.models import Message, Schema
from rag.settings import load_settings
from rag.types import Answer, Verdict, sha256_of
from rag.verification import load_modes
from rag.verification.readers import Calibration, ClaimInContext, Reader

CORRECT, INCORRECT, REFUSAL = "Correct Answer", "Incorrect Answer", "Refusal"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CALCULATED = re.compile(r"[=÷×]|\d\s*[-+*/]\s*[$\d(]")
_YEAR = re.compile(r"(?:19|20)\d\d")
MARKED = Path(__file__).with_name("incorrect_sentences.jsonl")
QUARTERLY = Path(__file__).with_name("quarterly_drafts.jsonl")
Marks = Sequence[tuple[int, int, str, bool]]
"""Spans of an incorrect answer: start, end, `true`, `false` or `none`, and whether it makes the answer incorrect."""


class RecordedDraft:
    """A language model that drafts the answer it was given, and does nothing else."""

    name = "recorded"

    def __init__(self) -> None:
        self.text = ""

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        for line in self.text.splitlines(keepends=True):
            yield line

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        raise ModelUnavailable("a recorded draft fills in no form")

    async def count_tokens(self, text: str) -> int:
        return len(text) // 4

    async def context_window(self) -> int:
        return 32_768

    async def aclose(self) -> None:
        """Nothing to close."""


class Oracle:
    """A reader that knows what people call the answer, and may release in every mode."""

    name, reads = "oracle", True

    def __init__(self) -> None:
        self.says_yes = False
        self.calibration = Calibration(thresholds=load_modes())

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        return [0.99 if self.says_yes else 0.01] * len(claims)


@dataclass(frozen=True, slots=True)
class Case:
    """One recorded answer with its question, and what people call it."""

    question: Mapping[str, Any]
    draft: Mapping[str, Any]

    @property
    def id(self) -> str:
        """A digest of the question's id and the answer's text."""
        return sha256_of(f"{self.question['id']}\0{self.draft['text']}".encode())[:16]


def cases_of(questions: Iterable[Mapping[str, Any]], labels: Iterable[str]) -> list[Case]:
    """Every recorded answer of these labels, each text once a question."""
    wanted = set(labels)
    found = {case.id: case for each in questions for case in (Case(each, draft) for draft in each["drafts"])}
    return [case for case in found.values() if case.draft["label"] in wanted]


def collection_of(file: str) -> str:
    """The collection of a report."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", Path(file).stem)


def ingest_reports(rag: Rag, folder: Path, files: Iterable[str]) -> None:
    """Read the reports that the store lacks, each into its own collection."""
    for file in dict.fromkeys(files):
        if not rag.store.has_collection(collection_of(file)):
            ingest_paths(rag, [folder / "pdfs" / file], collection_of(file))


def pages_hit(answer: Answer, question: Mapping[str, Any]) -> bool:
    """Whether a page of the evidence, or one beside it, is among the hits: people and programs count pages apart."""
    wanted = {int(each["page"]) + step for each in question["evidence"] for step in (0, 1)}
    return any(hit.chunk.page in wanted for hit in answer.hits)


def released_spans(case: Case, answer: Answer, spans: Iterable[tuple[int, int]]) -> list[bool]:
    """Of each span of a draft, whether more than half of its characters were released as the model wrote them."""
    shown: set[int] = set()
    for verdict in answer.sentences:
        # without its lead-in, and without the scale that was added
        item = verdict.drafted if verdict.drafted and set(verdict.changes) <= {"scaled"} else None
        words = (item or verdict.text).rstrip(".").split()
        for found in re.finditer(r"\s+".join(map(re.escape, words)), case.draft["text"]):
            shown.update(range(*found.span()))
    return [sum(place in shown for place in range(start, end)) > (end - start) / 2 for start, end in spans]


def marks_of(case: Case, marked: Mapping[str, Mapping[str, Any]]) -> Marks:
    """The spans of an incorrect answer as they were read by hand; none where the report bears the answer out."""
    named = case.draft.get("false")
    if named is not None:
        starts = [(str(case.draft["text"]).index(each), each) for each in named]
        return [(start, start + len(each), "false", True) for start, each in starts]
    read = marked.get(case.id)
    if read is None or read["disputed"]:
        return []
    return [(start, end, label, at in read["causes"]) for at, (start, end, label) in enumerate(read["spans"])]


def marked_of(case: Case, answer: Answer, marked: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sentences of an incorrect answer as they were read by hand, and whether they came out."""
    marks = marks_of(case, marked)
    out = released_spans(case, answer, [(start, end) for start, end, _, _ in marks])
    return [
        {"label": label, "causes": causes, "released": shown}
        for (_, _, label, causes), shown in zip(marks, out, strict=True)
    ]


def sentences_of(answer: Answer) -> list[tuple[Verdict, bool]]:
    """Every sentence once, with whether it was released."""
    both = [(each, True) for each in answer.sentences] + [(each, False) for each in answer.withheld]
    first: dict[str, tuple[Verdict, bool]] = {}
    for each, released in both:
        first.setdefault(" ".join((each.drafted or each.text).split()), (each, released))
    return list(first.values())


def states_figure(sentence: str, question: Mapping[str, Any]) -> bool:
    """Whether a sentence states a number of the evidence's pages that is no year, or calculates."""
    printed = {_bare(each) for page in question["evidence"] for each in _NUMBER.findall(page["text"])}
    stated = {_bare(each) for each in _NUMBER.findall(sentence) if not _YEAR.fullmatch(each)}
    return bool(stated & printed) or bool(_CALCULATED.search(sentence))


def _bare(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def row_of(case: Case, answer: Answer, marked: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What became of one recorded answer, sentence by sentence."""
    return {
        "id": case.id,
        "question_id": case.question["id"],
        "model": case.draft["model"],
        "label": case.draft["label"],
        "page_hit": pages_hit(answer, case.question),
        "reason": answer.reason,
        "note": answer.note,
        "marked": marked_of(case, answer, marked),
        "sentences": [
            {
                "text": each.text,
                "released": released,
                "drafted": released_from_draft(each.drafted or each.text, case.draft["text"]),
                "claim": each.why != NO_CLAIM,
                "figure": states_figure(each.text, case.question),
                "support": round(each.support, 4),
                "fault": each.fault,
                "why": each.why,
            }
            for each, released in sentences_of(answer)
        ],
    }


def released_from_draft(sentence: str, draft: str) -> bool:
    """Whether the words are the model's own, rather than the documents'."""
    return " ".join(sentence.split()) in " ".join(draft.split())


async def run(
    answering: Answering, draft: RecordedDraft, cases: Sequence[Case], oracle: Oracle
) -> list[dict[str, Any]]:
    """Ask every question once for each of its recorded answers."""
    marked = {str(row["case"]): row for row in read_jsonl(MARKED)}
    rows = []
    for case in cases:
        draft.text, oracle.says_yes = str(case.draft["text"]), case.draft["label"] == CORRECT
        events = answering.answer(str(case.question["question"]), collection=collection_of(case.question["file"]))
        rows.append(row_of(case, await whole(events), marked))
    return rows


def figures(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and shares over the correct answers whose page was found, and over the incorrect ones."""
    right = [row for row in rows if row["label"] == CORRECT and row["page_hit"]]
    wrong = [row for row in rows if row["label"] == INCORRECT]
    return {
        "correct_answers": sum(row["label"] == CORRECT for row in rows),
        "with_page_among_hits": len(right),
        "answered": sum(any(each["released"] for each in row["sentences"]) for row in right),
        "answered_in_models_words": sum(
            any(each["released"] and each["drafted"] for each in row["sentences"]) for row in right
        ),
        "claims_of_correct": _released(right, lambda each: each["claim"] and each["drafted"]),
        "figures_of_correct": _released(right, lambda each: each["claim"] and each["drafted"] and each["figure"]),
        "claims_of_incorrect": _released(wrong, lambda each: each["claim"] and each["drafted"]),
        "figures_of_incorrect": _released(wrong, lambda each: each["claim"] and each["drafted"] and each["figure"]),
        "read_by_hand": {
            name: _released_by_hand(wrong, label, causes=causes)
            for name, label, causes in (
                ("false", "false", False),
                ("make_the_answer_incorrect", "false", True),
                ("true", "true", False),
            )
        },
        "why_withheld_of_correct": dict(
            Counter(
                (each["why"] or "").split(":")[0].split("(")[0].strip()
                for row in right
                for each in row["sentences"]
                if each["claim"] and not each["released"]
            ).most_common()
        ),
    }


def _released(rows: Sequence[Mapping[str, Any]], which: Any) -> dict[str, Any]:
    sentences = [each for row in rows for each in row["sentences"] if which(each)]
    return _share(sum(each["released"] for each in sentences), len(sentences))


def _share(released: int, of: int) -> dict[str, Any]:
    return {"sentences": of, "released": released, "percent": round(100 * released / max(1, of), 1)}


def _released_by_hand(rows: Sequence[Mapping[str, Any]], label: str, *, causes: bool) -> dict[str, Any]:
    named = [each for row in rows for each in row["marked"] if each["label"] == label and each["causes"] >= causes]
    return _share(sum(each["released"] for each in named), len(named))


def questions_of(folder: Path, *, quarterly: bool, seen: bool) -> list[dict[str, Any]]:
    """The questions, each with the texts of the pages of its evidence."""
    if not quarterly:
        return list(read_jsonl(folder / "questions.jsonl"))
    chosen = [each for each in read_jsonl(QUARTERLY) if each["seen"] is seen]
    for each in chosen:
        with pdfium.PdfDocument(folder / "pdfs" / each["file"]) as pdf:
            texts = [pdf[page - 1].get_textpage().get_text_range() for page in each["pages"]]
        # as in the other questions, where pages are counted from 0
        each["evidence"] = [{"page": page - 1, "text": text} for page, text in zip(each["pages"], texts, strict=True)]
    return chosen


def benchmark(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="questions.jsonl and pdfs/.", exists=True)],
    *,
    store: Annotated[Path, typer.Option(help="Where the collections are kept for the next run.")],
    out: Annotated[Path | None, typer.Option(help="Every sentence with what became of it, for reading.")] = None,
    oracle: Annotated[bool, typer.Option(help="Read with what people call the answer.")] = False,
    replies: Annotated[Path | None, typer.Option(help="File of a language model's replies as the reader.")] = None,
    quarterly: Annotated[bool, typer.Option(help="The questions and answers on quarterly reports.")] = False,
    seen: Annotated[bool, typer.Option(help="Of these, those that were read.")] = False,
    answers: Annotated[int | None, typer.Option(help="How many answers, in a fixed random order; all.")] = None,
) -> Result:
    """Put every recorded answer behind the service."""
    questions = questions_of(folder, quarterly=quarterly, seen=seen)
    settings = load_settings(data_dir=store)
    draft, knowing = RecordedDraft(), Oracle()
    reader: Reader | None = knowing if oracle else None
    if replies is not None:
        reader = KeptReplies(build_llm_reader(settings), replies)
    rag = build(settings, chat=draft, reader=reader)
    cases = hash_order(cases_of(questions, (CORRECT, INCORRECT)), lambda case: case.id)[:answers]
    try:
        ingest_reports(rag, folder, [each["file"] for each in questions])
        rows = asyncio.run(run(rag.answerer, draft, cases, knowing))
    finally:
        rag.close()
    if out:
        write_jsonl(out, rows)
    return Result(figures(rows))
