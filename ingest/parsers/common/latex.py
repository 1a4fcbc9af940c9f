"""LaTeX formulas in a text as plain text: `$10^{6}$` becomes `10⁶`."""

from __future__ import annotations

import re

from ingest.parsers.common.cleaning import one_line
from ingest.parsers.common.raised import lowered, raised

_FORMULA = re.compile(
    r"(?<![\\$\w])(?P<mark>\${1,2})(?=\S)(?P<formula>[^$\n]*[\\^_][^$\n]*)(?<=\S)(?P=mark)(?!\d)|\\\((?P<round>[^\n]+?)\\\)"
)
_SYMBOLS = {
    r"\times": "×", r"\cdot": "·", r"\pm": "±", r"\leq": "≤", r"\geq": "≥", r"\le": "≤", r"\ge": "≥", r"\neq": "≠",
    r"\approx": "≈", r"\circ": "°", r"\mu": "µ", r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ",
    r"\lambda": "λ", r"\pi": "π", r"\sigma": "σ", r"\Delta": "Δ", r"\Omega": "Ω", r"\%": "%", r"\,": " ", r"\;": " ",
}  # fmt: skip
_SYMBOL = re.compile("|".join(rf"{re.escape(name)}(?![a-zA-Z])" for name in sorted(_SYMBOLS, key=len, reverse=True)))
_GROUP = re.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|mbox)\{([^{}]*)\}")
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_SCRIPT = re.compile(r"(?P<kind>[\^_])(?:\{(?P<group>[^{}]*)\}|(?P<sign>\w))")


def written_formulas(text: str) -> str:
    """A text whose formulas, between dollar signs or `\\(` and `\\)`, are plain; one that holds more than is known here
    stays as it was."""
    if "$" not in text and "\\(" not in text:
        return text
    return _FORMULA.sub(lambda match: _formula(match["formula"] or match["round"], match[0]), text)


def _formula(formula: str, as_it_was: str) -> str:
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match[0]], _GROUP.sub(r"\1", formula))
    text = _FRACTION.sub(lambda match: f"{_grouped(match[1])}/{_grouped(match[2])}", text)
    text = _SCRIPT.sub(_latex_script, text)
    return as_it_was if re.search(r"[\\{}]", text) else one_line(text)


def _latex_script(match: re.Match[str]) -> str:
    run, before = match["group"] if match["group"] is not None else match["sign"], match.string[: match.start()][-12:]
    return raised(run, before) if match["kind"] == "^" else lowered(run, before)


def _grouped(text: str) -> str:
    return text if text.strip().isalnum() else f"({text.strip()})"
