"""Signs of TeX's fonts of mathematics, which a PDF may name by their place in the font alone."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from ingest.parsers.pdf import PdfParser
from ingest.parsers.pdf.tex_maths import maths_of, put_together
from tests.files.documents import pdf_of


def set_by_tex(font: str, *parts: str) -> str:
    """The text of a page whose parts are set in Helvetica and in a font of this name by turns."""

    def draw(canvas):
        line = canvas.beginText(50, 400)
        for number, part in enumerate(parts):
            line.setFont("Courier" if number % 2 else "Helvetica", 12)
            line.textOut(part)
        canvas.drawText(line)

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(draw))))
    for used in writer.pages[0]["/Resources"]["/Font"].values():
        if used.get_object()["/BaseFont"] == "/Courier":
            used.get_object()[NameObject("/BaseFont")] = NameObject(f"/ABCDEF+{font}")
    out = io.BytesIO()
    writer.write(out)
    return PdfParser().parse(out.getvalue(), "a.pdf").pages[0].text


@pytest.mark.parametrize(
    ("font", "parts", "shown"),
    [
        ("CMSY10", ("Let a ", "6", "= b and more."), "Let a ≠ b and more."),
        ("CMSY10", ("The norm ", "k", "x", "k", " is small."), "The norm ‖x‖ is small."),
        ("LMMathSymbols10-Regular", ("The pair ", "h", "x, y", "i", " is one."), "The pair ⟨x, y⟩ is one."),
        ("MSAM10", ("It holds that x ", "6", " 5 for all."), "It holds that x ⩽ 5 for all."),
        ("MSBM10", ("Planck's constant ", "~", " is small."), "Planck's constant ℏ is small."),
        ("CMEX10", ("The sum ", "X", " over all of n."), "The sum ∑ over all of n."),
    ],
)  # fmt: skip
def test_a_sign_is_read_as_it_is_shown(font: str, parts: tuple[str, ...], shown: str):
    """Not as the letter or digit at whose place it stands: `a 6= b` is not what the page says."""
    assert set_by_tex(font, *parts) == shown


def test_what_is_set_as_two_signs_is_the_one_that_is_shown():
    """A stroke before an equals sign, a bar before an arrow."""
    assert put_together("a\u0338=b, x\u0338∈M, f: x↦→y, x↦−→z") == "a≠b, x∉M, f: x↦y, x↦z"


def test_letters_of_these_fonts_and_other_fonts_stay():
    """Capitals are letters in all of them, and a font of text is none of them."""
    assert set_by_tex("CMSY10", "The class ", "A", " of sets.") == "The class A of sets."
    assert set_by_tex("CMR10", "All 6 of ", "6=", " them.") == "All 6 of 6= them."
    assert maths_of("CMMI10") is None
    assert maths_of("Helvetica") is None
