"""Full stops that end no sentence, in all languages at once: of abbreviations, of ordinal numbers, of initials.

Documents of several languages stand in one collection, and a sentence is too short to tell its language for certain.
So every rule holds in every language, and has no word that ends English sentences.
"""

from __future__ import annotations

import re
from functools import cache

from rag.text.quantities import month_names

_TITLES = frozenset(
    "dr dra prof hr hrn dhr mevr sr sra srta dña mme mlle dott sig sigg sigra ing inż mgr bp ks lek inj dipl "
    "ste eng sv ul al pl av avda avd bd cad sok mah im ул пр пер пл наб им гр акад проф डॉ د".split()
)
"""Before a name: of a person, of a street."""
_OPEN = frozenset(
    "bijv bv evtl ggf inkl exkl zzgl vgl sog bzw np tzn tzw tzv zob env cf např napr popř příp bkz örn esim vrt feks "
    "bla tex bl vd см напр enz bes insb allg bspw etw uds pga zgl".split()
)
"""In the middle of a sentence, whatever follows."""
_NUMBERED = frozenset(
    "nr nrs no nos n núm num č čís čl art arts abs s str p pp pag pagg pág págs blz kap cap chap ch fig rys obr abb "
    "vol tel tél fax godz kl ok ca cca circa max ab ul ст п рис стр д кв тел ок гл u § bl sz л ust par poz".split()
)
"""Before a number."""
_CLOSING = frozenset(
    "usw etc itd itp osv uam tj тд тп atd apod std sek tj др ч г гг в вв руб коп т тыс млн mwst ud "
    "uu kr vb wö jh".split()
)
"""Often the last word: the sentence goes on where a small letter follows."""
_IN_CAPITALS = frozenset(["EE", "UU", "MM"])
_CAPITALISED = frozenset(["MM", "Dl", "Dna", "EE", "Ms", "Mx"])
"""Before a name or the other half, but only in this case of letters."""
_LAST = re.compile(r"(?:^|[\s(\[„“\"'’/-])((?:[^\W\d_]\.\s?){0,3}[^\s\d.,;:!?()]+|n\.º)\.\s*$")
_FIRST = re.compile(r"[\"“„«(]?([^\W\d_]+|\d)")
_COUNTED = re.compile(r"\d\s*$")
_ORDINAL = re.compile(r"(?:^|[\s(])(?:\d{1,4}|[IVX]{1,6})\.\s*$")
_DAY_AND_MONTH = re.compile(r"\s*(?:0?\d|1[0-2])\.(?!\d)")
_BEFORE_YEAR, _YEAR = re.compile(r"(?:^|[\s(])\d{1,2}\.\s\d{1,2}\.\s*$"), re.compile(r"\s*[12]\d{3}(?!\d)")
_DAY = re.compile(r"(?:^|[\s(])(?:[0-2]?\d|3[01])\.\s*$")
_AFTER_MARK = re.compile(r"(?:^|[:,;(–-]\s*)\d{1,2}\.\s*$")
_LED_IN = re.compile(
    r"(?<!\bI )\b(?:am|im|der|den|dem|des|das|vom|zum|zur|beim|bis|ab|seit|ins|ans|jede[rsnm]?)"
    r"\s(?:\d{1,2}|[IVX]{1,5})\.\s*$",
    re.IGNORECASE,
)
_NO_NOUNS = frozenset(
    "der die das den dem des ein eine einer er sie es wir ich ihr man in im am an auf aus bei mit nach von vor zu zum "
    "zur für seit bis danach dann auch dort hier jetzt heute morgen alle viele wer was wo wie wann dabei dazu damit "
    "außerdem jedoch aber und oder wenn weil als dieser diese dieses".split()
)
_INITIAL = re.compile(r"(?:^|[\s(.])[\u0400-\u042f]\.\s*$")
_ORDINAL_LANGUAGES = tuple("cs da de et eu fi hr hu is lt lv no pl sk sl sr tr".split())
"""Two-letter codes of languages that write a full stop after an ordinal number."""


def goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on after the full stop at the end of `before`; of `after`, the first word counts."""
    first = _FIRST.match(after.lstrip())
    if first is None:
        return False
    in_date = (_DAY_AND_MONTH.match(after) and _LED_IN.search(before)) or (  # `am 3. 5. 2021`
        _YEAR.match(after) and _BEFORE_YEAR.search(before)
    )
    return bool(in_date) or _abbreviates(before, first[1]) or _counts(before, first[1])


def _abbreviates(before: str, word: str) -> bool:
    match = _LAST.search(before)
    if match is None or (match[1].isupper() and len(match[1]) > 1 and match[1] not in _IN_CAPITALS):
        return False
    short, ahead = re.sub(r"[.\s]", "", match[1]).lower(), before[: match.start(1)]
    if word.isdigit():
        return short in _NUMBERED or short in _OPEN or short.endswith("str")
    if short in _OPEN or match[1] in _CAPITALISED:
        return True
    if short in _TITLES and not ahead.endswith("et "):
        return True
    if short in ("г", "п") and word[0].isupper():  # `г. Москва`, but `в 1990 г. Сейчас`
        return _COUNTED.search(ahead) is None
    return word[0].islower() and (short in _CLOSING or short in _NUMBERED - {"no", "ok", "art", "par", "max"})


def _counts(before: str, word: str) -> bool:
    """An ordinal number, as in `am 4. Mai`, `im 3. Stock`, `3. patro`, `Ludwig II. baute`; the initial of a name."""
    if word[0].islower() and _ORDINAL.search(before):
        return True
    led_in = _LED_IN.search(before) is not None
    if word.lower() in _months() and _DAY.search(before):
        return led_in or _AFTER_MARK.search(before) is not None or word.lower() not in month_names("en")
    if led_in and word[0].isupper():
        return word.lower() not in _NO_NOUNS
    return word[0].isupper() and _INITIAL.search(before) is not None


@cache
def _months() -> frozenset[str]:
    return frozenset().union(*(month_names(each) for each in _ORDINAL_LANGUAGES))
