"""Names and identifiers: the words of a claim that cannot be paraphrased.

A capitalised word inside a sentence is a name. At the start of a sentence, where every word is
capitalised, it is one unless it is an ordinary English word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.quantities import unit_named
from rag.text.words import fold, is_common, stem, tokens

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_START_CHARACTERS = 80
_START = re.compile(r"(?:^|[.!?:;|>\n]|[\"“‘(\[*_#`])[\s\"“‘(\[*_#`>-]*$")
_SHORT_FORMS = (
    (re.compile(r"\b(?:[Tt]he )?United States(?: of America)?\b|\bU\.S\.(?:A\.?)?|\bUSA\b"), "US"),
    (re.compile(r"\b(?:[Tt]he )?United Kingdom\b|\bU\.K\."), "UK"),
    (re.compile(r"\b(?:[Tt]he )?European Union\b|\bE\.U\."), "EU"),
    (re.compile(r"\b(?:[Tt]he )?United Nations\b|\bU\.N\."), "UN"),
)
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_NO_NAMES = frozenset("i i'm i've i'd i'll mr mrs ms dr".split())
_SMALL_WORDS = frozenset("of the and for in on de".split())
_TITLE_SHARE, _TITLE_WORDS = 0.7, 4
_FEWEST_INITIALS = 3

_IDENTIFIER = re.compile(
    r"(?<!`)`(?![`\s])[^`\n]+(?<!\s)`(?!`)"  # not what stands between two ``quotes''
    r"|https?://[^\s)>\]]+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<![\w-])--[a-z][\w-]+"
    r"|(?<![\w/])/?(?:[\w.-]+/){2,}[\w.-]*\w|(?<![\w])[\w-]+(?:\.[A-Za-z_][\w-]*)*\.(?:ya?ml|json|toml|py|conf|cfg|ini|txt|md|sh|log|exe|csv)\b"
    r"|\b\w*[A-Za-z]\w*_\w+\b|\b[a-z]+[A-Z]\w*\b"
    r"|(?<![\w.])v?\d+(?:\.\d+){2,}(?:-[\w.]+)?(?!\w)|(?<![\w.])v\d+(?:\.\d+)*(?!\w)"
    r"|(?<![\w.])\+?\d+(?:-\d+){2,}(?!\w)"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|(?<![\w.,$€£¥-])(?=[\w/+-]*\d)(?=[\w/+-]*[A-Za-z])[A-Za-z0-9]+(?:[-/+.](?=\w)[A-Za-z0-9]+)*"
)
_PLAIN_NUMBER = re.compile(r"[$€£¥]?\d[\d,]*(?:\.\d+)?(?:[-/]?[a-z]+(?:[-/][a-z]+)*|[KMBX]|[KMGT]B)?$")
_WITH_UNIT = re.compile(r"(?:\d[\d,]*(?:\.\d+)?)?([^\W\d_]+(?:/[^\W\d_]+)?)")
_WORD_THEN_NUMBER = re.compile(
    r"(?:mid|pre|post|early|late|non|sub|top|age|aged|to|of|in|and|or|the|a)-\d", re.IGNORECASE
)
_TRAILING_WORDS = re.compile(r"(?:[-/][a-z]{3,})+$")
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d{2}))?\s?([ap])\.?m\b\.?", re.IGNORECASE)
_QUARTER = re.compile(r"\b([1-4])(?:st|nd|rd|th)[\s-]quarter\b", re.IGNORECASE)
_QUARTER_WORD = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_SPELLED_QUARTER = re.compile(r"\b(first|second|third|fourth)[\s-]quarter\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The words a text can lend to a claim: folded words with their stems, and as they were written."""

    folded: frozenset[str]
    written: frozenset[str]
    initials: str
    text: str


def uniform(text: str) -> str:
    """Text in which states' short forms, dotted acronyms, times of day and quarters have one spelling."""
    for pattern, short in _SHORT_FORMS:
        text = pattern.sub(short, text)
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    text = _SPELLED_QUARTER.sub(lambda match: f"Q{_QUARTER_WORD[match[1].lower()]}", _QUARTER.sub(r"Q\1", text))
    return _CLOCK.sub(_as_clock, text)


def take_identifiers(text: str) -> tuple[tuple[str, ...], str]:
    """Codes, versions, paths, flags and times of a text, and the text with blanks in their place."""
    found: list[str] = []

    def blank(match: re.Match[str]) -> str:
        written = match[0].strip("`")
        if (
            _PLAIN_NUMBER.match(written)
            or _is_measured(written)
            or _WORD_THEN_NUMBER.match(written)
            or not written.strip()
        ):
            return match[0]
        code = _TRAILING_WORDS.sub("", written) if not match[0].startswith("`") and "://" not in written else written
        found.append(code if re.search(r"\d", code) else written)
        return " " * len(match[0])

    rest = _IDENTIFIER.sub(blank, text)
    return tuple(dict.fromkeys(found)), rest


def _is_measured(written: str) -> bool:
    """A unit, with its number or after it: `10A`, `kWh`."""
    match = _WITH_UNIT.fullmatch(written)
    return match is not None and bool(unit_named(match[1]))


def mentions(text: str) -> Mentions:
    """What a text of evidence mentions."""
    written = _WORD.findall(text)
    folded = [part for token in tokens(text) for part in (token, stem(token))]
    bare = frozenset(re.sub(r"['’]s?$", "", word) for word in written)
    return Mentions(frozenset(folded), bare, _initials(written), fold(text))


def names(text: str) -> tuple[str, ...]:
    """The names of a claim in order, word by word, possessives cut."""
    words = list(_WORD.finditer(text))
    heading = _is_heading([match[0] for match in words])
    found: list[str] = []
    for match in words:
        word = re.sub(r"['’]s?$", "", match[0])
        if not any(char.isupper() for char in word) or fold(word) in _NO_NAMES:
            continue
        before = text[max(0, match.start() - _START_CHARACTERS) : match.start()]  # all of it would take squared time
        begins = heading or _START.search(before) is not None
        acronym = word.isupper() and len(word) > 1 and not heading
        if acronym or not (begins and is_common(fold(word))):
            found.append(word)
    return tuple(dict.fromkeys(found))


def has_name(name: str, evidence: Mentions) -> bool:
    """The evidence mentions the name, in any case and inflection; an acronym also by words with its initials."""
    token = fold(name)
    if name.isupper() and len(name) > 1:
        if name in evidence.written or (token in evidence.folded and not is_common(token)):
            return True
        return len(name) > 2 and token in evidence.initials  # noqa: PLR2004
    return token in evidence.folded or stem(token) in evidence.folded


def is_initials(name: str, text: str) -> bool:
    """Whether a name of three capitals or more is the first letters of words that stand in a row in a text."""
    letters = name.casefold()
    if not name.isupper() or len(name) < _FEWEST_INITIALS:
        return False
    return letters in "".join(word[0].casefold() for word in _WORD.findall(text) if word not in _SMALL_WORDS)


def has_identifier(identifier: str, evidence: Mentions) -> bool:
    """The evidence has the identifier as a whole: not as a part of a longer one; `COVID 19` is `COVID-19`."""
    code = fold(identifier).strip()
    pieces = [re.escape(piece) for piece in re.split(r"[-_\s]+", code) if piece]
    versioned = re.match(r"v?\d+\.", code) is not None
    body = "[-_ ]?".join(pieces)
    body = f"v?{body.removeprefix('v')}" if versioned else body
    pattern = rf"(?<!\w)(?<!\w-)(?<!\d\.){body}(?!\w)(?!\.\d)(?!-\d)"
    return re.search(pattern, evidence.text) is not None or code in evidence.text.split()


def _initials(words: list[str]) -> str:
    """First letters of each run of capitalised words: `the World Health Organization in` gives ` who `."""
    telling = [word for word in words if word not in _SMALL_WORDS]
    letters = "".join(word[0] if word[0].isupper() else " " for word in telling)
    return f" {letters.casefold()} "


def _is_heading(words: list[str]) -> bool:
    telling = [word for word in words if word.lower() not in _SMALL_WORDS]
    capitals = sum(word[0].isupper() for word in telling)
    shouted = sum(word.isupper() and len(word) > 1 for word in telling)
    enough = len(telling) >= _TITLE_WORDS
    return enough and (capitals >= _TITLE_SHARE * len(telling) or shouted >= _TITLE_SHARE * len(telling))


def _as_clock(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02d}:{match[2] or '00'}"
