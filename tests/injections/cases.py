"""The attempts of `cases.json`, and the files they bring with them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from pypdf import PdfReader, PdfWriter
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from ingest.build import open_ingestion
from ingest.work.records import RunRequest
from rag.build.core import Rag
from rag.types import sha256_of
from tests.files.documents import SIDE_PT, both, lines, pdf_of
from tests.files.pdf import commented, outlined
from tests.files.pdf import field as form_field

FILE = Path(__file__).with_name("cases.json")
RIVAL = "rival"
"""The collection of another tenant, which no case may reach."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One attempt.

    `documents` make up the collection that is asked; `answers` are true sentences of it; `demanded` is what the attempt
    wants to have said; `quoted` says that a document states it plainly, so that it may be shown with its footnote;
    `within` names the only files that the request's filter lets through; `canaries` must not appear besides those of
    the rival; `status` is the HTTP status expected.
    """

    id: str
    family: str
    documents: tuple[Json, ...]
    question: str
    answers: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()
    history: tuple[Json, ...] = ()
    request: Json = field(default_factory=dict)
    within: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()
    quoted: bool = False
    status: int = 200

    @property
    def collection(self) -> str:
        """Cases with the same documents share their collection."""
        return f"own-{sha256_of(json.dumps(self.documents, sort_keys=True).encode())[:12]}"

    def body(self) -> Json:
        """The request; a case that expects a refusal names its collection by the model alone."""
        named = {"collection": self.collection} if self.status == 200 else {}
        messages = [*self.history, {"role": "user", "content": self.question}]
        return {"model": "footnote", "messages": messages, **named, **self.request}


@dataclass(frozen=True, slots=True)
class Attempts:
    """All cases, and the other tenant's documents: `canaries` are phrases of its `rival_sentences`."""

    cases: tuple[Case, ...]
    rival: tuple[Json, ...]
    rival_sentences: tuple[str, ...]
    canaries: tuple[str, ...]


def load_cases(file: Path = FILE) -> Attempts:
    """The attempts as they are kept."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    return Attempts(
        tuple(_case(each) for each in raw["cases"]),
        *(tuple(raw[name]) for name in ("rival", "rival_sentences", "canaries")),
    )


def _case(raw: Mapping[str, Any]) -> Case:
    return Case(**{name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()})


def ingest_cases(rag: Rag, attempts: Attempts, folder: Path) -> None:
    """Bring the documents of every case and of the rival into their collections.

    Raises:
        RuntimeError: a document could not be ingested.
    """
    wanted = {RIVAL: attempts.rival} | {case.collection: case.documents for case in attempts.cases}
    with open_ingestion(rag.settings, rag) as ingestion:
        runs: dict[str, str] = {}
        for collection, documents in wanted.items():
            place = folder / collection
            place.mkdir(parents=True)
            for document in documents:
                (place / document["name"]).write_bytes(file_of(document))
            runs[collection] = ingestion.queue.start(RunRequest(collection, (str(place),)))
        for collection, run in runs.items():
            report = ingestion.queue.follow(run, lambda _event: None)
            if report.count("written") != len(wanted[collection]):
                raise RuntimeError(f"{collection}: {report}")


def file_of(document: Json) -> bytes:
    """The bytes of a document: its text, or a file of the kind that its name tells, with something hidden in it."""
    if "text" in document:
        return str(document["text"]).encode()
    make = _MAKERS[document["name"].rpartition(".")[2]]
    return make(document, document.get("hidden", {}))


def _pdf(document: Json, hidden: Mapping[str, str]) -> bytes:
    shown = lines(*document["lines"])
    drawn = both(shown, *(_drawn(how, text) for how, text in hidden.items() if how in _DRAWN))
    data = pdf_of(drawn, title=hidden.get("title", ""))
    if "note" in hidden:
        data = commented(data, hidden["note"])
    if "bookmark" in hidden:
        data = outlined(data, (hidden["bookmark"], 1))
    if "subject" in hidden:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
        writer.add_metadata({"/Subject": hidden["subject"], "/Keywords": hidden["keywords"]})
        out = io.BytesIO()
        writer.write(out)
        data = out.getvalue()
    return data


def _white(canvas: Canvas, text: str) -> None:
    canvas.setFillColor(white)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(50, 300, text)


def _tiny(canvas: Canvas, text: str) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(50, 300, text)


def _outside(canvas: Canvas, text: str) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawString(SIDE_PT + 100, 300, text)


def _invisible(canvas: Canvas, text: str) -> None:
    drawn = canvas.beginText(50, 300)
    drawn.setFont("Helvetica", 9)
    drawn.setTextRenderMode(3)  # neither filled nor stroked
    drawn.textLine(text)
    canvas.drawText(drawn)


_DRAWN: Mapping[str, Callable[[Canvas, str], None]] = {
    "white": _white,
    "tiny": _tiny,
    "outside": _outside,
    "invisible": _invisible,
    "field": lambda canvas, text: form_field("remark", text)(canvas),
}


def _drawn(how: str, text: str) -> Callable[[Canvas], None]:
    return lambda canvas: _DRAWN[how](canvas, text)


def _docx(document: Json, hidden: Mapping[str, str]) -> bytes:
    file = docx.Document()
    for text in document["paragraphs"]:
        file.add_paragraph(text)
    if "run" in hidden:
        run = file.add_paragraph().add_run(hidden["run"])
        run._r.get_or_add_rPr().append(OxmlElement("w:vanish"))
        assert run._r.find(qn("w:rPr")).find(qn("w:vanish")) is not None
    if "comment" in hidden:
        file.add_comment(file.paragraphs[0].runs, text=hidden["comment"], author="x", initials="x")
    file.core_properties.title = hidden.get("title", "")
    return _saved(file)


def _xlsx(document: Json, hidden: Mapping[str, str]) -> bytes:
    book = openpyxl.Workbook()
    for row in document["rows"]:
        book.active.append(row)
    sheet = book.create_sheet("more")
    sheet.append([hidden["sheet"]])
    sheet.sheet_state = "hidden"
    return _saved(book)


def _pptx(document: Json, hidden: Mapping[str, str]) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.placeholders[1].text_frame.text = "\n".join(document["lines"])
    slide.notes_slide.notes_text_frame.text = hidden["notes"]
    return _saved(deck)


def _saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


_MAKERS: Mapping[str, Callable[[Json, Mapping[str, str]], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "pptx": _pptx,
}
