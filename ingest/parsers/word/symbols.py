"""Special characters of a Word file: letters of symbol fonts, tabs between numbers."""

from __future__ import annotations

from ingest.parsers.ooxml import Element, attribute, child, descendants, make, replace_by, short

_FONTS = ("Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "ZapfDingbats")
_LINE = " | "
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


def set_apart_numbers(root: Element) -> None:
    """Put a line between numbers that a tab sets apart: with a space alone, `12 345` would be another number."""
    for paragraph in descendants(root, "w:p"):
        parts = descendants(paragraph, "w:t", "w:tab")
        before = ""
        for index, part in enumerate(parts):
            if short(part) == "w:t":
                before = part.text or before
            elif short(part.getparent()) == "w:r" and before.rstrip()[-1:].isdigit():
                after = next((one.text for one in parts[index + 1 :] if short(one) == "w:t" and one.text), "")
                if after.lstrip()[:1].isdigit():
                    replace_by(part, make("w:t", text=_LINE))


def _sign(letter: str, font: str) -> Element:
    if ord(letter) in _PRIVATE:
        return make("w:sym", font=font, char=f"{ord(letter):04X}")
    return make("w:t", text=letter)
