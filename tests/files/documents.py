"""Files made for tests: PDFs by reportlab and pypdf, Office files by python-docx, python-pptx and openpyxl, the rest by
the standard library."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage

import docx
import openpyxl
import pptx
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
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


def zip_of(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    return out.getvalue()


def slides() -> bytes:
    """Three slides: title, list, table, picture and notes; a hidden one with a chart and a group; an empty one."""
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Plan"
    frame = first.placeholders[1].text_frame
    frame.text = "Survey the site"
    second = frame.add_paragraph()
    second.text, second.level = "in March", 1
    table = first.shapes.add_table(2, 2, 0, Inches(7), Inches(3), Inches(1)).table
    for (row, column), text in {(0, 0): "Part", (0, 1): "A|B", (1, 0): "Pump", (1, 1): "two\nlines"}.items():
        table.cell(row, column).text = text
    first.shapes.add_picture(io.BytesIO(png()), 0, 0)
    first.notes_slide.notes_text_frame.text = "Mention the budget."
    hidden = deck.slides.add_slide(deck.slide_layouts[6])
    hidden._element.set("show", "0")
    sales = CategoryChartData()
    sales.categories = ["Q1", "Q2"]
    sales.add_series("Sales", (1.5, None))
    hidden.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(3), Inches(3), sales)
    group = hidden.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Words in a group"
    deck.slides.add_slide(deck.slide_layouts[6])
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def workbook() -> bytes:
    """A sheet with a title line above its table, a formula, a gap and a cell far away; and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Prices 2026"
    sheet.append(["Price list"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Part", "Price", "Since", "Share"])
    sheet.append(["Pump", 1234.5, datetime.date(2026, 3, 1), 0.125])
    sheet["B4"].number_format, sheet["D4"].number_format = '#,##0.00 "EUR"', "0.0%"
    sheet.append(["Valve | old", 3, datetime.datetime(2026, 3, 1, 14, 30), True])
    sheet.append([])
    sheet.append(["Seal", 7])
    sheet["D7"] = "=B7*2"
    sheet["XFD9"] = "far away"
    other = book.create_sheet("Old")
    other["C3"] = "Kept for the record"
    other.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def long_workbook(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Log")
    sheet.append(["Time", "Station"])
    for row in range(rows):
        sheet.append([f"minute {row}", "station " * 12])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>The valley</dc:title><dc:creator>A. Writer</dc:creator><dc:language>en</dc:language></metadata>"
    '<manifest><item id="two" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="one" href="chapter%201.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="map" href="map.png" media-type="image/png"/></manifest>'
    '<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="map"/></spine></package>'
)
CHAPTER = (
    '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/xhtml11.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><h1>{0}</h1><p>Words of {0}.</p>'
    "</body></html>"
)


def book(**more: str) -> bytes:
    return zip_of(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": PACKAGE,
            "OEBPS/two.xhtml": CHAPTER.format("Two"),
            "OEBPS/chapter 1.xhtml": CHAPTER.format("One"),
            **{f"META-INF/{name}.xml": text for name, text in more.items()},
        }
    )


def message(*attached: tuple[str, bytes], subject: str = "Grüße vom Fluss") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ann <ann@tarnbeck.example>", "ben@tarnbeck.example"
    mail["Date"], mail["Subject"] = "Mon, 02 Mar 2026 10:00:00 +0100", subject
    mail.set_content("The gauge reads 3 m.\n\nAnn")
    mail.add_alternative("<p>The gauge reads <b>3 m</b>.</p>", subtype="html")
    for name, data in attached:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail
