"""Numbers as values with unit, sign, bound and scale, and whether one text supports another."""

from rag.text.quantities.context import bounds_of_headings
from rag.text.quantities.currencies import currency_of, is_currency
from rag.text.quantities.locales import currency_codes, currency_words, day_names, month_names, time_units
from rag.text.quantities.number_words import digits_for_words
from rag.text.quantities.parser import quantities
from rag.text.quantities.scales import declared_scale, scales, with_scale_in_words, with_thousands_joined, word_of_scale
from rag.text.quantities.superscripts import RAISED
from rag.text.quantities.support import is_year, same_size, supports
from rag.text.quantities.unit_names import TIMES
from rag.text.quantities.units import conversion, declared_units, unit_named, units_in
from rag.text.quantities.values import Bound, Lent, Quantity

__all__ = [
    "RAISED",
    "TIMES",
    "Bound",
    "Lent",
    "Quantity",
    "bounds_of_headings",
    "conversion",
    "currency_codes",
    "currency_of",
    "currency_words",
    "day_names",
    "declared_scale",
    "declared_units",
    "digits_for_words",
    "is_currency",
    "is_year",
    "month_names",
    "quantities",
    "same_size",
    "scales",
    "supports",
    "time_units",
    "unit_named",
    "units_in",
    "with_scale_in_words",
    "with_thousands_joined",
    "word_of_scale",
]
