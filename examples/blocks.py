"""Read the Markdown sources of the example corpus as lists of blocks.

A source starts with ``key: value`` lines (title, subtitle, number, company) and a blank
line. After that it may hold ``##`` and ``###`` headings, paragraphs, ``- `` and ``1. ``
lists, tables (``Table: caption`` and then ``| a | b |`` rows, the first row being the
header) and bar charts (``Chart: caption | label=value | label=value``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Block:
    """One block of a source: a heading, a paragraph, a list, a table or a chart."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Source:
    """A parsed source file: its head lines and its blocks in order."""

    meta: dict[str, str]
    blocks: list[Block]


def read_source(path: Path) -> Source:
    """Parse one source file."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    meta = dict(line.split(": ", 1) for line in head.splitlines())
    chunks = [chunk.strip() for chunk in body.split("\n\n") if chunk.strip()]
    return Source(meta, [parse_block(chunk) for chunk in chunks])


def parse_block(chunk: str) -> Block:
    """Turn the lines between two blank lines into a block."""
    lines = chunk.splitlines()
    if chunk.startswith("### "):
        return Block("h2", chunk[4:])
    if chunk.startswith("## "):
        return Block("h1", chunk[3:])
    if chunk.startswith("- "):
        return Block("bullets", rows=[[line[2:]] for line in lines])
    if re.match(r"\d+\. ", chunk):
        return Block("steps", rows=[[line.split(". ", 1)[1]] for line in lines])
    if chunk.startswith("Table: "):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
        return Block("table", lines[0].removeprefix("Table: "), rows)
    if chunk.startswith("Chart: "):
        caption, *pairs = chunk.removeprefix("Chart: ").split(" | ")
        return Block("chart", caption, [pair.split("=") for pair in pairs])
    return Block("p", " ".join(lines))
