"""Column headers of financial tables, found in the text of a page without help from Footnote's own reading of tables.

Such tables head their columns with periods: `September 30, 2023 2022`. That is enough to tell whether a row that was
found comes with the period it is about.
"""

from __future__ import annotations

import re

from benchmarks.retrieval.figures import tokens_of

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b\.?", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE_WORDS = re.compile(rf"{_MONTH.pattern}(?:\s*\d{{1,2}}\b,?)?|{_YEAR.pattern}|\bQ[1-4]\b", re.IGNORECASE)
_MOST_OTHER_WORDS = 8
_MOST_LINES_ABOVE = 60


def is_row(line: str) -> bool:
    """Whether a line is a row of a table: it ends in two or more amounts, with few words before them."""
    cells = re.search(r"(?:[\s|]*[$(−-]*\s?(?:\d[\d,.]*|—)\s?[%)]*){2,}[\s|]*$", line)
    return cells is not None and len(line[: cells.start()].split()) <= 14 and any(tokens_of(cells[0]))


def header_above(page_text: str, start: int) -> tuple[str, ...]:
    """The months and years that head the columns of the row at `start`; empty when its page names none above it."""
    found: list[str] = []
    for line in reversed(page_text[:start].splitlines()[-_MOST_LINES_ABOVE:]):
        if not line.strip(" |-"):
            continue
        periods = _periods(line) if _is_header(line) else ()
        if found and not periods:
            break
        found.extend(periods)
    return tuple(dict.fromkeys(found)) if any(_YEAR.fullmatch(word) for word in found) else ()


def states_header(header: tuple[str, ...], text: str) -> bool:
    """Whether a text names every period of a header."""
    return set(header) <= set(_periods(text))


def _is_header(line: str) -> bool:
    """Periods, no amounts, and few other words, such as `(In millions)` or `Three Months Ended`."""
    rest = _DATE_WORDS.sub(" ", line)
    return bool(_DATE_WORDS.search(line)) and not re.search(r"\d", rest) and len(rest.split()) <= _MOST_OTHER_WORDS


def _periods(text: str) -> tuple[str, ...]:
    months = [match[1].lower() for match in _MONTH.finditer(text)]
    return (*dict.fromkeys(months), *dict.fromkeys(_YEAR.findall(text)))
