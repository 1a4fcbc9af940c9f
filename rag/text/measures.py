"""The measures that financial statements are usually judged by, and the lines they are worked out from. English only.

The definitions are those of textbooks on financial statement analysis; a company's own may differ, so the formula and
its operands are shown beside a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rag.text.words import content_stems

_COST, _OPERATING, _INTEREST = "cost of sales", "operating income", "interest expense"
_REVENUE = ("revenue", "sales", "net operating revenues")
_NET, _ASSETS, _EQUITY = ("net income", "net loss"), "total assets", ("shareholders equity", "total equity")
_TAX, _BEFORE_TAX = ("income tax expense", "income taxes"), "income before income taxes"
_DEPRECIATION = ("depreciation amortization", "depreciation", "amortization")
_INVENTORIES = ("inventories", "merchandise inventories")
_RECEIVABLES, _PAYABLES, _FIXED = "accounts receivable", "accounts payable", "property and equipment"
_CURRENT_ASSETS, _CURRENT_LIABILITIES = "total current assets", "total current liabilities"
_CASH = ("cash and cash equivalents", "short-term investments", "marketable securities")
_QUICK = (*_CASH, _RECEIVABLES, *_INVENTORIES, "prepaid expenses", _CURRENT_ASSETS)
_EARNINGS = (_OPERATING, *_DEPRECIATION, *_NET, _INTEREST, *_TAX)
_DEBT = (
    "total debt",
    "long-term debt",
    "short-term debt",
    "short-term borrowings",
    "current portion of long-term debt",
    "commercial paper",
    "notes payable",
    "total liabilities",
)


Form = Literal["quotient", "difference", "sum", "cycle"]
Groups = tuple[tuple[str, ...], ...]
_ALONE: Mapping[str, Groups] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with the line items, as `with_line_items` names them, that it is worked out from.

    Of a quotient `first` stand over the line and `second` below it; of a difference `second` are subtracted from
    `first`; a sum has `first` alone, and a cycle both. A line in `only_with` is used only together
    with one of each of some groups.
    """

    names: re.Pattern[str]
    first: tuple[str, ...]
    second: tuple[str, ...]
    form: Form
    only_with: Mapping[str, Groups]

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.first, *self.second)


def _measure(
    names: str,
    first: tuple[str, ...],
    second: tuple[str, ...] = (),
    form: Form = "quotient",
    only_with: Mapping[str, Groups] = _ALONE,
) -> Measure:
    return Measure(re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE), first, second, form, only_with)


_WITHOUT_STOCK = {_CURRENT_ASSETS: (_INVENTORIES,), **dict.fromkeys(_INVENTORIES, ((_CURRENT_ASSETS,),))}
_FROM_NET_INCOME = dict.fromkeys(_NET, ((_INTEREST,), _TAX))
_MEASURES = (
    _measure(r"quick ratios?|acid[- ]test(?: ratio)?", _QUICK, (_CURRENT_LIABILITIES,), only_with=_WITHOUT_STOCK),
    _measure("quick assets", _QUICK, form="sum", only_with=_WITHOUT_STOCK),
    _measure("current ratios?|working capital ratios?", (_CURRENT_ASSETS,), (_CURRENT_LIABILITIES,)),
    _measure("working capital(?! ratio)", (_CURRENT_ASSETS,), (_CURRENT_LIABILITIES,), form="difference"),
    _measure("cash ratios?", _CASH, (_CURRENT_LIABILITIES,)),
    _measure("operating (?:profit |income )?margins?", (_OPERATING,), _REVENUE),
    _measure(
        "gross (?:profit )?margins?(?: percentages?)?", ("gross profit", "gross margin", *_REVENUE, _COST), _REVENUE
    ),
    _measure("gross profits?(?! (?:margin|percent|%))", _REVENUE, (_COST,), form="difference"),
    _measure("(?:net|profit) (?:profit |income )?margins?", _NET, _REVENUE),
    _measure("days payables? outstanding|DPO", (_PAYABLES,), (_COST, *_INVENTORIES, "change in inventories")),
    _measure("days sales outstanding|DSO", (_RECEIVABLES,), _REVENUE),
    _measure("days (?:of )?inventory(?: outstanding)?|DIO", _INVENTORIES, (_COST,)),
    _measure("inventory turnover", (_COST,), _INVENTORIES),
    _measure(
        "cash conversion cycle|CCC",
        (*_INVENTORIES, _RECEIVABLES, _PAYABLES),
        (_COST, *_REVENUE, "change in inventories"),
        form="cycle",
    ),
    _measure("(?:net )?fixed[- ]assets? turnover", _REVENUE, (_FIXED,)),
    _measure("(?<!fixed )(?<!fixed-)(?:total )?assets? turnover", _REVENUE, (_ASSETS,)),
    _measure("receivables? turnover", _REVENUE, (_RECEIVABLES,)),
    _measure("(?:effective )?(?:income )?tax rates?", _TAX, (_BEFORE_TAX,)),
    _measure("return on (?:total )?assets|ROA", _NET, (_ASSETS,)),
    _measure("return on (?:shareholders['’]? )?equity|ROE", _NET, _EQUITY),
    _measure("EBITDA(?! (?:%|margin|as a))", _EARNINGS, form="sum", only_with=_FROM_NET_INCOME),
    _measure("EBITDA (?:%|margins?|% margins?|as a)", _EARNINGS, _REVENUE, only_with=_FROM_NET_INCOME),
    _measure("total debt(?! to| ratio)", _DEBT[1:-1], form="sum"),
    _measure("book[- ]to[- ]bill(?: ratios?)?", ("order intake", "orders received", "new orders"), _REVENUE),
    _measure("equity ratio", _EQUITY, (_ASSETS,)),
    _measure(
        r"interest coverage(?: ratio)?|cover(?:s|ed)? (?:its )?interest(?: \w+)?",
        (_OPERATING, *_DEPRECIATION),
        (_INTEREST,),
    ),
    _measure("(?:debt[- ]to[- ]equity|D/E)(?: ratio)?", _DEBT, _EQUITY),
    _measure(
        "dividend payout(?: ratio)?|payout ratio|retention ratio",
        ("dividends paid", "dividends per share", *_NET),
        (*_NET, "earnings per share"),
    ),
    _measure(
        "(?:free cash flows?|FCF)(?! (?:margin|conversion|yield|per))",
        ("cash from operating activities",),
        ("capital expenditures",),
        form="difference",
    ),
    _measure(
        r"capital[- ]intens\w+|cap\w* intensity",
        ("capital expenditures", _ASSETS, _FIXED, *_NET, *_REVENUE),
        (*_REVENUE, _ASSETS),
    ),
)
_AROUND = "average total net change days ratio turnover cycle percentage calculation formula result year step"


def names_of_measures(text: str) -> frozenset[str]:
    """The stems of the measures that a text names, and of the words around such names: *average*, *days*, *ratio*."""
    found = (match[0] for measure in _MEASURES for match in measure.names.finditer(text))
    return frozenset(content_stems(" ".join((*found, _AROUND))))


def measures_in(text: str) -> list[Measure]:
    """The measures that a text names."""
    return [each for each in _MEASURES if each.names.search(text)]


def lines_of_measures(text: str) -> str:
    """The line items that the measures named in a text are worked out from."""
    return "\n".join(item for each in measures_in(text) for item in each.lines)
