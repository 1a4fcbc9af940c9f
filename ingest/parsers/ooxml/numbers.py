"""Numbers as a spreadsheet shows them."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

from ingest.parsers.common import one_line

_LITERALS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]')
_PLAIN = re.compile(
    r"(?P<before>[^0#?.,%/]*)(?P<whole>[#0?,]*[#0?])(?:\.(?P<decimals>[0#?]+))?(?P<thousandths>,*)(?P<percent> *%)?"
    r"(?P<after>[^0#?.,%/]*)"
)
_SCIENTIFIC = re.compile(r"[0#?][eE][-+]")
_PLACES = "0#?"
_MEANT = "0#?.,%/eE"
_SET_ASIDE = str.maketrans(_MEANT, "".join(chr(0xE000 + number) for number in range(len(_MEANT))))
_BACK = {meanwhile: sign for sign, meanwhile in _SET_ASIDE.items()}
_TEMPLATE = re.compile(r"[^0#?.,%/eE]*[0#?]+(?:[-/ ():]+[0#?]+)+[^0#?.,%/eE]*")
_LARGEST, _HIGHEST = 1e15, 1e21
_EXACT = Context(prec=400)  # for numbers of 15 digits with as many decimals as a format can ask for
_SIGNS = " ()-+"


def format_number(value: float, code: str) -> str:
    """A number under an Excel number format: decimals, thousands, leading zeros, per cent and units; under any other
    format it is shown plain, with at most 15 digits.

    `format_number(0.125, "0.0%")` is `12.5%`.
    """
    return _shown(value, _LITERALS.sub(_literal, _section(value, code))).translate(_BACK)


def _shown(value: float, section: str) -> str:
    if 0 <= value < _LARGEST and float(value).is_integer() and _TEMPLATE.fullmatch(section):
        return _in_places(int(value), section)
    shown = _PLAIN.fullmatch(section)
    if shown is None or shown["thousandths"] or _SCIENTIFIC.search(section) or not abs(value) < _HIGHEST:
        return _general(value)
    text = _digits(value, shown["whole"], shown["decimals"] or "", percent=bool(shown["percent"]))
    sign = "-" if value < 0 and text.strip("0.,") else ""
    before, after = (shown[side].translate(_BACK).strip(_SIGNS) for side in ("before", "after"))
    text = (
        f"{before}{' ' if before[-1:].isalnum() or before.endswith('.') else ''}{text}{'%' if shown['percent'] else ''}"
    )
    return f"{sign}{text} {after}" if after else f"{sign}{text}"


def format_value(text: str, code: str) -> str:
    """A number that a chart holds as text, under its format; any other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return one_line(text)
    whole = int(number) if math.isfinite(number) and number.is_integer() and abs(number) < _LARGEST else number
    return format_number(whole, code)


def _in_places(value: int, section: str) -> str:
    """A whole number whose digits stand in the places of a format such as `000-0000`, from the right."""
    digits = list(str(value))
    shown: list[str] = []
    places = sum(sign in _PLACES for sign in section)
    for sign in reversed(section):
        if sign not in _PLACES:
            shown.append(sign)
            continue
        places -= 1
        if places == 0:
            shown.extend(reversed(digits))
            shown.append("" if digits or sign != "0" else "0")
        elif digits:
            shown.append(digits.pop())
        elif sign == "0":
            shown.append("0")
    return "".join(reversed(shown)).strip(" -/")


def _digits(value: float, whole: str, decimals: str, *, percent: bool) -> str:
    exact = _EXACT.multiply(abs(Decimal(str(value))), Decimal(100 if percent else 1))
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _EXACT)
    before, _, after = f"{rounded:{',' if ',' in whole else ''}f}".partition(".")
    after = after[: decimals.count("0")] + after[decimals.count("0") :].rstrip("0")
    return before.rjust(whole.count("0"), "0") + (f".{after}" if after else "")


def _section(value: float, code: str) -> str:
    """The part of a format for this number: for positive ones, for negative ones, for zero."""
    sections = code.split(";")
    if value < 0 and len(sections) > 1 and sections[1].strip():
        return sections[1]
    if value == 0 and re.search("[0#?]", "".join(sections[2:3])):
        return sections[2]
    return sections[0]


def _literal(match: re.Match[str]) -> str:
    """What a format shows as it is; signs that would mean a digit are written as others meanwhile."""
    return (match[1] or match[2] or match[3] or "").translate(_SET_ASIDE)


def _general(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"{value:.15g}"
    return text if "e" in text else text.removesuffix(".0")
