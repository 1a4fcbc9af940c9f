"""Signs of symbol fonts in a Word file: written as letters of a font, meant as the sign that the font draws there."""

from __future__ import annotations

from ingest.parsers.ooxml import Element, attribute, child, descendants, make, replace_by

_FONTS = ("Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "ZapfDingbats")
_PRIVATE = range(0xF020, 0xF100)


def name_symbols(root: Element) -> None:
    """Make letters in the private range of a symbol font signs of that font, which the converter knows."""
    for run in descendants(root, "w:r"):
        fonts = child(run, "w:rPr", "w:rFonts")
        font = next((name for key in ("w:ascii", "w:hAnsi") if (name := attribute(fonts, key)) in _FONTS), "")
        if not font:
            continue
        for text in descendants(run, "w:t"):
            letters = text.text or ""
            if any(ord(letter) in _PRIVATE for letter in letters):
                replace_by(text, *(_sign(letter, font) for letter in letters))


def _sign(letter: str, font: str) -> Element:
    if ord(letter) in _PRIVATE:
        return make("w:sym", font=font, char=f"{ord(letter):04X}")
    return make("w:t", text=letter)
