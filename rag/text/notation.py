r"""What language models write for the eye as plain text: LaTeX, `\( \frac{1{,}200}{4} \)`, and emphasis, `= **300**`.

Only commands of arithmetic and of setting are known. What has others stays as it was, so that nothing is read into it.
"""

from __future__ import annotations

import re

_LATEX = re.compile(r"\\(?:[A-Za-z]{2,}|[(\[$%,])|\$\$")
_MATHS = re.compile(r"\$\$|(?<!\\)\$(?=[^$\n]*\\[A-Za-z]{2})(?P<formula>(?:\\\$|[^$\n])+)(?<!\\)\$(?!\w)")
_THIN_SPACE = re.compile(r"(?<=\d)(?:\\[,!;]|\{,\}(?:\\!)?|,\\!)(?=\d{3}(?!\d))")
_PIECE = re.compile(r"\\(?P<name>[A-Za-z]+)\*?[ \t]*|\\(?P<sign>.)|(?P<brace>[{}])|(?P<other>[^\\{}]+|\\$)", re.DOTALL)
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
_SET = frozenset(
    "text textbf textit textrm textsf texttt mathrm mathbf mathit mathsf operatorname mbox boxed bm emph".split()
)
_DROPPED = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits quad qquad nonumber".split()
)
_SYMBOLS = {
    "times": "×", "cdot": "×", "ast": "*", "div": "÷", "approx": "≈", "simeq": "≈", "cong": "≈", "sim": "~", "pm": "±",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "neq": "≠", "ne": "≠", "dollar": "$", "lbrack": "[", "rbrack": "]",
}  # fmt: skip
_SIGNS = {"(": "", ")": "", "[": "", "]": "", ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\\": "\n", "\n": " "}
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:equation|align|aligned|gather|gathered|split|math|displaymath)\*?\}")
_ALIGNED = re.compile(r"&(?=\s*[=≈\\])")
_SPACES = re.compile(r"[ \t]{2,}")
_WORKED = re.compile(r"[-+*/×÷−–=≈]")
_EMPHASIS = re.compile(
    r"(?<![\w)*`])(?:(\*{1,3})(?=[^\s*])(?P<set>[^*\n]*?[^\s*])\1|`(?P<code>[$€£(]?\d[^`\n]*)`)(?![\w(*`])"
)
_CURRENCY_SIGNS = {"EUR": "€", "USD": "US$", "GBP": "£", "JPY": "¥"}
_CODES = "|".join(_CURRENCY_SIGNS)
_CODE_BEFORE = re.compile(rf"\b(?P<code>{_CODES})\s?(?=\(?[-−–]?\d)")
_CODE_AFTER = re.compile(
    rf"(?<![\w.,$€£¥])(?<!(?:{_CODES})\s)(?P<amount>\d[\d.,]*(?:\s(?:thousand|million|billion|mn|bn|m))?)\s(?P<code>{_CODES})\b"
    r"(?!\s?\(?[-−–]?\d)"
)
_MOST_DEPTH = 20


class _Unknown(ValueError):
    """LaTeX that says more than is known here."""


def plain_notation(text: str) -> str:
    """A text without LaTeX and emphasis, and with signs for currencies; what has unknown commands keeps its LaTeX."""
    return with_currency_signs(_EMPHASIS.sub(lambda match: match["set"] or match["code"], without_latex(text)))


def with_currency_signs(text: str) -> str:
    """A text in which the codes of a few currencies are signs before their amounts: `EUR 5`, `5 million EUR`."""
    text = _CODE_AFTER.sub(lambda match: f"{_CURRENCY_SIGNS[match['code']]}{match['amount']}", text)
    return _CODE_BEFORE.sub(lambda match: _CURRENCY_SIGNS[match["code"]], text)


def without_latex(text: str) -> str:
    r"""A text whose LaTeX is plain: `\frac{a}{b}` is `(a / b)`; one with unknown commands as it was."""
    if _LATEX.search(text) is None:
        return text
    bare = _ALIGNED.sub("", _ENVIRONMENT.sub(" ", _THIN_SPACE.sub(",", text)))
    bare = _MATHS.sub(lambda match: match["formula"] or "", bare)
    try:
        return _SPACES.sub(" ", _plain(list(_PIECE.finditer(bare)))).strip()
    except _Unknown:
        return text


def _plain(pieces: list[re.Match[str]]) -> str:
    pieces.reverse()
    return _until(pieces, closes=False, depth=0)


def _until(pieces: list[re.Match[str]], *, closes: bool, depth: int) -> str:
    """What stands before the brace that closes a group, or before the end; `pieces` are those left, last first."""
    if depth > _MOST_DEPTH:
        raise _Unknown
    said: list[str] = []
    while pieces:
        piece = pieces.pop()
        if piece["brace"] == "}":
            if closes:
                return "".join(said)
            raise _Unknown
        raised = piece["brace"] == "{" and said and said[-1].rstrip().endswith("^")
        part = _said(piece, pieces, depth)
        said.append(f"({part})" if raised else part)
    if closes:
        raise _Unknown
    return "".join(said)


def _said(piece: re.Match[str], pieces: list[re.Match[str]], depth: int) -> str:
    """What one piece says, with the groups that belong to it."""
    name = piece["name"]
    if piece["brace"]:
        return _until(pieces, closes=True, depth=depth + 1)
    if name is None:
        return piece["other"] if piece["sign"] is None else _SIGNS.get(piece["sign"], piece["sign"])
    if name in _FRACTIONS:
        over, under = _group(pieces, depth), _group(pieces, depth)
        return f"({_grouped(over.strip())} / {_grouped(under.strip())})"
    if name in _SET:
        return _group(pieces, depth)
    if name in _SYMBOLS:
        return f" {_SYMBOLS[name]} "
    if name in _DROPPED:
        return ""
    raise _Unknown


def _group(pieces: list[re.Match[str]], depth: int) -> str:
    if not pieces or pieces.pop()["brace"] != "{":
        raise _Unknown
    return _until(pieces, closes=True, depth=depth + 1)


def _grouped(text: str) -> str:
    return f"({text})" if _WORKED.search(text) else text
