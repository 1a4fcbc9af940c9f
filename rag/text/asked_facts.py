"""What kind of fact a question asks for: a person, a place, a time, a weight, a price. English only.

A sentence answers only if it can tell such a fact: `The crane was found in good order` does not say who inspected it.
Where it does, it need not have the words that ask: `The statue weighs 3 tonnes` says how heavy it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.text.dates import take_dates
from rag.text.names import names, uniform
from rag.text.phrases import AUXILIARY, phrases
from rag.text.quantities import conversion, currency_of, digits_for_words, quantities
from rag.text.subjects import CALENDAR
from rag.text.verbs import akin_stems, base
from rag.text.words import content_stems, fold, stem, tokens

_DEED = re.compile(r"\b(?:was|were)\b.*\s(?P<deed>[a-z]+)\W*$")
_PASSIVE = re.compile(r"\b(?:was|were|been) (?:\w+ly )?(\w+)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_NONE = re.compile(r"\b(?:no|none|nobody|nothing|both|several|dozens?|pair|single)\b", re.IGNORECASE)
_IS_NUMBER = re.compile(
    r"(?:\b(?:is|are|was|were|of|to|at|costs?|pays?|paid)|:)(?: (?:about|around|only|exactly|currently|now|up|to|at|"
    r"least|most|over|under|nearly|almost|approximately|roughly|set|the)){0,2} [$€£¥]?\d",
    re.IGNORECASE,
)
_WORDS_OF_TIME = re.compile(
    r"\b(?:mornings?|afternoons?|evenings?|nights?|noon|midnight|midday|dawn|dusk|sunrise|sunset|daily|weekly|monthly|"
    r"yearly|annually|nightly|once|after|before|until|till|during|while|when|whenever|as soon as|spring|"
    r"summer|autumn|winter|season|week(?:day|end)?s?|months?|years?|days?|hours?|minutes?|century|decade|always|never|"
    r"immediately|soon|now|today|yesterday|tomorrow|easter|christmas|mon|tues?|wed|thu(?:rs)?|fri|sat|sun|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
    r"|\b\d{1,2}(?:[:.h]\d\d\b|\s?(?:[ap]\.?m\b|o['’]clock\b|h\b))"
    r"|\b(?:at|from|by|until|till|to|between|since)\s\d{1,2}\b(?![.,]\d|\s?[%€$£])|\b(?:1[0-9]|20)\d\d\b",
    re.IGNORECASE,
)
_SPAN_OF_TIME = re.compile(
    r"\b(?:with|of|by) (?:at least |up to )?(?:an? |\w+ )?[\w-]+ "
    r"(?:weeks?|months?|years?|days?|hours?|minutes?)\b(?! of\b)['’]?(?! (?:ago|later|after|before|from)\b)",
    re.IGNORECASE,
)
"""`With 60 days written notice` does not say when."""
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)
_FREQUENCY = re.compile(
    r"\b(?:every|each|per|hourly|daily|weekly|fortnightly|monthly|quarterly|yearly|annual(?:ly)?|nightly|once|twice|"
    r"times|always|never|regularly|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b",
    re.IGNORECASE,
)
_BESIDE = r"(?<!ed )(?<!built )(?<!run )(?<!made )(?<!held )by (?=(?:the|an?|our|its|their)\b|(?-i:[A-Z]))"
"""`By the river`: not who does it, `owned by the Millers`, nor how, `by appointment`."""
_PLACE = re.compile(
    rf"\b(?:in|at|on|near|nearby|{_BESIDE}|besides?|behind|under(?:neath)?|below|beneath|above|between|among|opposite|"
    r"inside|outside|within|into|onto|from|to|towards?|next (?:door )?to|across|along|around|off|beyond|over|through|"
    r"via|here|north|south|east|west|left|right|upstairs|downstairs|street|road|room|floor|address|location|venue|site|place|origins?)\b|:|\w/",
    re.IGNORECASE,
)
_AT_A_TIME = re.compile(
    r"\b(?:on|in|at|by|from|to|until|till|since|between|within|over) (?:the )?"
    r"(?:\d+(?:[:.]\d+)*+(?:\s?[ap]\.?m\b)?(?! (?-i:[A-Z]\w+ )(?-i:[A-Z]))|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?|mornings?|afternoons?|evenings?|night|noon|"
    r"midnight|spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|"
    r"november|december)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|days?|weekdays?|weekends?|holidays?|easter|christmas|eve|"
    r"today|tomorrow|yesterday|\d{1,2}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|as|due|owing|so|reasons?|caus(?:e[sd]?|ing)|therefore|thus|hence|thanks|results?|resulted|led|"
    r"leads|to [a-z]+|for [a-z]+|in case|otherwise|lest|purpose|after|when|where|which|with|without|if|by)\b"
    r"|[:;–—](?!\d)",
    re.IGNORECASE,
)
_COLOURS = re.compile(
    r"\b(?:red|green|blue|yellow|white|black|brown|gr[ea]y|orange|purple|pink|violet|silver|gold(?:en)?|beige|turquoise|"
    r"crimson|scarlet|cream|navy|colou?r(?:s|ed|less)?|transparent)\b",
    re.IGNORECASE,
)
_BY_SOMEBODY = re.compile(r"\b(?:by|to|with|from) (?:the|a|an|our|its|their|every|any|all)\b|:", re.IGNORECASE)
_WHO_IS = re.compile(
    r"\W*who(?: is|['’]s| was| are| were) (?:the |our |your |their |its |his |her |[^?'’]{1,80}['’]s? )"
    r"(?:[\w-]+ )*?(?P<head>\w+)"
    r"(?=\W*$|,| (?:of|in|at|for|on|to|from|with|by|during|when|that|who)\b)",
    re.IGNORECASE,
)
_WHO_DOES = re.compile(rf"\W*who (?!(?:{AUXILIARY})\b)(?P<deed>[a-z]+)", re.IGNORECASE)
_IS_DONE = re.compile(r"\b(?:is|are|was|were|been|being) (?:\w+ly )?(?P<deed>[a-z]+)\b", re.IGNORECASE)
_OF = re.compile(r"\bof\b", re.IGNORECASE)
_AGE = re.compile(
    r"\bage[ds]?\b|\b(?:years?|months?|weeks?|days?|centur(?:y|ies))[ -]old\b|"
    r"\b(?:born|built|founded|made|opened|erected|established|created|planted|dates?)\b.*\b\d{3,4}\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:is|are|was|were|be|of|takes?|took|taken|lasts?|lasted|runs?|ran|goes|duration|length|period)(?: on| for|"
    r" about| around| up to| at least| at most| only| approximately| roughly| usually| normally| between|"
    r" nearly| almost|:)* \d"
    r"|\d[- ][a-z]+[- ]long\b",
    re.IGNORECASE,
)
_PRICED = re.compile(r"\bfree\b|\bhalf\b|\bdouble\b|\bnothing\b|\bno charge\b|\bcosts? (?:\w+ ){0,2}\d", re.IGNORECASE)
_FOR_A_TIME = re.compile(
    r"\b(?P<state>[a-z]+) for (?:up to |about |around |at least |at most |only |another )?\d", re.IGNORECASE
)
_DIMENSIONS = {
    name: frozenset(stem(word) for word in words.split())
    for name, words in (
        ("height", "high tall height elevation altitude"),
        ("depth", "deep depth"),
        ("width", "wide width broad breadth"),
        ("thickness", "thick thickness"),
        ("length", "long length"),
        ("distance", "far distance away"),
        ("diameter", "diameter across"),
    )
}


@dataclass(frozen=True, slots=True)
class AskedFact:
    """The kind of fact that a question asks for.

    A sentence that tells one need not have the stems `asking`.
    """

    question: str
    asking: frozenset[str]
    _can_tell: Callable[[str, str], bool]

    def is_told_in(self, sentence: str) -> bool:
        """Whether a sentence can tell such a fact, and does not say that something else was done than is asked."""
        return self._can_tell(sentence, self.question) and not _is_another_deed(self.question, sentence)

    def is_of_thing(self, text: str) -> bool:
        """Whether a text has the noun of the first thing that the question names: `tours`, `pier` of `the old pier`.

        True if it is uncertain where the name of that thing ends: *where is wernickes area in the brain*.
        """
        first = next(iter(phrases(self.question)), None)
        thing = first.text if first is not None and first.certain else ""
        parts = ([each for each in content_stems(part) if each not in self.asking] for part in _OF.split(thing))
        noun = next((part[-1:] for part in parts if part), [])
        return akin_stems(content_stems(text)).issuperset(map(base, noun))


def _is_another_deed(question: str, sentence: str) -> bool:
    """Whether a sentence in the passive says that something else was done: `was sold`, of `when was it built`."""
    asked = _DEED.search(question)
    if asked is None or not _is_participle(asked["deed"]):
        return False
    done = {stem(fold(word)) for word in _PASSIVE.findall(sentence) if _is_participle(word)}
    return bool(done) and akin_stems(content_stems(sentence)).isdisjoint(akin_stems([stem(fold(asked["deed"]))]))


def _is_participle(word: str) -> bool:
    form = stem(fold(word))
    return fold(word).endswith("ed") or base(form) != form


def asked_fact(question: str) -> AskedFact | None:
    """The kind of fact that a question asks for; None where any sentence may tell it."""
    for pattern, words, can_tell in _KINDS:
        if pattern.search(question):
            asking = frozenset(stem(word) for word in words.split())
            return AskedFact(question, asking & frozenset(content_stems(question)), can_tell)
    return None


def _is_time(sentence: str, _: str) -> bool:
    return bool(
        _WORDS_OF_TIME.search(_SPAN_OF_TIME.sub(" ", uniform(sentence)))
        or _MONTH.search(sentence)
        or take_dates(sentence)[0]
    )


def _is_frequency(sentence: str, _: str) -> bool:
    return _FREQUENCY.search(sentence) is not None


def _is_day(sentence: str, _: str) -> bool:
    return bool(_DAY.search(sentence) or _MONTH.search(sentence) or take_dates(sentence)[0])


def _is_place(sentence: str, _: str) -> bool:
    return _PLACE.search(_AT_A_TIME.sub(" ", sentence)) is not None


def _is_reason(sentence: str, _: str) -> bool:
    return _REASON.search(sentence) is not None


def _is_colour(sentence: str, _: str) -> bool:
    return _COLOURS.search(sentence) is not None


def _is_person(sentence: str, question: str) -> bool:
    """Whether a sentence has a name that the question lacks, or says who does it: `the council`, `by the council`."""
    known, told = set(content_stems(question)), content_stems(sentence)
    if _is_without_doer(sentence, question):
        return False
    role = _WHO_IS.match(question)
    if role is not None and stem(fold(role["head"])) not in akin_stems(told):
        return False
    if any(stem(fold(name)) not in known and fold(name) not in CALENDAR for name in names(sentence)):
        return True
    return _BY_SOMEBODY.search(sentence) is not None or (bool(told) and told[0] not in known)


def _is_without_doer(sentence: str, question: str) -> bool:
    """Whether a sentence says only that what a question asks the doer of is done: `was bought from the Hales`."""
    deed = _WHO_DOES.match(question)
    if deed is None:
        return False
    asked = akin_stems([stem(fold(deed["deed"]))])
    done = [match for match in _IS_DONE.finditer(sentence) if asked & akin_stems([stem(fold(match["deed"]))])]
    return bool(done) and re.search(r"\bby\b", sentence[done[0].end() :]) is None


def _is_number(sentence: str, _: str) -> bool:
    return bool(_DIGIT.search(_counted(sentence)) or _NONE.search(sentence))


def _is_age(sentence: str, _: str) -> bool:
    return _AGE.search(_counted(sentence)) is not None


def _is_size(*dimensions: str, of: tuple[str, ...], words: str = "") -> Callable[[str, str], bool]:
    """Whether a sentence has an amount in one of these units, or one of these words with a number.

    What lies 7 km from the station is not 7 km deep: a dimension that is not named is said with `is`.
    """
    own = frozenset(stem(word) for word in words.split()).union(*(_DIMENSIONS[each] for each in dimensions))
    others = frozenset[str]().union(*_DIMENSIONS.values()) - own

    def can_tell(sentence: str, _: str) -> bool:
        said = set(content_stems(sentence))
        if not own & said and others & said and dimensions:
            return False
        measured = any(conversion(unit, into) is not None for unit in _units(sentence) for into in of)
        measured = measured and (not own or not dimensions or _IS_NUMBER.search(_counted(sentence)) is not None)
        return measured or (bool(own & said) and _DIGIT.search(_CLOCK.sub(" ", _counted(sentence))) is not None)

    return can_tell


def _is_length(sentence: str, question: str) -> bool:
    """A length, or how long a thing takes or is done: what was closed for two weeks is not two weeks long."""
    if _OF_LENGTH(sentence, question):
        return True
    timed = any(conversion(unit, "second") is not None for unit in _units(sentence))
    state = _FOR_A_TIME.search(_counted(sentence))
    if timed and state is not None and stem(fold(state["state"])) in content_stems(question):
        return True
    done = any(word.endswith("ed") or base(stem(word)) != stem(word) for word in tokens(question))
    return timed and (done or _TAKES.search(question) is not None or _LASTS.search(_counted(sentence)) is not None)


def _is_price(sentence: str, _: str) -> bool:
    return any(map(currency_of, _units(sentence))) or _PRICED.search(_counted(sentence)) is not None


def _counted(sentence: str) -> str:
    return digits_for_words(uniform(sentence), counts_one=True)


def _units(sentence: str) -> Iterator[str]:
    return (each.unit for each in quantities(_counted(sentence)) if each.unit)


def _is_height(sentence: str, question: str) -> bool:
    """A height, or how high an amount is: a fine."""
    measured = any(conversion(unit, "meter") is not None for unit in _units(sentence))
    return _OF_HEIGHT(sentence, question) or (not measured and _is_amount(sentence, question))


def _is_amount(sentence: str, question: str) -> bool:
    """An amount of money, or a number said to be the thing: `The load is 900 kg.`"""
    return _is_price(sentence, question) or _IS_NUMBER.search(_counted(sentence)) is not None


_OF_LENGTH, _OF_HEIGHT = _is_size("length", of=("meter",)), _is_size("height", of=("meter",))
_TAKES = re.compile(
    r"\bhow long (?:before|after|in advance|ahead|do|does|did|can|may|must|will|should|has|have|had)\b|\bduration\b",
    re.IGNORECASE,
)
_ASKED = (
    r"^\W*(?:(?:and|so|but|please|tell me|can you tell me|do you know)\W+)*"
    r"(?:(?:since|until|till|from|by|in|at|on|to|for)\s+)?"
)
_WHAT_IS = rf"{_ASKED}what(?: is|['’]s| are| was| were) (?:the )?(?:\w+ ){{0,3}}"
_KINDS: tuple[tuple[re.Pattern[str], str, Callable[[str, str], bool]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words, can_tell)
    for pattern, words, can_tell in (
        (
            rf"{_ASKED}how heavy\b|{_ASKED}how much\b.*\bweighs?\b|{_WHAT_IS}weight\b",
            "heavy weigh weight much",
            _is_size(of=("kilogram",), words="weigh weight mass"),
        ),
        (
            rf"{_ASKED}how far\b|{_WHAT_IS}distance\b",
            "far distance away",
            _is_size(of=("meter",), words="far distance"),
        ),
        (rf"{_ASKED}how old\b|{_WHAT_IS}age\b", "old age", _is_age),
        (rf"{_ASKED}how high\b", "high", _is_height),
        (rf"{_ASKED}how tall\b|{_WHAT_IS}height\b", "tall height", _OF_HEIGHT),
        (rf"{_ASKED}how deep\b|{_WHAT_IS}depth\b", "deep depth", _is_size("depth", of=("meter",))),
        (rf"{_ASKED}how (?:wide|broad)\b|{_WHAT_IS}width\b", "wide broad width", _is_size("width", of=("meter",))),
        (rf"{_ASKED}how thick\b|{_WHAT_IS}thickness\b", "thick thickness", _is_size("thickness", of=("meter",))),
        (rf"{_ASKED}how long\b|{_WHAT_IS}(?:length|duration)\b", "long length duration", _is_length),
        (
            rf"{_ASKED}how (?:warm|hot|cold)\b|{_WHAT_IS}temperature\b",
            "warm hot cold temperature",
            _is_size(of=("degC", "degree"), words="temperature"),
        ),
        (
            rf"{_ASKED}how fast\b|{_WHAT_IS}speed\b",
            "fast speed",
            _is_size(of=("meter/second",), words="speed knot mph"),
        ),
        (
            rf"{_ASKED}how (?:expensive|cheap)\b|{_WHAT_IS}(?:price|cost)\b|"
            rf"{_ASKED}(?:how much|what) (?:do|does|did|will|would)\b.*\bcosts?\b|"
            rf"{_ASKED}how much (?:do|does|did|must|will|would)\b.*\bpay\b",
            "much expensive cheap price cost",
            _is_price,
        ),
        (rf"{_ASKED}how much (?:is|are|was|were)\b", "much", _is_amount),
        (rf"{_ASKED}how (?:often|frequently)\b", "often frequently", _is_frequency),
        (rf"{_ASKED}how many\b", "many", _is_number),
        (rf"{_ASKED}(?:what|which) (?:days?|dates?)\b", "day date days dates", _is_day),
        (rf"{_ASKED}(?:what|which) (?:time|month|year)\b", "time month year", _is_time),
        (rf"{_ASKED}why\b", "", _is_reason),
        (rf"{_ASKED}when (?:{AUXILIARY})\b", "", _is_time),
        (rf"{_ASKED}where (?:can|could|do) (?:i|we|you|one) (?:find|get|see)\b", "find get see", _is_place),
        (rf"{_ASKED}where\b", "located situated", _is_place),
        (rf"{_ASKED}(?:what|which) colou?rs?\b", "colour color colours colors", _is_colour),
        (rf"{_ASKED}who(?:m|se)?\b", "", _is_person),
    )
)
