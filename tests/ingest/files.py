"""Files made for tests: PDFs by reportlab and pypdf, Word files by python-docx."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
SIDE_PT = 600


def pdf_of(*pages: Draw, title: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(SIDE_PT, SIDE_PT))
    if title:
        canvas.setTitle(title)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, x: float = 50, top: float = 500, leading: float = 14, size: float = 11) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for row, text in enumerate(texts):
            canvas.drawString(x, top - row * leading, text)

    return draw


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def rows(*cells: tuple[str, ...], top: float = 400) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for row, texts in enumerate(cells):
            for column, text in enumerate(texts):
                canvas.drawString(50 + 120 * column, top - 14 * row, text)

    return draw


def turned(draw: Draw, degrees: int) -> Draw:
    """Drawn so that the page is upright once it is rotated by these degrees."""

    def draw_turned(canvas: Canvas) -> None:
        canvas.translate(*{90: (SIDE_PT, 0), 180: (SIDE_PT, SIDE_PT), 270: (0, SIDE_PT)}[degrees])
        canvas.rotate(degrees)
        draw(canvas)

    return draw_turned


def blank(_canvas: Canvas) -> None:
    return None


def picture(canvas: Canvas) -> None:
    canvas.rect(50, 50, 200, 200, fill=1)


def encrypted(data: bytes, password: str, owner: str = "owner") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rotated(data: bytes, degrees: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.rotate(degrees)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def labelled(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.set_page_label(0, 1, style="/r")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Field guide", 0)
    document.add_heading("Tools", 1)
    paragraph = document.add_paragraph("Take the ")
    paragraph.add_run("torque").bold = True
    paragraph.add_run(" wrench & gloves.")
    document.add_paragraph("Rope", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, texts in enumerate((("Check", "Limit"), ("Humidity", "60 percent"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
