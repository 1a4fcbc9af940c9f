"""The lines of financial statements that the usual ratios are worked out from. English only.

The definitions are those of textbooks on financial statement analysis; a company's own may differ, so the formula and
its operands are shown beside a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.text.words import content_stems

_REVENUE, _COST, _ASSETS = "revenue", "cost of sales", "total assets"
_LIQUID = ("cash and cash equivalents", "short-term investments", "marketable securities", "accounts receivable")
_RATIOS: Mapping[str, tuple[str, ...]] = {
    r"quick ratios?|acid[- ]test(?: ratio)?": (
        *_LIQUID,
        "inventories",
        "prepaid expenses",
        "total current assets",
        "total current liabilities",
    ),
    r"quick assets": (*_LIQUID, "inventories", "total current assets"),
    r"current ratios?|working capital": ("total current assets", "total current liabilities"),
    r"cash ratios?": (*_LIQUID[:3], "total current liabilities"),
    r"operating (?:profit |income )?margins?": ("operating income", _REVENUE),
    r"gross (?:profit )?margins?(?: percentages?)?": ("gross profit", "gross margin", _REVENUE, _COST),
    r"gross profits?(?! (?:margin|percent|%))": (_REVENUE, _COST),
    r"(?:net|profit) (?:profit |income )?margins?": ("net income", _REVENUE),
    r"(?:days payables? outstanding|DPO)": ("accounts payable", _COST, "inventories", "change in inventories"),
    r"(?:days sales outstanding|DSO)": ("accounts receivable", _REVENUE),
    r"(?:days inventory outstanding|DIO)": ("inventories", _COST),
    r"inventory turnover": (_COST, "inventories"),
    r"(?:cash conversion cycle|CCC)": ("inventories", "accounts receivable", "accounts payable", _COST, _REVENUE),
    r"(?:net )?fixed[- ]assets? turnover": (_REVENUE, "property and equipment"),
    r"(?:total )?assets? turnover": (_REVENUE, _ASSETS),
    r"(?:receivables? turnover)": ("accounts receivable", _REVENUE),
    r"(?:effective )?(?:income )?tax rates?": ("income tax expense", "income before income taxes"),
    r"(?:return on (?:total )?assets|ROA)": ("net income", _ASSETS),
    r"(?:return on (?:shareholders['’]? )?equity|ROE)": ("net income", "shareholders equity"),
    r"EBITDA(?: margins?)?": ("operating income", "depreciation amortization", _REVENUE),
    r"interest coverage(?: ratio)?": ("operating income", "interest expense", "depreciation amortization"),
    r"(?:debt[- ]to[- ]equity|D/E)(?: ratio)?": (
        "total debt",
        "long-term debt",
        "total liabilities",
        "shareholders equity",
    ),
    r"(?:dividend )?payout ratio|retention ratio": ("dividends paid", "net income"),
    r"free cash flows?|FCF": ("cash from operating activities", "capital expenditures"),
    r"capital[- ]intens\w+|cap\w* intensity": (
        "capital expenditures",
        _REVENUE,
        _ASSETS,
        "property and equipment",
        "net income",
    ),
}
_DIFFERENCES = re.compile(
    r"\b(?:free cash flows?|FCF|working capital(?! ratio)|gross profits?(?! margin))\b(?! (?:/|÷|divided by))",
    re.IGNORECASE,
)
_AROUND = "average total net change days ratio turnover cycle percentage calculation formula result year step"
_PATTERNS = tuple((re.compile(rf"\b(?:{names})(?!\w)", re.IGNORECASE), items) for names, items in _RATIOS.items())


def names_of_ratios(text: str) -> frozenset[str]:
    """The stems of the ratios that a text names, and of the words around such names: *average*, *days*, *ratio*."""
    found = (match[0] for pattern, _ in _PATTERNS for match in pattern.finditer(text))
    return frozenset(content_stems(" ".join((*found, _AROUND))))


def ratios_in(text: str) -> frozenset[int]:
    """The ratios that a text names, each by its number."""
    return frozenset(at for at, (pattern, _) in enumerate(_PATTERNS) if pattern.search(text))


def is_difference(text: str) -> bool:
    """Whether a text names a measure that one line less another is, and no ratio of them."""
    return _DIFFERENCES.search(text) is not None


def lines_of_ratios(text: str) -> str:
    """The line items that the ratios named in a text are worked out from, as `with_line_items` names them."""
    return "\n".join(item for pattern, items in _PATTERNS if pattern.search(text) for item in items)
