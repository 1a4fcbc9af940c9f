"""A grammar of quantities that knows nothing of the product: pairs of a quote and a true or a false sentence.

Each kind of pair is a strategy of `Pair`; conversions are stated here a second time, so that a wrong factor in the
product is seen. `DEVELOPED` templates were looked at while the reader was written; `HELD_OUT` ones were not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

DEVELOPED = (
    "The device has {}.",
    "It is rated for {} in normal use.",
    "According to the manual, the value is {}.",
    "We measured {} in the second test.",
)
HELD_OUT = (
    "Engineers recorded {} during the inspection.",
    "The contract allows {}, as the annex explains.",
    "In practice, {} was reached on every site.",
    "Each of the new models offers {} (see the data sheet).",
    "Its specification reads: {}.",
)


@dataclass(frozen=True)
class Pair:
    """A quote, a sentence, and what stands over the quote."""

    kind: str
    quote: str
    sentence: str
    place: str = ""


# Units of one dimension: their spellings, and how many of the first each is.
DIMENSIONS: dict[str, tuple[tuple[tuple[str, ...], Decimal], ...]] = {
    "mass": (
        (("kg", "kilograms"), Decimal(1)),
        (("g", "grams"), Decimal("0.001")),
        (("lb", "pounds"), Decimal("0.45359237")),
        (("tonnes",), Decimal(1000)),
    ),
    "length": (
        (("m", "metres"), Decimal(1)),
        (("mm", "millimetres"), Decimal("0.001")),
        (("km", "kilometres"), Decimal(1000)),
        (("feet", "ft"), Decimal("0.3048")),
        (("miles",), Decimal("1609.344")),
    ),
    "volume": (
        (("litres", "l", "L"), Decimal(1)),
        (("ml", "millilitres"), Decimal("0.001")),
        (("gallons",), Decimal("3.785411784")),
    ),
    "time": (
        (("hours", "h"), Decimal(1)),
        (("minutes", "min"), 1 / Decimal(60)),
        (("seconds", "s"), 1 / Decimal(3600)),
        (("days",), Decimal(24)),
    ),
    "voltage": ((("V", "volts"), Decimal(1)), (("kV", "kilovolts"), Decimal(1000))),
    "current": ((("A", "amps", "amperes"), Decimal(1)), (("mA", "milliamps"), Decimal("0.001"))),
    "power": ((("W", "watts"), Decimal(1)), (("kW", "kilowatts"), Decimal(1000)), (("MW",), Decimal(10**6))),
    "frequency": ((("Hz", "hertz"), Decimal(1)), (("kHz",), Decimal(1000)), (("GHz",), Decimal(10**9))),
    "storage": ((("GB", "gigabytes"), Decimal(1)), (("TB", "terabytes"), Decimal(1000))),
    "speed": ((("km/h", "kilometres per hour"), Decimal(1)), (("mph", "miles per hour"), Decimal("1.609344"))),
    "pressure": ((("bar",), Decimal(1)), (("kPa",), Decimal("0.01")), (("psi",), Decimal("0.0689475729"))),
}
# What is said before a number, by what it means; `…` is the number.
BOUNDS = {
    "≥": ("at least …", "no less than …", "a minimum of …", "not less than …", "… or more", "≥ …"),
    "≤": (
        "at most …",
        "up to …",
        "no more than …",
        "a maximum of …",
        "… or less",
        "… maximum",
        "≤ …",
        "not more than …",
    ),
    ">": ("more than …", "> …", "in excess of …", "above …"),
    "<": ("less than …", "< …", "below …", "under …"),
}
RANGES = ("from {} to {}", "between {} and {}", "{}–{}", "{} to {}")
CURRENCIES = {
    "EUR": ("€{}", "{} €", "EUR {}", "{} euros", "{} EUR"),
    "USD": ("${}", "US${}", "USD {}", "{} dollars"),
    "GBP": ("£{}", "GBP {}"),
    "JPY": ("¥{}", "JPY {}", "{} yen"),
    "CHF": ("CHF {}", "{} CHF", "{} Swiss francs"),
}
WORDS = {1: "one", 3: "three", 7: "seven", 12: "twelve", 15: "fifteen", 20: "twenty", 42: "forty-two"}

numbers = st.one_of(
    st.integers(3, 999).map(Decimal),
    st.integers(11, 9999).map(lambda n: Decimal(n) / 10),
    st.integers(1, 99).map(lambda n: Decimal(n * 10)),
)
minus = st.sampled_from("-−–")


def shown(number: Decimal) -> str:
    """A number as a document writes it."""
    return f"{number.normalize():,f}"


def rounded(number: Decimal, digits: int) -> Decimal:
    """A number rounded to so many significant digits."""
    step = Decimal(1).scaleb(number.adjusted() - digits + 1)
    return (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step


@st.composite
def amounts(draw: st.DrawFn) -> tuple[str, str, str]:
    """A dimension, the number, and one of the spellings of one of its units."""
    dimension = draw(st.sampled_from(sorted(DIMENSIONS)))
    units, _ = draw(st.sampled_from(DIMENSIONS[dimension]))
    return dimension, shown(draw(numbers)), draw(st.sampled_from(units))


Maker = Callable[[st.DrawFn], tuple[str, str]]


def same_unit(draw: st.DrawFn) -> tuple[str, str]:
    dimension = draw(st.sampled_from(sorted(DIMENSIONS)))
    units, _ = draw(st.sampled_from(DIMENSIONS[dimension]))
    number = shown(draw(numbers))
    return tuple(f"{number} {draw(st.sampled_from(units))}" for _ in range(2))  # type: ignore[return-value]


def converted(draw: st.DrawFn) -> tuple[str, str]:
    dimension = draw(st.sampled_from(sorted(DIMENSIONS)))
    here, there = draw(st.permutations(DIMENSIONS[dimension]))[:2]
    number = draw(numbers)
    exact = number * here[1] / there[1]
    into = rounded(exact, draw(st.integers(3, 5)))
    return f"{shown(number)} {here[0][0]}", f"{shown(into)} {there[0][-1]}"


def wrongly_converted(draw: st.DrawFn) -> tuple[str, str]:
    dimension = draw(st.sampled_from(sorted(DIMENSIONS)))
    here, there = draw(st.permutations(DIMENSIONS[dimension]))[:2]
    number = draw(numbers)
    into = rounded(number * here[1] / there[1] * draw(st.sampled_from([Decimal("1.1"), Decimal("0.8"), Decimal(3)])), 4)
    return f"{shown(number)} {here[0][0]}", f"{shown(into)} {there[0][-1]}"


def other_unit(draw: st.DrawFn) -> tuple[str, str]:
    dimension = draw(st.sampled_from(sorted(DIMENSIONS)))
    here, there = draw(st.permutations(DIMENSIONS[dimension]))[:2]
    number = shown(draw(numbers))
    return f"{number} {draw(st.sampled_from(here[0]))}", f"{number} {draw(st.sampled_from(there[0]))}"


def other_dimension(draw: st.DrawFn) -> tuple[str, str]:
    here, there = draw(st.permutations(sorted(DIMENSIONS)))[:2]
    number = shown(draw(numbers))
    one, other = (draw(st.sampled_from(draw(st.sampled_from(DIMENSIONS[each]))[0])) for each in (here, there))
    return f"{number} {one}", f"{number} {other}"


def unit_made_up(draw: st.DrawFn) -> tuple[str, str]:
    _, number, unit = draw(amounts())
    return number, f"{number} {unit}"


def sign_kept(draw: st.DrawFn) -> tuple[str, str]:
    number = shown(draw(numbers))
    unit = draw(st.sampled_from(["%", " °C", " V"]))
    return f"{draw(minus)}{number}{unit}", f"{draw(st.sampled_from(['-', '−', 'minus ']))}{number}{unit}"


def sign_lost(draw: st.DrawFn) -> tuple[str, str]:
    number = shown(draw(numbers))
    unit = draw(st.sampled_from(["%", " °C", " V"]))
    pair = f"{draw(minus)}{number}{unit}", f"{number}{unit}"
    return pair if draw(st.booleans()) else (pair[1], pair[0])


def bound_kept(draw: st.DrawFn) -> tuple[str, str]:
    _, number, unit = draw(amounts())
    words = BOUNDS[draw(st.sampled_from(sorted(BOUNDS)))]
    return tuple(draw(st.sampled_from(words)).replace("…", f"{number} {unit}") for _ in range(2))  # type: ignore[return-value]


def bound_turned(draw: st.DrawFn) -> tuple[str, str]:
    _, number, unit = draw(amounts())
    here, there = draw(st.sampled_from([("≥", "≤"), ("≤", "≥"), ("<", ">"), (">", "<"), ("≥", "<"), (">", "≤")]))
    return tuple(draw(st.sampled_from(BOUNDS[each])).replace("…", f"{number} {unit}") for each in (here, there))  # type: ignore[return-value]


def bound_dropped(draw: st.DrawFn) -> tuple[str, str]:
    _, number, unit = draw(amounts())
    words = BOUNDS[draw(st.sampled_from(sorted(BOUNDS)))]
    return draw(st.sampled_from(words)).replace("…", f"{number} {unit}"), f"{number} {unit}"


def _range(draw: st.DrawFn) -> tuple[str, str, str]:
    _, _, unit = draw(amounts())
    low = draw(st.integers(2, 400))
    return str(low), str(low + draw(st.integers(1, 400))), unit


def range_kept(draw: st.DrawFn) -> tuple[str, str]:
    low, high, unit = _range(draw)
    return tuple(f"{draw(st.sampled_from(RANGES)).format(low, high)} {unit}" for _ in range(2))  # type: ignore[return-value]


def range_end_dropped(draw: st.DrawFn) -> tuple[str, str]:
    low, high, unit = _range(draw)
    return f"{draw(st.sampled_from(RANGES)).format(low, high)} {unit}", f"{draw(st.sampled_from([low, high]))} {unit}"


def range_end_kept_with_its_bound(draw: st.DrawFn) -> tuple[str, str]:
    low, high, unit = _range(draw)
    end = draw(st.sampled_from([f"at least {low}", f"up to {high}"]))
    return f"{draw(st.sampled_from(RANGES)).format(low, high)} {unit}", f"{end} {unit}"


def range_sign_lost(draw: st.DrawFn) -> tuple[str, str]:
    low, high, _ = _range(draw)
    return f"-{low} to {high} °C", f"{low} to {high} °C"


def ratio_kept(draw: st.DrawFn) -> tuple[str, str]:
    one, other = draw(st.integers(2, 9)), draw(st.integers(1, 9))
    return f"a ratio of {one}:{other}", draw(
        st.sampled_from([f"a ratio of {one} to {other}", f"a ratio of {one}:{other}"])
    )


def ratio_turned(draw: st.DrawFn) -> tuple[str, str]:
    one, other = draw(st.integers(2, 9)), draw(st.integers(1, 9))
    other += one == other
    return f"a ratio of {one}:{other}", f"a ratio of {other}:{one}"


def scale_rewritten(draw: st.DrawFn) -> tuple[str, str]:
    tenths = draw(st.integers(11, 999))
    written = shown(Decimal(tenths) / 10)
    word, power = draw(st.sampled_from([("million", 10**6), ("billion", 10**9), ("thousand", 10**3)]))
    pair = f"{written} {word} units", f"{tenths * power // 10:,} units"
    return pair if draw(st.booleans()) else (pair[1], pair[0])


def scale_wrong(draw: st.DrawFn) -> tuple[str, str]:
    number = shown(draw(numbers))
    here, there = draw(st.permutations(["thousand", "million", "billion", ""]))[:2]
    mark = draw(st.sampled_from(["$", "€", ""]))
    return f"{mark}{number} {here}".strip(), f"{mark}{number} {there}".strip()


def currency_kept(draw: st.DrawFn) -> tuple[str, str]:
    ways = CURRENCIES[draw(st.sampled_from(sorted(CURRENCIES)))]
    number = shown(draw(numbers))
    return tuple(draw(st.sampled_from(ways)).format(number) for _ in range(2))  # type: ignore[return-value]


def currency_swapped(draw: st.DrawFn) -> tuple[str, str]:
    here, there = draw(st.permutations(sorted(CURRENCIES)))[:2]
    number = shown(draw(numbers))
    return tuple(draw(st.sampled_from(CURRENCIES[each])).format(number) for each in (here, there))  # type: ignore[return-value]


def rounded_rightly(draw: st.DrawFn) -> tuple[str, str]:
    exact = draw(st.integers(10_001, 999_999))
    word, power = draw(st.sampled_from([("million", 10**6), ("billion", 10**9)]))
    number = Decimal(exact) / 1000
    return f"${shown(number)} {word}", f"${shown(rounded(number, 3))} {word}" if power else ""


def rounded_wrongly(draw: st.DrawFn) -> tuple[str, str]:
    number = Decimal(draw(st.integers(10_001, 999_999))) / 1000
    near = rounded(number, 3)
    step = Decimal(1).scaleb(near.adjusted() - 2)
    wrong = near + step * draw(st.sampled_from([-2, 2, 3]))
    wrong += step * (wrong / step % 10 == 0)  # else it has two digits, and may be right to those
    return f"${shown(number)} million", f"${shown(wrong)} million"


def word_for_digits(draw: st.DrawFn) -> tuple[str, str]:
    number, word = draw(st.sampled_from(sorted((n, w) for n, w in WORDS.items() if n > 1)))
    pair = f"{number} pumps", f"{word} pumps"
    return pair if draw(st.booleans()) else (pair[1], pair[0])


def points_for_percent(draw: st.DrawFn) -> tuple[str, str]:
    number = shown(draw(numbers))
    pair = f"{number} percentage points", f"{number}%"
    return pair if draw(st.booleans()) else (pair[1], pair[0])


def rate_changed(draw: st.DrawFn) -> tuple[str, str]:
    number = shown(draw(numbers))
    here, there = draw(st.permutations(["hour", "minute", "day", "week"]))[:2]
    unit = draw(st.sampled_from(["litres", "kg", "parts"]))
    return f"{number} {unit} per {here}", f"{number} {unit} per {there}"


def other_number(draw: st.DrawFn) -> tuple[str, str]:
    _, _, unit = draw(amounts())
    one = draw(st.integers(3, 800))
    return f"{one} {unit}", f"{one + draw(st.integers(1, 50))} {unit}"


TRUE: Sequence[Maker] = (
    same_unit, converted, sign_kept, bound_kept, range_kept, range_end_kept_with_its_bound, ratio_kept, scale_rewritten,
    currency_kept, rounded_rightly, word_for_digits,
)  # fmt: skip
FALSE: Sequence[Maker] = (
    wrongly_converted, other_unit, other_dimension, unit_made_up, sign_lost, bound_turned, bound_dropped,
    range_end_dropped, range_sign_lost, ratio_turned, scale_wrong, currency_swapped, rounded_wrongly,
    points_for_percent, rate_changed, other_number,
)  # fmt: skip


def pairs(maker: Maker, templates: Sequence[str]) -> st.SearchStrategy[Pair]:
    """Pairs of one kind, quote and sentence each in one of the templates."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Pair:
        quote, sentence = maker(draw)
        first, second = (draw(st.sampled_from(templates)) for _ in range(2))
        return Pair(maker.__name__, first.format(quote), second.format(sentence))

    return drawn()


@st.composite
def cells(draw: st.DrawFn) -> tuple[Pair, Pair]:
    """A cell under a scale with a true and a false sentence of it."""
    exact = draw(st.integers(1_001, 99_999))
    word, below, power = draw(st.sampled_from([("millions", "million", 10**6), ("thousands", "thousand", 10**3)]))
    mark = draw(st.sampled_from(["$", ""]))
    heading = draw(st.sampled_from([f"(in {word})", f"$ in {word}", f"(Dollars in {word})"]))
    quote = f"Net sales | {mark}{exact:,} | {exact + 1234:,}"
    brackets = draw(st.booleans())
    if brackets:
        quote = f"Net loss | ({mark}{exact:,}) | ({exact + 777:,})"
    subject = "The net loss was" if brackets else "Net sales were"
    big = Decimal(exact * power)
    unit, size = ("billion", 10**9) if big >= 10**9 else ("million", 10**6)
    short = rounded(big / size, 3)
    true = draw(st.sampled_from([f"${exact:,} {below}", f"${shown(short)} {unit}", f"${exact * power:,}"]))
    false = draw(st.sampled_from([f"${exact:,}", f"${exact:,} billion", f"${shown(short)} trillion"]))
    return tuple(Pair("cell", quote, f"{subject} {said}.", heading) for said in (true, false))  # type: ignore[return-value]
