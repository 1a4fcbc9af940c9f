"""Questions in other languages than the documents': are they told, found and answered?

    python -m benchmarks languages examples/golden-languages.jsonl [--english QUESTIONS.jsonl]…

Two tables. The first needs no model: of short questions in many languages, how many are told; of English ones
(`{question}` or `{text}` a line), how many are taken for another language. The second asks the golden questions of the
example corpus, with the language model of FOOTNOTE_LLM_URL if there is one: how many get their passage, an answer that
has what it must, and an answer in their own language. `--told-only` leaves out the second.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import Result, footnote_json, scratch_folder
from eval.data import PERTURBATIONS, read_jsonl
from rag.build.core import build
from rag.events import Finished
from rag.settings import load_settings
from rag.text import spoken_language
from rag.types import Answer

CORPUS = Path(__file__).parents[2] / "examples/corpus"
SHORT = """
ar كم يكلف المستشعر؟|cs Kolik stojí senzor?|da Hvad koster sensoren?|da Hvem skrev bogen?
de Welchen Außendurchmesser hat der Mast?|de Wie lange muss frischer Beton aushärten?|de Gibt es eine Garantie?
de Was kostet der Logger ohne Sensor laut der Preisliste 2026?|de Wer hat das Buch geschrieben?
de Wann wurde die Firma gegründet?|de Wo liegt der Hauptsitz?|de Wie viele Mitarbeiter hat Intel?
de Warum fiel der Umsatz?|de Wie hoch war der Umsatz von Apple im dritten Quartal 2022?
el Πόσο κοστίζει ο αισθητήρας;|es ¿Cuánto cuesta el sensor?|es ¿Quién escribió el libro?|es cuanto dura la garantia
es ¿Cuándo se fundó la empresa?|es ¿Qué diámetro tiene el mástil?|fi Paljonko anturi maksaa?
fr Quelle doit être la résistance de terre d'une station au maximum ?|fr Combien coûte le capteur ?
fr Qui a écrit ce livre ?|fr Quand la société a-t-elle été fondée ?|fr Où se trouve le siège ?
fr Quelle est la durée de la garantie ?|hi सेंसर की कीमत क्या है?|hu Mennyibe kerül az érzékelő?
it Quanto costa il sensore?|it Chi ha scritto il libro?|it Qual è il diametro del palo?
it Quando è stata fondata l'azienda?|ja センサーの価格はいくらですか？|ko 센서 가격은 얼마입니까?
nl Hoeveel kost de sensor?|nl Wie heeft het boek geschreven?|nl Wat is de diameter van de mast?
pl Ile kosztuje czujnik?|pt Quanto custa o sensor?|pt Quem escreveu o livro?|pt Qual é o diâmetro do mastro?
ro Cât costă senzorul?|ru Сколько стоит датчик?|ru Кто написал эту книгу?|sv Vad kostar sensorn?
sv Vem skrev boken?|tr Sensörün fiyatı nedir?|uk Скільки коштує датчик?|zh 传感器多少钱？
"""


def told() -> dict[str, Any]:
    """How many of the short questions are taken for their language, for English, and for another."""
    pairs = [question.split(" ", 1) for line in SHORT.strip().splitlines() for question in line.split("|")]
    found = Counter(_kind(language, spoken_language(question, "en")) for language, question in pairs)
    return {"questions": len(pairs), **found}


def _kind(language: str, taken: str) -> str:
    return "right" if taken == language else "as English" if taken == "en" else "as another"


def taken_for_foreign(files: Sequence[Path]) -> dict[str, Any]:
    """Of English questions, as they are and perturbed (`eval.data.perturbed`), those taken for another language."""
    rows = [row for file in files for row in read_jsonl(file)]
    questions = [str(row.get("question") or row.get("text") or row["turns"][-1]["text"]) for row in rows]
    asked = {kind: [change(q, str(n)) for n, q in enumerate(questions)] for kind, change in PERTURBATIONS.items()}
    foreign = {kind: [q for q in changed if spoken_language(q, "en") != "en"] for kind, changed in asked.items()}
    return {"questions": len(questions), "foreign": foreign}


async def asked(rows: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Each golden question, and what became of it."""
    footnote_json("ingest", CORPUS, "--json", settings={"data_dir": folder, "collection": "languages"})
    rag = build(load_settings(data_dir=folder))
    found = []
    try:
        for row in rows:
            events = [event async for event in rag.answerer.answer(row["question"], collection="languages")]
            last = events[-1]
            assert isinstance(last, Finished)
            found.append(_outcome(row, last.answer))
            print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    finally:
        await rag.answerer.aclose()
    return found


def _outcome(row: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    files = {evidence["filename"] for evidence in row["evidence"]}
    answered = not answer.abstained
    return {
        "id": row["id"],
        "answerable": row["answerable"],
        "found": bool(files) and files <= {hit.chunk.filename for hit in answer.hits},
        "answered": answered,
        "right": answered and all(each in answer.text.replace(",", ".") for each in row["must_include"]),
        "own_language": answered and spoken_language(answer.text, "en") == row["language"],
        "answer": answer.text if answered else answer.reason,
        "note": answer.note,
        "withheld": [[each.text, each.checked_as, each.why] for each in answer.withheld],
    }


def benchmark(
    golden: Annotated[Path, typer.Argument(help="Golden questions of the example corpus.", exists=True)],
    english: Annotated[list[Path] | None, typer.Option(help="English questions; may be repeated.")] = None,
    told_only: Annotated[bool, typer.Option("--told-only", help="Leave out the second table.")] = False,
) -> Result:
    figures: dict[str, Any] = {"told": told(), "english": taken_for_foreign(english or ())}
    if told_only:
        return Result(figures, variant="told")
    with scratch_folder() as folder:
        found = asyncio.run(asked(list(read_jsonl(golden)), folder))
    answerable = [each for each in found if each["answerable"]]
    figures["model"] = load_settings().llm_model
    figures["answerable"] = {"n": len(answerable)} | {
        key: sum(each[key] for each in answerable) for key in ("found", "answered", "right", "own_language")
    }
    figures["unanswerable"] = {"n": len(found) - len(answerable)} | {
        "refused": sum(not each["answered"] for each in found if not each["answerable"])
    }
    figures["answers"] = found
    return Result(figures, variant="" if figures["model"] else "no-model")
