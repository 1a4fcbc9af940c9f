"""What Babel's tables tell of languages: names of months, days, units of time and currencies, the marks of numbers.

A language that Babel does not know has no names, and the marks of English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name, get_currency_symbol, get_decimal_symbol, get_group_symbol, list_currencies
from babel.units import format_unit

_COUNTS = (1, 2, 3, 5, 11)  # together they have every form of number
_UNITS_OF_TIME = tuple("second minute hour day week month year".split())
_SPENT = tuple(
    "EUR USD GBP CHF JPY CNY INR KRW RUB UAH PLN CZK HUF SEK TRY ILS SAR EGP AED BRL MXN ZAR THB VND".split()
)
_FIGURES = re.compile(r"[\d.,\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]+")


@cache
def month_names(language: str) -> frozenset[str]:
    """The names of the months in small letters, in all their forms, also as they are abbreviated."""
    locale = _locale(language)
    forms = locale.months.values() if locale else ()
    return frozenset(
        _plain(form[width][at]) for form in forms for width in ("wide", "abbreviated") for at in form[width]
    )


@cache
def day_names(language: str) -> frozenset[str]:
    """The names of the days of the week in small letters."""
    locale = _locale(language)
    return frozenset(
        _plain(name) for form in (locale.days.values() if locale else ()) for name in form["wide"].values()
    )


@cache
def time_units(language: str) -> frozenset[str]:
    """The names of units of time in small letters, in all forms of number."""
    if _locale(language) is None:
        return frozenset()
    written = (format_unit(n, f"duration-{unit}", locale=language) for unit in _UNITS_OF_TIME for n in _COUNTS)
    return frozenset(filter(None, (_plain(_FIGURES.sub("", each)) for each in written)))


@cache
def currency_words(language: str) -> frozenset[str]:
    """The names of currencies in small letters, word by word, and their symbols in that language."""
    if _locale(language) is None:
        return frozenset()
    names = (get_currency_name(code, count, language) for code in _SPENT for count in _COUNTS)
    words = (word for name in names for word in _plain(name).split())
    return frozenset(words) | {_plain(get_currency_symbol(code, language)) for code in _SPENT}


def currency_codes() -> frozenset[str]:
    """The ISO codes of currencies."""
    return frozenset(list_currencies())


def english_currencies() -> Mapping[str, str]:
    """The English name of each currency, by its code."""
    return Locale("en").currencies


def english_symbol(code: str) -> str:
    """The symbol of a currency in English texts; its code if it has none."""
    return get_currency_symbol(code, "en")


@cache
def marks_of_numbers(language: str) -> tuple[str, str]:
    """The decimal mark and the grouping mark of a language."""
    if _locale(language) is None:
        return ".", ","
    return get_decimal_symbol(language), get_group_symbol(language)


@cache
def _locale(language: str) -> Locale | None:
    try:
        return Locale(language)
    except (UnknownLocaleError, ValueError):
        return None


def _plain(name: str) -> str:
    return name.strip().lower().rstrip(".")
