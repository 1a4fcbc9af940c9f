"""PDFs made for measuring: the same pages printed by Chromium and by LibreOffice, and others drawn by ReportLab."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import getSampleStyleSheet  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BalancedColumns,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

_TIMEOUT_S = 120
_STYLE = (
    "<style>body{font:11pt 'DejaVu Sans',sans-serif;text-align:justify} table{border-collapse:collapse}"
    "td,th{border:1px solid;padding:3px;vertical-align:middle} .two{columns:2;column-gap:8mm}"
    ".three{columns:3;column-gap:6mm;font-size:9pt} .rule td{border:0;border-bottom:1px solid}</style>"
)
_PROSE = (
    "The ferry to Norholm leaves at six in the morning and returns at nine in the evening. Bicycles travel free "
    "on every crossing of the strait. In 2019 the harbour carried 35,670 passengers, 12% more than in the year "
    "before. The new lighthouse was painted in May by a crew of eleven; the work took nineteen days and cost "
    "84,000 euros in all. "
)
_GERMAN = (
    "Das Klärwerk der Stadt reinigt jeden Tag 4.200 Kubikmeter Abwasser aus mehreren Gemeinden. Die "
    "Wasseraufbereitung, die Schlammbehandlung und die Messeinrichtungen wurden 1987 gebaut und im vergangenen "
    "Jahr grundlegend überholt. "
)
_FAULTS = (
    ("Fault", "Remedy", "Part no."),
    ("E01", "Check that the inlet valve is open and that the hose is not bent behind the machine.", "V-331"),
    ("E02", "Clean the filter in warm water and let it dry for one hour before use.", "F-209"),
    ("E03", "Call the service desk.", "none"),
)


def _rows(rows: tuple[tuple[str, ...], ...]) -> str:
    return "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


PAGES = {
    "prose": f"<h1>Harbour bulletin</h1><p>{_PROSE * 4}</p><h2>Winter</h2><p>{_PROSE * 2}</p>",
    "two-columns": f"<h1>Bulletin</h1><div class=two><p>{_PROSE * 3}</p><h3>Winter</h3><p>{_PROSE * 3}</p></div>",
    "three-columns": f"<h1>Three columns</h1><div class=three><p>{_PROSE * 6}</p></div><p>{_PROSE}</p>",
    "hyphens": f"<body lang=de style='hyphens:auto'><h1>Klärwerk</h1><div class=three><p>{_GERMAN * 6}</p></div>",
    "tables": f"<table border=1>{_rows(_FAULTS)}</table><p>{_PROSE}<table class=rule>{_rows(_FAULTS)}</table>",
    "merged": (
        "<h1>Rates</h1><table border=1><tr><th rowspan=2>Room<th colspan=2>Price<tr><th>2023<th>2024"
        "<tr><td>Single<td>80<td>85<tr><td>Double<td>120<td>130</table>"
    ),
    "raised": (
        "<h1>Crane test</h1><p>The cable carried 4 × 10<sup>5</sup> newtons, and the rent is 25<sup>1</sup> euros. "
        "The water is H<sub>2</sub>O with 12 m<sup>3</sup> in the tank.</p><p><sup>1</sup> Without fuel.</p>"
    ),
    "lists": (
        f"<h1>Steps</h1><ol><li>Close the valve.<li>{_PROSE}<li>Open it.</ol>"
        "<ul><li>Gloves<li>Rope<ul><li>20 m</ul></ul>"
    ),
    "scripts": (
        "<h1>Languages</h1><p>Вода в реке поднялась на 3 метра. Η στάθμη του νερού ανέβηκε. Ænes fjord, naïve café."
        "</p><p>ﬁnal eﬃcient oﬀer — “quoted” ‘text’ … 5 ≤ 7 ± 0.1 µm</p>"
    ),
    "long": f"<h1>A long one</h1>{''.join(f'<p>{n}. {_PROSE[n * 7 :]}</p>' for n in range(40))}",
}


def make(folder: Path) -> list[str]:
    """Write the files, and name the programs that are not installed and made none."""
    folder.mkdir(parents=True, exist_ok=True)
    _reportlab(folder)
    sources = folder / "html"
    sources.mkdir(exist_ok=True)
    for name, body in PAGES.items():
        page = f"<!doctype html><meta charset=utf-8><title>{name}</title>{_STYLE}{body}"
        (sources / f"{name}.html").write_text(page, encoding="utf-8")
    makers = {"chromium": _chromium, "soffice": _libreoffice}
    for program, maker in makers.items():
        if shutil.which(program):
            maker(folder, sources)
    return [program for program in makers if not shutil.which(program)]


def _reportlab(folder: Path) -> None:
    body, heading = getSampleStyleSheet()["BodyText"], getSampleStyleSheet()["Heading1"]
    wrapped = [[Paragraph(cell, body) for cell in row] for row in _FAULTS]
    table = Table(wrapped, colWidths=[60, 220, 80], style=[("GRID", (0, 0), (-1, -1), 0.5, "black")])
    columns = BalancedColumns([Paragraph(_PROSE * 3, body) for _ in range(4)], nCols=2)
    story = [Paragraph("Harbour bulletin", heading), columns, Spacer(1, 12), table]
    SimpleDocTemplate(str(folder / "reportlab-columns.pdf"), pagesize=A4).build(story)


def _chromium(folder: Path, sources: Path) -> None:
    for source in sorted(sources.glob("*.html")):
        target = folder / f"chromium-{source.stem}.pdf"
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}", source.as_uri()]
        subprocess.run(["chromium", *arguments], check=True, capture_output=True, timeout=_TIMEOUT_S)


def _libreoffice(folder: Path, sources: Path) -> None:
    for source in sorted(sources.glob("*.html")):
        arguments = ["--headless", "--infilter=HTML (StarWriter)", "--convert-to", "pdf:writer_pdf_Export"]
        arguments += ["--outdir", str(folder), str(source)]
        subprocess.run(["soffice", *arguments], check=True, capture_output=True, timeout=_TIMEOUT_S)
        (folder / f"{source.stem}.pdf").rename(folder / f"libreoffice-{source.stem}.pdf")
