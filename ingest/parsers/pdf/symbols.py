"""Private-use characters of the Symbol and Wingdings fonts as Unicode characters. Pure.

A symbol font has no letters; its codes 32 to 255 are kept at U+F020 to U+F0FF.
"""

from __future__ import annotations

import re

CODED = re.compile("[\uf020-\uf0ff]")

_NOT_NAMED = re.compile("[^a-z0-9]")
_BASE = 0xF000
# Adobe's Symbol encoding.
_LOW = " !∀#∃%&∋()∗+−−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
_SYMBOL = dict(enumerate(_LOW, _BASE + 0x20)) | dict(enumerate(_HIGH, _BASE + 0xA0))
_WINGDINGS = {
    _BASE + code: mark
    for code, mark in {
        0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x78: "☒",
        0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
        0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    }.items()
}  # fmt: skip
_WINGDINGS_2 = {
    _BASE + code: mark
    for code, mark in {0x20: " ", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"}.items()
}


def in_unicode(text: str, font: str) -> str:
    """The text, private codes of a symbol font as the characters they stand for; others stay."""
    name = _NOT_NAMED.sub("", font.lower())
    if "wingdings2" in name:
        return text.translate(_WINGDINGS_2)
    if "wingdings" in name:
        return text.translate(_WINGDINGS)
    return text.translate(_SYMBOL) if "symbol" in name else text
