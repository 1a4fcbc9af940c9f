"""Formulas of Office files (OMML) on one line: `x^2`, `(a + b)/(2c)`, `√(x)`, `∑_(i=1)^n x_i`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from ingest.parsers.ooxml.xml import Element, attribute, child, full, short, words_of

_PROPERTIES = "Pr"
_SINGLE = re.compile(r"[\w.,′″∞]+|\([^()]*\)|\[[^\[\]]*\]")
_FACTOR_BEFORE, _FACTOR_AFTER = re.compile(r"[\w)\]]$"), re.compile(r"[\w(\[√∛∜∑∏∫]")
_ROOTS = {"3": "∛", "4": "∜"}
_ABOVE_AND_BELOW = {"m:limLow": "_", "m:limUpp": "^"}


def formula_text(element: Element) -> str:
    """A formula, or a part of one, as text on one line."""
    name = short(element)
    if name == "m:r":
        return "".join(words_of(element, "m:t"))
    if name in _FORMS:
        return _FORMS[name](element)
    if name.endswith(_PROPERTIES):
        return ""
    return _beside_each_other(list(element))


def _beside_each_other(parts: Sequence[Element]) -> str:
    """Parts of a formula one after the other: a fraction among factors is set in parentheses, and what ends with an
    index or a power never joins what comes after it."""
    texts = [(part, text) for part in parts if (text := formula_text(part))]
    line = ""
    for index, (part, text) in enumerate(texts):
        after = texts[index + 1][1] if index + 1 < len(texts) else ""
        kind = short(part)
        if kind == "m:f" and (_FACTOR_BEFORE.search(line) or _FACTOR_AFTER.match(after)):
            line += f"({text})"
        else:
            line += text
        if kind != "m:r" and kind in _FORMS and line[-1:].isalnum() and after[:1].isalnum():
            line += " "
    return line


def _part(element: Element, name: str) -> str:
    found = child(element, name)
    return "" if found is None else formula_text(found).strip()


def _setting(element: Element, properties: str, name: str, default: str = "") -> str:
    found = child(element, properties, name)
    return default if found is None else attribute(found, "m:val")


def _grouped(text: str) -> str:
    """In parentheses, unless it is one number, name or group by itself."""
    return text if _SINGLE.fullmatch(text) else f"({text})"


def _fraction(element: Element) -> str:
    above, below = _part(element, "m:num"), _part(element, "m:den")
    if _setting(element, "m:fPr", "m:type") == "noBar":
        return f"({above} over {below})"
    return f"{_grouped(above)}/{_grouped(below)}"


def _scripts(element: Element) -> str:
    base = _part(element, "m:e")
    beside = base if not base or _SINGLE.fullmatch(base) or short(element) == "m:sSub" else f"({base})"
    lower, upper = _part(element, "m:sub"), _part(element, "m:sup")
    marks = (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "")
    return f"{marks}{beside}" if short(element) == "m:sPre" else f"{beside}{marks}"


def _radical(element: Element) -> str:
    degree, base = _part(element, "m:deg"), _part(element, "m:e")
    root = "√" if degree in ("", "2") else _ROOTS.get(degree, f"root_{_grouped(degree)}")
    return f"{root}({base})"


def _delimited(element: Element) -> str:
    begin, end = (_setting(element, "m:dPr", f"m:{side}Chr", default) for side, default in (("beg", "("), ("end", ")")))
    parts = [formula_text(part).strip() for part in element.findall(full("m:e"))]
    return begin + _setting(element, "m:dPr", "m:sepChr", "|").join(parts) + end


def _big_operator(element: Element) -> str:
    operator = _setting(element, "m:naryPr", "m:chr", "∫")
    lower, upper = _part(element, "m:sub"), _part(element, "m:sup")
    limits = (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "")
    return f"{operator}{limits} {_part(element, 'm:e')}"


def _function(element: Element) -> str:
    argument = _part(element, "m:e")
    return f"{_part(element, 'm:fName')}{argument if argument.startswith('(') else f' {argument}'}"


def _limit(element: Element) -> str:
    return f"{_part(element, 'm:e')}{_ABOVE_AND_BELOW[short(element)]}{_grouped(_part(element, 'm:lim'))}"


def _accented(element: Element) -> str:
    base = _part(element, "m:e")
    mark = "\u0304" if short(element) == "m:bar" else _setting(element, "m:accPr", "m:chr", "\u0302")
    if len(base) == 1 and unicodedata.combining(mark[:1] or " "):
        return base + mark
    return f"{unicodedata.name(mark[:1], 'accent').lower().removeprefix('combining ')}({base})" if mark else base


def _matrix(element: Element) -> str:
    rows = (", ".join(formula_text(cell).strip() for cell in row) for row in element.findall(full("m:mr")))
    return f"[{'; '.join(rows)}]"


def _lines(element: Element) -> str:
    return "; ".join(formula_text(line).strip() for line in element.findall(full("m:e")))


_FORMS: Mapping[str, Callable[[Element], str]] = {
    "m:acc": _accented,
    "m:bar": _accented,
    "m:d": _delimited,
    "m:eqArr": _lines,
    "m:f": _fraction,
    "m:func": _function,
    "m:limLow": _limit,
    "m:limUpp": _limit,
    "m:m": _matrix,
    "m:nary": _big_operator,
    "m:rad": _radical,
    "m:sPre": _scripts,
    "m:sSub": _scripts,
    "m:sSubSup": _scripts,
    "m:sSup": _scripts,
}
