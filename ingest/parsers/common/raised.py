"""Superscripts and subscripts as plain text that keeps their meaning: `10⁶`, `H₂O`, `25¹ euros`, `1st`.

Plain text has one line only: a raised digit set down beside a number would become a part of it.
"""

from __future__ import annotations

import re

_RAISED_LETTERS = dict(
    zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
) | dict(zip("ABDEGHIJKLMNOPRTUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", strict=True))  # fmt: skip
_RAISED_SIGNS = dict(zip("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾", strict=True))
_LOWERED_LETTERS = dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_LOWERED_SIGNS = dict(zip("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True))
_RAISED, _LOWERED = str.maketrans(_RAISED_SIGNS | _RAISED_LETTERS), str.maketrans(_LOWERED_SIGNS | _LOWERED_LETTERS)
_HAS_RAISED = frozenset([*_RAISED_SIGNS, *_RAISED_LETTERS, *_RAISED_SIGNS.values(), *_RAISED_LETTERS.values()])
_HAS_LOWERED = frozenset([*_LOWERED_SIGNS, *_LOWERED_LETTERS, *_LOWERED_SIGNS.values(), *_LOWERED_LETTERS.values()])
_LIST_MARKS = frozenset(", ")  # of several footnotes: `1, 2`

_ORDINALS = re.compile(r"st|nd|rd|th|e|er|re|ère|ème|nde|de|te|ter|tes|sten?", re.IGNORECASE)
_SHORTENED = re.compile(r"e|er|re|ère|ème|r|me|mes|lle|lles|gr|os?")  # `Mme`, `Dr`, `XXe`
_CAPITALS = re.compile(r"(?:^|[^\w])(?:[A-Z]|[IVXLC]{2,}|n|N)$")
_TRADE = {"tm": "™", "sm": "℠", "r": "®", "(tm)": "™", "(r)": "®", "(c)": "©"}
_WORD = re.compile(r"[^\W\d_]{2,}")
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_TEMPERATURE = re.compile(r"\s?[CF]\b")
_OUTER_SPACE = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


def raised(run: str, before: str = "", after: str = "") -> str:
    """A raised run as it is written between the texts `before` and `after` it.

    Digits, signs and single letters become raised characters. Ordinals (`1st`), shortened words (`Mme`) and trademarks
    are written as people write them, marks of footnotes such as `*` and `†` stay as they are, and `[1]` is set apart.
    What has no raised form becomes `^(…)` where it would join a number. No run ever adds a digit to a number before it.
    """
    left, inner, right = _parts(run)
    beside = "" if left else before
    return left + (_raised(inner, beside, right or after) if inner else "") + right


def lowered(run: str, before: str = "") -> str:
    """A lowered run as it is written after the text `before` it: `H₂O`, `log₁₀`, `V_max`."""
    left, inner, right = _parts(run)
    beside = (before[-1:] if not left else "").strip()
    if not inner:
        return left + right
    if _HAS_LOWERED.issuperset(inner) and _WORD.search(inner) is None:
        return left + inner.translate(_LOWERED) + right
    if not beside or not beside.isalnum():
        return left + inner + right
    return left + (f"_{inner}" if inner.isalpha() else f"_({inner})") + right


def _parts(run: str) -> tuple[str, str, str]:
    """The space before a run, the run, the space after it."""
    match = _OUTER_SPACE.fullmatch(run)
    return (match[1], match[2], match[3]) if match else ("", run, "")


def _raised(run: str, before: str, after: str) -> str:
    plain = _as_written(run, before, after)
    if plain:
        return plain
    if _BRACKETED.fullmatch(run):
        return f" {run}" if before and not before[-1].isspace() else run
    if not any(character.isalnum() for character in run) and not _HAS_RAISED.issuperset(run):
        return run
    if _HAS_RAISED.union(_LIST_MARKS).issuperset(run) and _WORD.search(run) is None:
        return run.translate(_RAISED)
    if all(character.isdigit() and not character.isdecimal() for character in run):  # circled ones
        return run
    return _apart(run, before)


def _as_written(run: str, before: str, after: str) -> str:
    """Raised endings of numbers and words, and signs that are always raised; empty where a run is none of these."""
    if before[-1:].isdecimal() and (_ORDINALS.fullmatch(run) or run in "°º′″"):
        return run
    if _CAPITALS.search(before[-8:]) and _SHORTENED.fullmatch(run):
        return run
    if before[-1:].isdecimal() and run in ("o", "0") and _TEMPERATURE.match(after):
        return "°"
    return _TRADE.get(run.lower(), "") if before[-1:].isalpha() and run not in ("r", "R") else ""


def _apart(run: str, before: str) -> str:
    """A run that has no raised form: an exponent after a number or in a formula, else words beside words."""
    beside = before[-1:]
    if not beside or beside.isspace():
        return run
    if beside.isdecimal() or (beside.isalnum() and any(not (c.isalpha() or c.isspace()) for c in run)):
        return f"^({run})"
    return f" {run}"
