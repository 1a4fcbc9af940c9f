"""Questions in the language of their documents, without a language model: answered rightly, wrongly or refused?

    python -m benchmarks native-questions [--language de --language ko]…

`native_questions.txt` has small made documents in 18 languages, of 8 to 13 sentences each, and questions about them:
for a price, a time, a person, a place, a number, a duration, a reason; about another thing of the same kind; and some
that no sentence answers. The documents of a language are one collection. `right` is an answer with the words that it
must have, or a refusal where there is no answer; `alone` of these are answers of one sentence.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import Result, footnote_json, scratch_folder
from rag.build.core import build
from rag.events import Finished
from rag.settings import load_settings
from rag.types import Answer

DATA = Path(__file__).with_suffix(".txt")
NOT_ANSWERED = "-"


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document with its questions: kind, words, and what the answer must have, NOT_ANSWERED for a refusal."""

    language: str
    name: str
    text: str
    questions: tuple[tuple[str, str, str], ...]


def made_documents(path: Path = DATA) -> Iterator[MadeDocument]:
    """The documents of a file: a line `=== language name`, the text, lines `? kind | question | answer`."""
    for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
        head, *lines = block.strip().splitlines()
        language, name = head.split()
        told = [tuple(part.strip() for part in line[1:].split(" | ")) for line in lines if line.startswith("?")]
        questions = tuple((kind, question, answer) for kind, question, answer in told)
        text = "\n".join(line for line in lines if not line.startswith("?"))
        yield MadeDocument(language, name, text, questions)


async def asked(documents: Sequence[MadeDocument], folder: Path) -> list[dict[str, Any]]:
    """Each question, and what became of it."""
    for language in dict.fromkeys(each.language for each in documents):
        source = folder / "documents" / language
        source.mkdir(parents=True)
        for each in documents:
            if each.language == language:
                (source / f"{each.name}.txt").write_text(each.text, encoding="utf-8")
        footnote_json("ingest", source, "--json", settings={"data_dir": folder / "store", "collection": language})
    rag = build(load_settings(data_dir=folder / "store"))
    found = []
    try:
        for each in documents:
            for kind, question, answer in each.questions:
                events = [event async for event in rag.answerer.answer(question, collection=each.language)]
                last = events[-1]
                assert isinstance(last, Finished)
                told = {"language": each.language, "kind": kind, "question": question, "must_include": answer}
                found.append(told | outcome(answer, last.answer))
    finally:
        await rag.answerer.aclose()
    return found


def outcome(must_include: str, answer: Answer) -> dict[str, Any]:
    """Whether an answer is right, wrong or a refusal that should be none, and what it says."""
    if answer.abstained:
        became = "right" if must_include == NOT_ANSWERED else "refused"
    else:
        became = "right" if must_include != NOT_ANSWERED and must_include in answer.text else "wrong"
    alone = became == "right" and len(answer.sentences) == 1
    return {"became": became, "alone": alone, "answer": answer.reason if answer.abstained else answer.text}


def benchmark(
    language: Annotated[
        list[str] | None, typer.Option(help="Two-letter code; may be repeated. All without it.")
    ] = None,
) -> Result:
    documents = [each for each in made_documents() if not language or each.language in language]
    with scratch_folder() as folder:
        found = asyncio.run(asked(documents, folder))
    languages = dict.fromkeys(each["language"] for each in found)
    figures = {
        "questions": len(found),
        **Counter(each["became"] for each in found),
        "alone": sum(each["alone"] for each in found),
        "languages": {
            code: Counter(each["became"] for each in found if each["language"] == code) for code in languages
        },
        "not_right": [each for each in found if each["became"] != "right"],
    }
    return Result(figures, variant="-".join(language or ()))
