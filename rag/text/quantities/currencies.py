"""Currencies, as they are written in English texts and in many others."""

from __future__ import annotations

from functools import cache

from rag.text.quantities import locales

_WORDS = {
    "dollar": "dollar dollars", "EUR": "euro euros", "JPY": "yen", "CNY": "yuan renminbi", "INR": "rupee rupees",
    "CHF": "franken", "franc": "franc francs", "KRW": "₩", "PLN": "zloty złoty zł", "CZK": "kč", "krone":
    "krone kroner krona kronor kr", "peso": "peso pesos", "RUB": "rouble roubles ruble rubles", "BRL": "reais",
    "TRY": "lira", "ILS": "shekel shekels", "GBP": "sterling",
}  # fmt: skip
_SYMBOLS = {"$": "dollar", "US$": "USD", "¥": "JPY", "£": "GBP"}
_FAMILIES = {
    "dollar": frozenset("USD CAD AUD NZD HKD SGD TWD BSD BBD JMD".split()),
    "krone": frozenset("SEK NOK DKK ISK".split()),
    "franc": frozenset("CHF XAF XOF RWF".split()),
    "peso": frozenset("MXN ARS CLP COP PHP UYU".split()),
    "JPY": frozenset(["CNY"]),  # both write ¥
}
_ALSO_WORDS = frozenset("ALL TOP TRY PEN CUP MOP LAK BAM COP GEL MAD SOS TON BOB KID MEN RON".split())


@cache
def currency_of(written: str) -> str:
    """The code for a currency's symbol, code or English name; the family (`dollar`) if only that is given."""
    found = _table().get(written) or _table().get(written.lower(), "")
    return found if written not in _ALSO_WORDS else ""


@cache
def currency_marks() -> tuple[str, ...]:
    """The symbols and codes before or after an amount, longest first."""
    marks = (each for each in _table() if not each.islower() and " " not in each and each not in _ALSO_WORDS)
    return tuple(sorted(marks, key=len, reverse=True))


@cache
def same_currency(one: str, other: str) -> bool:
    """Whether both are one currency, or one is a family that the other belongs to; a bare dollar may be any."""
    return one in _FAMILIES.get(other, ()) or other in _FAMILIES.get(one, ())


@cache
def is_currency(unit: str) -> bool:
    """Whether a unit is money."""
    return unit in _FAMILIES or unit in locales.currency_codes()


@cache
def _table() -> dict[str, str]:
    codes = sorted(code for code in locales.currency_codes() if code[0] != "X" or code in ("XAF", "XOF"))
    english = locales.english_currencies()
    found = {english[code].lower(): code for code in codes if code in english}
    found |= {f"{name}s": code for name, code in found.items() if name.endswith(("dollar", "euro", "franc", "pound"))}
    found |= {code: code for code in codes}
    symbols = ((locales.english_symbol(code), code) for code in codes)
    found |= {symbol: code for symbol, code in symbols if symbol != code and not symbol.isalnum()}
    found |= {word: code for code, words in _WORDS.items() for word in words.split()}
    return {**found, **_SYMBOLS, "pound sterling": "GBP", "pounds sterling": "GBP"}
