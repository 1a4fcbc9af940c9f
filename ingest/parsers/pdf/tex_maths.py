"""Characters of TeX's mathematical fonts, which a PDF often identifies only by their code. Pure.

`≠` is set as a stroke at the place of `6` and an equals sign, `↦` as a bar at the place of `7` and an arrow, `⩽` stands
at the place of `6` of another font: read by place, `a ≠ b` says `a 6= b`. Capitals of these fonts are letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_FAMILY = re.compile(r"(?:^|\+)(CM(?:B?SY|EX)|MS[AB]M|EUEX|LMMath(?:Symbols|Extension))\d*")
_PLACES = 128
# Row by row of 16; a full stop where a place is empty or its character says itself.
_SYMBOLS = (
    "−·×∗÷⋄±∓⊕⊖⊗⊘⊙◯∘•" "≍≡⊆⊇≤≥⪯⪰∼≈⊂⊃≪≫≺≻" "←→↑↓↔↗↘≃⇐⇒⇑⇓⇔↖↙∝" "′∞∈∋△▽\u0338↦∀∃¬∅ℜℑ⊤⊥"
    "ℵ..............." "...........∪∩⊎∧∨" "⊢⊣⌊⌋⌈⌉{}⟨⟩|‖↕⇕\\≀" "√⨿∇∫⊔⊓⊑⊒§†‡¶♣♢♡♠"
)  # fmt: skip
_LARGE = (
    "()[]⌊⌋⌈⌉{}⟨⟩|‖/\\" "()()[]⌊⌋⌈⌉{}⟨⟩/\\" "()[]⌊⌋⌈⌉{}⟨⟩/\\/\\" "⎛⎞⎡⎤⎣⎦⎢⎥⎧⎫⎩⎭⎨⎬⎪⏐"
    "⎝⎠⎜⎟⟨⟩⨆⨆∮∮⨀⨀⨁⨁⨂⨂" "∑∏∫⋃⋂⨄⋀⋁∑∏∫⋃⋂⨄⋀⋁" "∐∐^^^~~~[]⌊⌋⌈⌉{}" "√√√√√⎷⎷⇕↑↓⎧⎩⎫⎭⇑⇓"
)  # fmt: skip
_AMS_A = (
    "⊡⊞⊠□■·◊⧫↻↺⇌⇋⊟⊩⊪⊨" "↠↞⇇⇉⇈⇊↾⇂↿⇃↣↢⇆⇄↰↱" "⇝↭↫↬≗≿≳⪆⊸∴∵≑≜≾≲⪅" "⪕⪖⋞⋟≼≦⩽≶‵—≓≒≽≧⩾≷"
    "⊏⊐⊳⊲⊵⊴★≬▼▶◀→←△▲▽" "≖⋚⋛⪋⪌¥⇛⇚✓⊻⊼⩞∠∡∢∝" "⌣⌢⋐⋑⋓⋒⋏⋎⋋⋌⫅⫆≏≎⋘⋙" "⌜⌝®Ⓢ⋔∔∽⋍⌞⌟✠∁⊺⊚⊛⊝"
)  # fmt: skip
_AMS_B = (
    "≨≩≰≱≮≯⊀⊁≨≩≰≱⪇⪈⋠⋡" "⋨⋩⋦⋧≰≱⪵⪶⪹⪺⪉⪊≁≇╱╲" "⊊⊋⊈⊉⫋⫌⫋⫌⊊⊋⊈⊉∦∤∤∦" "⊬⊮⊭⊯⋭⋬⋪⋫↚↛⇍⇏⇎↮⋇∅"
    "∄..............." "...........Ⅎ⅁^^~" "~.....℧ð≂ℶℷℸ⋖⋗⋉⋊" "∣∥∖∼≈≊⪸⪷↶↷ϝϰ𝕜ℏℏ∍"
)  # fmt: skip
_SAYS_ITSELF = frozenset("|{}\\*~-")  # by their names, at whatever place
_STRUCK = re.compile("\u0338(\\S)")
_MAPS_TO = re.compile("↦(?:→|−→)")


def _table(places: str, kept: frozenset[str]) -> dict[int, str]:
    """The characters by their codes, but for white space, which is that of the line."""
    assert len(places) == _PLACES
    held = ((code, one) for code, one in enumerate(places) if one != ".")
    return {code: one for code, one in held if not chr(code).isspace() and chr(code) not in kept}


_TABLES: Mapping[str, Mapping[int, str]] = {
    "SY": _table(_SYMBOLS, _SAYS_ITSELF),
    "EX": _table(_LARGE, frozenset()),
    "SAM": _table(_AMS_A, frozenset()),
    "SBM": _table(_AMS_B, frozenset()),
}


@cache
def maths_of(font: str) -> Mapping[int, str] | None:
    """What the places of a font of mathematics hold, by code; None for any other font."""
    found = _FAMILY.search(font)
    if not found:
        return None
    name = found[1]
    if name.startswith("LMMath"):
        return _TABLES["SY" if name.endswith("Symbols") else "EX"]
    return _TABLES[name[1:] if name.startswith("MS") else name[-2:]]


def put_together(text: str) -> str:
    """Signs that TeX sets as two, one over the other, as the one they show: a stroke and `=` as `≠`."""
    text = _STRUCK.sub(lambda found: unicodedata.normalize("NFC", found[1] + "\u0338"), text)
    return _MAPS_TO.sub("↦", text)
