"""The context of a number: a bound, a direction, approximation, or a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.text.quantities.values import Bound, Direction

REACH = 60
"""Characters on either side that are read."""
_CUT = re.compile(r"\d|[;\n]|[.!?]\s+(?=[A-Z])")
_FILLING = (
    r"about|approximately|around|roughly|some|another|additional|further|an?|of|to|by|is|are|was|were|be|at|a total of"
    r"|minus|negative"
)
_FILLER = rf"(?:\s+(?:{_FILLING}|the))*[\s:(~]*$"
_BESIDE_A_NUMBER = re.compile(
    r"^(?:\s?%|x)?,?\s*(?:[^\W\d]+\s){0,2}"
    r"(?:(?:more|less|higher|lower|larger|smaller|fewer) than|above|below|over) the\s*$",
    re.IGNORECASE,
)
"""`11% more than the $0.18 of a year ago` compares two numbers: the second is no bound."""
_GREAT = r"high|great|larg|long|heav|old|fast|warm|hott|deep|wid|bigg|thick|tall|strong|late"
_SMALL = r"low|small|short|light|young|slow|cold|cool|cheap|narrow|thinn|weak|clos|near|earli"
_NOT = r"(?:no|not|never|nor|neither|n't|n’t|cannot)(?: (?:be|is|are|lie|go|fall|drop|rise|last|stay|run))?"
_DOES_NOT = (
    rf"(?:{_NOT}|(?:not|never|n't|n’t|cannot|nobody|no one)"
    r"(?: (?!only\b|just\b|yet\b|because\b|if\b)[^\W\d]+){1,2})"
)
_MOST = (
    r"at (?:the )?(?:very )?most"
    rf"|{_DOES_NOT} (?:any )?(?:more|further|farther|dearer|(?:{_GREAT})\w*er|later) than"
    rf"|{_NOT} (?:above|over|beyond)"
    r"|no(?: (?!(?:if|when|where|unless|that|which|who|whose|on|for)\b)[^\W\d]+){1,3}"
    r" (?:(?:may|must|can|should|shall|will) )?(?:exceed|surpass|go over)(?:s|es)?"
    r"|(?:not|never|n't|n’t|cannot|without)(?: to)?(?: ever)? (?:exceed|go over|surpass)(?:ing|s|es)?|(?<!make )up to"
    r"|as (?:much|many|high|long|far|late) as|limited to|capped at"
    r"|bis zu|höchstens|au plus|jusqu'à|hasta|≤|<=|⩽"
)
_LEAST = (
    r"at (?:the )?(?:very )?least"
    rf"|{_DOES_NOT} (?:any )?(?:less|fewer|(?:{_SMALL})\w*er|earlier) than"
    rf"|{_NOT} (?:under|below)"
    r"|as (?:little|few|low) as|starting (?:at|from)|from at least"
    r"|mindestens|au moins|al menos|≥|>=|⩾"
)
_MORE = (
    r"(?:more|greater|higher|larger|longer|heavier|older|bigger|better|taller|faster|warmer|wider|deeper|later) than"
    r"|above|exceed(?:s|ed|ing)?|in excess of|upwards? of|beyond|surpass(?:es|ed|ing)?|mehr als|más de|plus de"
    r"|(?<![-=])>"
)
_LESS = (
    r"(?:less|fewer|lower|smaller|shorter|lighter|younger|colder|slower|cheaper|earlier) than|below"
    r"|under(?!\s+(?:the|its|our|their|this)\b)|short of"
    r"|weniger als|menos de|moins de|<(?!-)"
)
_WORDS_BEFORE: tuple[tuple[str, str, Bound, bool], ...] = (
    (_LEAST, _FILLER, "≥", False),
    (_MOST, _FILLER, "≤", False),
    (_MORE, _FILLER, ">", False),
    (_LESS, _FILLER, "<", False),
    (r"\bover", _FILLER, ">", False),
    (r"\bwithin", _FILLER, "≤", True),
)
_TOLERANCE = re.compile(r"(?:±|\+\s?/\s?[-−–]|\bplus or minus|\bplus/minus|\bgive or take)\s*$", re.IGNORECASE)
_LEVEL = re.compile(r"\bto\s+(?:(?:about|around|approximately|roughly|nearly|almost|a|an|the)\s+)*$", re.IGNORECASE)
_BEFORE = tuple(
    (re.compile(rf"(?:(?<=\W)|^|(?=n['’]t))(?:{words}){filler}", re.IGNORECASE), bound, soft)
    for words, filler, bound, soft in _WORDS_BEFORE
)
_EXTREME = re.compile(
    r"\b(max|min)(?:im(?:um|al))?\b\.?(?:\s+(?!about|around|approx|roughly)[^\W\d]+){0,3}[\s:=|(]*$", re.IGNORECASE
)
_HEADINGS: Mapping[Bound, re.Pattern[str]] = {
    "≤": re.compile(r"\b(?:limits?|max(?:im(?:um|al))?|caps?|ceiling|at most|up to)\b", re.IGNORECASE),
    "≥": re.compile(r"\b(?:min(?:im(?:um|al))?|floor|at least)\b", re.IGNORECASE),
}
_LIMIT = re.compile(r"\b(?:limit|capacity|ceiling|cap|deadline|upper)\b[^,]{0,24}$", re.IGNORECASE)
_NOUN = r"(?:(?:of\s+)?[^\W\d]+\s+)?"
_AT_THE = r"(?:(?:at|as) (?:the|a) )?"
_MORE_AFTER = r"(?:more|above|over|higher|up|older|greater|longer|later|upwards?|beyond)\b"
_LESS_AFTER = r"(?:less|fewer|below|under|lower|younger|shorter|earlier)\b"
_LIMIT_NOUN = r"(?:[^\W\d]+\s)?(?:limit|ceiling|cap|authori[sz]ation)\b"
_AFTER: tuple[tuple[re.Pattern[str], Bound, bool], ...] = (
    (re.compile(rf"\s*{_NOUN}or\s+{_MORE_AFTER}"), "≥", False),
    (re.compile(rf"\s*{_NOUN}and\s+{_MORE_AFTER}"), "≥", False),
    (re.compile(r"\s?\+(?!\s?[^\w\s]{0,2}\s?\d)(?!(?<=\s\+)\s+[\w($€£¥])"), "≥", False),
    (re.compile(rf"\s*{_NOUN}or\s+{_LESS_AFTER}"), "≤", False),
    (re.compile(rf"\s*{_NOUN}and\s+{_LESS_AFTER}"), "≤", False),
    (
        re.compile(
            rf"\s*\(?(?:{_NOUN}at (?:the )?(?:very )?most|{_AT_THE}max(?:imum)?)\b(?!\s*(?:of|is)?\s*\d)",
            re.IGNORECASE,
        ),
        "≤",
        False,
    ),
    (
        re.compile(
            rf"\s*\(?(?:{_NOUN}at (?:the )?(?:very )?least|{_AT_THE}min(?:imum)?)\b(?!\s*(?:of|is)?\s*[\d$€£])",
            re.IGNORECASE,
        ),
        "≥",
        False,
    ),
    (re.compile(rf"\s{_LIMIT_NOUN}(?!\s*(?:of|is|was)\b)", re.IGNORECASE), "≤", True),
    (re.compile(r"\sfloor\b(?!\s*(?:of|is|was|space|area)\b)", re.IGNORECASE), "≥", True),
)
"""Words behind a number, its bound, and whether it may be none."""
_APPROXIMATE = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca\.|c\.|close to"
    r"|just (?:over|under)|more or less|in the region of|an estimated|rund|etwa|environ|unos|unas)|~|≈|∼)\s*$",
    re.IGNORECASE,
)
_LITERAL = re.compile(
    r"(?:\b(?:version|release|section|chapter|figure|table|article|item|step|page|rule|part)|§)\s*$", re.IGNORECASE
)
_MINUS = re.compile(r"(?<!\bplus or )(?<!\bplus/)\b(?:minus|negative)\s*$", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"\s*(?:degrees?\s+)?below (?:zero|freezing)\b", re.IGNORECASE)
_WAYS: tuple[tuple[Direction, str], ...] = (
    ("rise", r"increas\w*|ris(?:e|es|en|ing)|rose|grow(?:s|n|th|ing)?|grew|gain(?!s?\s+of\b)\w*"
             r"|higher(?! than)|climb\w*|jump\w*|surg\w*|soar\w*|up(?!\s*to\b)|expand\w*|expansion"),
    ("fall", r"decreas\w*|fall(?:s|en|ing)?|fell|declin\w*|drop(?:s|ped|ping)?|lower(?! than)\w*|reduc\w*|down"
             r"|shr[aiu]nk\w*|slid|slipp\w*|slump\w*|plung\w*|dipp?ed|trimm\w*|shav(?:e[sd]?|ing)|contract(?:ed|ion)"),
    ("profit", r"profits?|surplus(?:es)?|gains?(?=\s+of\b)"),
    ("loss", r"loss(?:es)?|lost|deficits?|shortfall"),
    ("outflow", r"outflows?|used in|paid|payments?|repurchas\w*|charges?|expenses?"
             r"|costs?|spent|penalt(?:y|ies)|fine[sd]?|consum(?:e[sd]?|ing)|impairments?|write-?offs?|purchases?|expenditures?|capex|outlays?|repayments?|repaid|dividends?|acquisitions?(?=\s+of\b)|investments?(?=\s+in\b)"),
)  # fmt: skip
_WAY = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _WAYS), re.IGNORECASE)
_NEAR_AFTER = re.compile(r"\s*(?:\(?[^\W\d]+\s+)?")
_PERIODS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "annual": "year", "yearly": "year"}
_PERIOD = re.compile(rf"\b(?:{'|'.join(_PERIODS)})\b(?!\s+(?:report|meeting|statement|review)s?\b)", re.IGNORECASE)
CHANGES = re.compile(
    r"\b(?:r[io]se[ns]?|ris(?:es|ing)|gr[eo]w\w*|increas\w*|decreas\w*|f[ae]ll\w*|declin\w*|dropp?\w*|reduc\w*|rais\w*"
    r"|cut|chang\w*|went|go(?:es|ing)|mov\w*|up|down|improv\w*|revis\w*|extend\w*|switch\w*|expan\w*|climb\w*|jump\w*"
    r"|lower\w*|slipp\w*|convert\w*|upgrad\w*|shrank|surg\w*|shift\w*|brought|widen\w*|narrow\w*|gain\w*|contract\w*"
    r"|compress\w*|worsen\w*|deteriorat\w*)\b(?:[^.;]|\.(?=\d)|;(?=\s[$€£¥]?\d|\s(?:in|from)\b))*\bfrom\s*$",
    re.IGNORECASE,
)
"""A change from one value to another is not a range."""


def window_before(text: str, start: int) -> str:
    """The text before a position in its clause, back to the previous number."""
    return _CUT.split(text[max(0, start - REACH) : start])[-1]


def bound_before(window: str) -> tuple[Bound, bool]:
    """The bound that words before a number set, and whether it may also be meant as none."""
    if _TOLERANCE.search(window):
        return "±", False
    if _BESIDE_A_NUMBER.search(window):
        return "", False
    for pattern, bound, soft in _BEFORE:
        if pattern.search(window):
            return bound, soft
    extreme = _EXTREME.search(window)
    if extreme:
        return ("≤" if extreme[1].lower() == "max" else "≥"), False
    return ("≤", True) if _LIMIT.search(window) else ("", False)


def bound_after(text: str, end: int) -> tuple[Bound, bool]:
    """The bound that words right after a number and its unit set, `or more`, `limit`, and whether it may be none."""
    return next(((bound, soft) for pattern, bound, soft in _AFTER if pattern.match(text, end)), ("", False))


def bounds_of_headings(over: str) -> frozenset[Bound]:
    """The bound that headings set for the bare numbers under them, `Limit per night`; none where they set both."""
    found = {bound for bound, pattern in _HEADINGS.items() if pattern.search(over)}
    return frozenset(found) if len(found) == 1 else frozenset()


def direction(text: str, window: str, end: int) -> Direction:
    """What the nearest words say: those right after a number before those in front of it."""
    after = _WAY.match(text, _end_of(_NEAR_AFTER.match(text, end), end)) or _WAY.match(text, end + 1)
    found = after or max(_WAY.finditer(window), key=lambda match: match.start(), default=None)
    if found is None:
        return ""
    return next(name for name, _ in _WAYS if name and found[name])


def period(window: str) -> str:
    """The unit of time that an adjective before a number counts it by: `the monthly fee is 5`; empty without one."""
    found = [each[0].lower() for each in _PERIOD.finditer(window)]
    return _PERIODS[found[-1]] if found else ""


def is_level(window: str) -> bool:
    """Whether a number is what something changed to, `fell to 5`, rather than by how much."""
    return _LEVEL.search(window) is not None


def is_approximate(window: str) -> bool:
    """Whether a number is stated as approximate."""
    return _APPROXIMATE.search(window) is not None


def is_literal(window: str) -> bool:
    """Whether a number is a name: of a version, a section."""
    return _LITERAL.search(window) is not None


def is_negative(text: str, window: str, end: int) -> bool:
    """Whether words make a number negative: `minus 5`, `5 degrees below zero`."""
    return _MINUS.search(window) is not None or _BELOW_ZERO.match(text, end) is not None


def _end_of(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise
