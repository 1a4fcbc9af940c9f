"""Build the PDF and DOCX files of the example corpus from their Markdown sources.

Usage, from the root of the repository::

    pip install reportlab python-docx
    python examples/build.py

The script reads ``examples/sources/*.md`` (``blocks.py`` describes their format) and
writes the three binary files into ``examples/corpus/``. The Markdown, HTML and text files
of the corpus are kept there as they are and are not touched. The output is deterministic:
with the same versions of reportlab and python-docx, two runs give the same bytes.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from blocks import Block, Source, read_source
from docx import Document
from docx.document import Document as DocxDocument
from reportlab import platypus as rl
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
CORPUS = HERE / "corpus"

FIXED_DATE = datetime(2026, 2, 2, 9, 0, 0)
MARGIN = 23 * mm
GUTTER = 8 * mm
TITLE_HEIGHT = 32 * mm
INK = colors.HexColor("#1d3b53")
GREY = colors.HexColor("#4a5b68")
SHADE = colors.HexColor("#e8eef3")


def make_styles(size: float) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles for body text of the given size."""
    small = size - 2
    body = {"fontName": "Times-Roman", "allowWidows": 0, "allowOrphans": 0}
    item = {"leftIndent": 15, "bulletIndent": 2, "bulletFontName": "Times-Roman"}
    sans = {"fontName": "Helvetica", "textColor": GREY}
    bold = {"fontName": "Helvetica-Bold", "textColor": INK, "keepWithNext": 1}

    def style(points: float, lead: float, before: float, after: float, **more: object) -> ParagraphStyle:
        return ParagraphStyle(
            "style",
            fontSize=points,
            leading=points + lead,
            spaceBefore=before,
            spaceAfter=after,
            bulletFontSize=points,
            **more,
        )

    return {
        "p": style(size, size * 0.36, 0, size * 0.6, **body),
        "item": style(size, size * 0.36, 0, size * 0.25, **body, **item),
        "h1": style(size + 3, 3, size, size * 0.5, **bold),
        "h2": style(size, 3, size * 0.4, size * 0.4, **bold),
        "caption": style(small, 3, 4, 3, **bold),
        "head": style(small, 2.2, 0, 0, **bold),
        "cell": style(small, 2.2, 0, 0, fontName="Helvetica"),
        "title": style(24, 5, 0, 4, **bold),
        "subtitle": style(11, 4, 0, 0, **sans),
    }


def column_widths(rows: list[list[str]], width: float, size: float) -> list[float]:
    """Share a width among columns so that no word is broken and long cells get more room."""
    columns = list(zip(*rows, strict=True))
    needed = [
        10 + max(stringWidth(word, "Helvetica-Bold", size) for c in column for word in c.split()) for column in columns
    ]
    weights = [min(max(map(len, column)), 30) for column in columns]
    spare = (width - sum(needed)) / sum(weights)
    return [base + spare * weight for base, weight in zip(needed, weights, strict=True)]


def table_flowable(block: Block, width: float, styles: dict[str, ParagraphStyle]) -> rl.Flowable:
    """Render a ruled table with its caption above it."""
    head, *body = block.rows
    cells = [[rl.Paragraph(escape(cell), styles["head"]) for cell in head]]
    cells += [[rl.Paragraph(escape(cell), styles["cell"]) for cell in row] for row in body]
    widths = column_widths(block.rows, width, styles["head"].fontSize)
    table = rl.Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        rl.TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#8a9aa6")),
                ("LINEBELOW", (0, 0), (-1, 0), 1, INK),
                ("BACKGROUND", (0, 0), (-1, 0), SHADE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    caption = rl.Paragraph(escape(block.text), styles["caption"])
    return rl.KeepTogether([caption, table, rl.Spacer(1, 10)])


def chart_flowable(block: Block, width: float, styles: dict[str, ParagraphStyle]) -> rl.Flowable:
    """Render a bar chart with its caption below it."""
    values = [int(value) for _, value in block.rows]
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 30, 20, width - 60, 110
    chart.data = [values]
    chart.categoryAxis.categoryNames = [label for label, _ in block.rows]
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, max(values) * 1.2
    chart.valueAxis.valueStep = 20
    chart.bars[0].fillColor, chart.bars[0].strokeColor = INK, None
    chart.barLabelFormat, chart.barLabels.nudge = "%d", 7
    chart.groupSpacing = 30
    drawing = Drawing(width, 140)
    drawing.add(chart)
    caption = rl.Paragraph(escape(block.text), styles["caption"])
    return rl.KeepTogether([drawing, caption, rl.Spacer(1, 8)])


def flowables(block: Block, width: float, styles: dict[str, ParagraphStyle]) -> list[rl.Flowable]:
    """Render one block for a column of the given width."""
    if block.kind == "table":
        return [table_flowable(block, width, styles)]
    if block.kind == "chart":
        return [chart_flowable(block, width, styles)]
    if block.kind in ("bullets", "steps"):
        marks = ["\u2022" if block.kind == "bullets" else f"{n}." for n in range(1, len(block.rows) + 1)]
        items = [
            rl.Paragraph(escape(row[0]), styles["item"], bulletText=mark)
            for row, mark in zip(block.rows, marks, strict=True)
        ]
        return [*items, rl.Spacer(1, 4)]
    paragraph = rl.Paragraph(escape(block.text), styles[block.kind])
    return [rl.CondPageBreak(22 * mm), paragraph] if block.kind == "h1" else [paragraph]


def page_furniture(canvas: Canvas, meta: dict[str, str]) -> None:
    """Draw the running header, the running footer and their rules."""
    width, height = A4
    canvas.saveState()
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, height - 15 * mm, width - MARGIN, height - 15 * mm)
    canvas.line(MARGIN, 15 * mm, width - MARGIN, 15 * mm)
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(INK)
    canvas.drawString(MARGIN, height - 13 * mm, meta["title"])
    canvas.drawRightString(width - MARGIN, height - 13 * mm, meta["company"])
    canvas.drawString(MARGIN, 11 * mm, meta["number"])
    canvas.drawRightString(width - MARGIN, 11 * mm, f"Page {canvas.getPageNumber()}")
    canvas.restoreState()


def page_templates(columns: int, meta: dict[str, str]) -> tuple[list[rl.PageTemplate], float]:
    """Return the first and the later page template, and the width of a column."""
    page_width, page_height = A4
    width = (page_width - 2 * MARGIN - (columns - 1) * GUTTER) / columns
    height = page_height - 2 * MARGIN

    def frame(index: int, frame_height: float) -> rl.Frame:
        x = MARGIN + index * (width + GUTTER)
        return rl.Frame(x, MARGIN, width, frame_height, 0, 0, 0, 0)

    def furniture(canvas: Canvas, _: rl.BaseDocTemplate) -> None:
        page_furniture(canvas, meta)

    title = rl.Frame(
        MARGIN,
        page_height - MARGIN - TITLE_HEIGHT,
        page_width - 2 * MARGIN,
        TITLE_HEIGHT,
        0,
        0,
        6 * mm,
        0,
    )
    first = [title] + [frame(n, height - TITLE_HEIGHT) for n in range(columns)]
    later = [frame(n, height) for n in range(columns)]
    templates = [
        rl.PageTemplate("first", first, onPage=furniture),
        rl.PageTemplate("later", later, onPage=furniture),
    ]
    return templates, width


def build_pdf(source: Source, target: Path, columns: int, size: float) -> None:
    """Set a source as a PDF with the given number of columns."""
    styles = make_styles(size)
    templates, width = page_templates(columns, source.meta)
    document = rl.BaseDocTemplate(
        str(target),
        pagesize=A4,
        pageTemplates=templates,
        invariant=1,
        lang="en",
        title=source.meta["title"],
        author=source.meta["company"],
        subject=source.meta["subtitle"],
        creator=source.meta["company"],
    )
    story: list[rl.Flowable] = [
        rl.NextPageTemplate("later"),
        rl.Paragraph(escape(source.meta["title"]), styles["title"]),
        rl.Paragraph(escape(source.meta["subtitle"]), styles["subtitle"]),
        rl.FrameBreak(),
    ]
    for block in source.blocks:
        story += flowables(block, width, styles)
    document.build(story)


def add_docx_block(document: DocxDocument, block: Block) -> None:
    """Append one block to a Word document."""
    if block.kind in ("h1", "h2"):
        document.add_heading(block.text, level=int(block.kind[1]))
    elif block.kind in ("bullets", "steps"):
        style = "List Bullet" if block.kind == "bullets" else "List Number"
        for row in block.rows:
            document.add_paragraph(row[0], style=style)
    elif block.kind == "table":
        document.add_paragraph(block.text, style="Caption")
        table = document.add_table(rows=0, cols=len(block.rows[0]), style="Light Grid Accent 1")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph()
    else:
        document.add_paragraph(block.text)


def fix_zip_dates(data: bytes) -> bytes:
    """Rewrite a zip archive so that every member carries the fixed date."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, FIXED_DATE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()


def build_docx(source: Source, target: Path) -> None:
    """Set a source as a Word document."""
    document = Document()
    properties = document.core_properties
    properties.title = source.meta["title"]
    properties.subject = source.meta["number"]
    properties.author = properties.last_modified_by = source.meta["company"]
    properties.comments = ""
    properties.created = properties.modified = FIXED_DATE
    properties.revision = 1
    document.add_heading(source.meta["title"], level=0)
    document.add_paragraph(source.meta["subtitle"], style="Subtitle")
    for block in source.blocks:
        add_docx_block(document, block)
    buffer = BytesIO()
    document.save(buffer)
    target.write_bytes(fix_zip_dates(buffer.getvalue()))


def main() -> None:
    """Build all binary files of the corpus."""
    CORPUS.mkdir(exist_ok=True)
    manual, report, procedure = (
        read_source(SOURCES / f"{name}.md")
        for name in ("ouzel-4-manual", "service-report-2025", "field-maintenance-procedure")
    )
    build_pdf(manual, CORPUS / "ouzel-4-manual.pdf", columns=2, size=11.2)
    build_pdf(report, CORPUS / "service-report-2025.pdf", columns=1, size=11.2)
    build_docx(procedure, CORPUS / "field-maintenance-procedure.docx")


if __name__ == "__main__":
    main()
