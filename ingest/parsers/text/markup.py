"""Marks in Markdown that change what the words mean: struck text goes, raised and lowered characters are such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.parsers.common import lowered, one_line, quoted, raised

_CODE = re.compile(
    r"^(?P<fence>[ \t]{0,3}(?:`{3,}|~{3,}))[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).){1,2000}?(?<!`)(?P=ticks)(?!`)"
    r"|^(?: {4}|\t)(?![ \t]*(?:[-*+]|\d{1,3}[.)])[ \t])[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_INNER = r"(?:(?!{0}|\n[ \t]*\n).){{1,5000}}?"
_STRUCK = re.compile(
    rf"~~(?=\S)(?P<tildes>{_INNER.format('~~')})(?<=\S)~~|<(?P<tag>del|s|strike)\b[^>]*>(?P<tagged>{_INNER.format('</')})</(?P=tag)>",
    re.DOTALL | re.IGNORECASE,
)
_ITEM_LEFT = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])?[ \t]*\x00[ \t]*\n?", re.MULTILINE)
_TAGGED = re.compile(r"<(?P<tag>sup|sub)\b[^>]*>(?P<run>[^<\n]*)</(?P=tag)>", re.IGNORECASE)
_CARETS = re.compile(r"(?<=\w)\^(?P<run>[^\s^\[\]]{1,20})\^(?!\^)")
_TILDES = re.compile(r"(?<=\w)(?<!~)~(?P<run>[^\s~]{1,10})~(?!~)")
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


def without_markup(text: str) -> tuple[str, list[str]]:
    """A Markdown text whose words alone say what it shows, and what was left out, for the receipt. Code stays."""
    struck: list[str] = []
    parts = [part if is_code else _written(part, struck) for part, is_code in _cut_at_code(text)]
    return "".join(parts), [f"{len(struck)} struck passage(s): {quoted(struck)}"] if struck else []


def _cut_at_code(text: str) -> Iterator[tuple[str, bool]]:
    done = 0
    for code in _CODE.finditer(text):
        yield text[done : code.start()], False
        yield code[0], True
        done = code.end()
    yield text[done:], False


def _written(text: str, struck: list[str]) -> str:
    if not any(mark in text for mark in "~<^$\\"):
        return text

    def left_out(match: re.Match[str]) -> str:
        struck.append(one_line(match["tildes"] or match["tagged"]))
        return "\x00"

    text = _STRUCK.sub(left_out, text)
    text = _ITEM_LEFT.sub("", text).replace("\x00 ", "").replace(" \x00", "").replace("\x00", "")
    text = _FORMULA.sub(lambda match: _formula(match["formula"] or match["round"], match[0]), text)
    for pattern in (_TAGGED, _CARETS, _TILDES):
        text = pattern.sub(_script, text)
    return text


def _script(match: re.Match[str]) -> str:
    """A run between marks, as raised or lowered text."""
    before, after = match.string[: match.start()][-12:], match.string[match.end() :][:12]
    lowers = (match.groupdict().get("tag") or match[0][0]).lower() in ("sub", "~")
    return lowered(match["run"], before) if lowers else raised(match["run"], before, after)


def _formula(formula: str, as_it_was: str) -> str:
    """A formula in LaTeX as plain text; one that holds more than is known here stays as it was."""
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match[0]], _GROUP.sub(r"\1", formula))
    text = _FRACTION.sub(lambda match: f"{_grouped(match[1])}/{_grouped(match[2])}", text)
    text = _SCRIPT.sub(_latex_script, text)
    return as_it_was if re.search(r"[\\{}]", text) else one_line(text)


def _latex_script(match: re.Match[str]) -> str:
    run, before = match["group"] if match["group"] is not None else match["sign"], match.string[: match.start()][-12:]
    return raised(run, before) if match["kind"] == "^" else lowered(run, before)


def _grouped(text: str) -> str:
    return text if text.strip().isalnum() else f"({text.strip()})"
