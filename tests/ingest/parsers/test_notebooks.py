"""Notebooks: texts, code and output in their order."""

from __future__ import annotations

import json

import pytest

from ingest.parsers.common import ParsedFile
from ingest.parsers.registry import default_registry
from rag.errors import ParseError


def parse(*cells: dict[str, object], **more: object) -> ParsedFile:
    book = {"cells": list(cells), "metadata": {"kernelspec": {"language": "julia"}}, "nbformat": 4, **more}
    return default_registry().parse(json.dumps(book).encode(), "tides.ipynb")


def test_cells_are_read_in_order():
    """Texts are Markdown, code and what it printed are fenced; the first heading is the title."""
    stream = {"output_type": "stream", "text": ["high 3.1\n"]}
    result = {"output_type": "execute_result", "data": {"text/plain": "4.5", "image/png": "aaaa"}}
    error = {"output_type": "error", "ename": "TideError", "evalue": "no moon", "traceback": ["x"]}
    parsed = parse(
        {"cell_type": "markdown", "source": ["# Tides\n", "\n", "The gauge stands in Orlo."]},
        {"cell_type": "code", "source": "a = 1\nb = 2", "outputs": [stream, result, error]},
        {"cell_type": "raw", "source": "Raw words."},
    )
    assert parsed.title == "Tides"
    assert parsed.pages[0].text == (
        "# Tides\n\nThe gauge stands in Orlo.\n\n```julia\na = 1\nb = 2\n```\n\n```\nhigh 3.1\n```\n\n```\n4.5\n```\n\n"
        "```\nTideError: no moon\n```\n\nRaw words."
    )
    assert parsed.receipt.skipped == ("cell 2: output of type image/png is not read",)


def test_a_notebook_of_an_older_version_is_read():
    """Its cells are in worksheets."""
    cells = [{"cell_type": "heading", "level": 2, "source": "Ebb"}, {"cell_type": "code", "input": ["c = 3"]}]
    parsed = parse(cells=[], worksheets=[{"cells": cells}])
    assert parsed.pages[0].text == "## Ebb\n\n```julia\nc = 3\n```"


@pytest.mark.parametrize("text", ["[1, 2]", "{broken", "words"])
def test_what_is_no_notebook_is_refused(text: str):
    """The message says so."""
    with pytest.raises(ParseError, match="not a notebook"):
        default_registry().parse(text.encode(), "a.ipynb")
