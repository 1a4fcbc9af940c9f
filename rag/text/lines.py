"""Whether the end of a line ends a sentence: in logs, verse, addresses and code, but not in wrapped paragraphs.

The decision depends only on a line and the start of the next one, so that a stream can be split as it arrives.
"""

from __future__ import annotations

import re

from rag.text.traces import begins_trace, is_trace

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_RECORD_BEGINS = (
    r"[\[(<]?\d{4}[-/.]\d\d[-/.]\d\d(?:\b|T\d)",
    r"[\[(]?\d{1,2}:\d\d(?::\d\d)?\b",
    rf"[\[(]?\d{{1,2}}[-/. ](?:{_MONTH}|\d\d)[-/. ]\d{{4}}\b",
    rf"{_MONTH}\s+\d{{1,2}}(?:\s+\d\d?:\d\d|,\s\d{{4}})",
    r"[IWEF]\d{4}\s",
    r"\d{1,3}(?:\.\d{1,3}){3}\s",
    r"[\[<]?(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|TRACE|DBG|INF|WRN|ERR)\b",
    r"<\d{1,3}>",
    r"\[?\d{9,13}\b",
    r"\w[\w.]*=\S",
)
_RECORD = re.compile(rf"\s*(?:{'|'.join(_RECORD_BEGINS)})")
_FIELD = re.compile(r"\s*[^\s:|][^:|\n]{0,60}:(?:\s|$)")
_CODE = re.compile(
    r"[+-]?\s*(?:[\w.\[\]\"'$@-]+\s*(?:[-+*/|:]?=)\s*\S|(?:def|class|return|import|func|fn|const|var|let|public|private|static"
    r"|elif|else|export|package|using|namespace)\b.*[\w(){};:'\"]|(?:if|for|while|with|except|catch|switch)\b.*[:{]\s*$|[})\]]+[;,]?\s*$|(?://|/\*|\*/|#!|#include|@\w)"
    r"|.*[{};]\s*$|.*\w\([^()]*\)\s*[:;{]?\s*$|[A-Z]{3,}\s+\S.*[/:=.]\S)"
)
_IS_RULE = re.compile(r"\s*(?:[^\w\s]{3,}|[\w.-]+:\s+[|>][-+]?)\s*$")  # also one that opens a text of YAML
_MESSAGE, _TRANSLATED = re.compile(r"msg(?:id|ctxt)"), re.compile(r"msg(?:id_plural|str)\b")
_SHAPE = 12  # characters
_EQUATION_ENDS = re.compile(r"[=≈]\s*[^=≈A-Za-z]*\d[\d,.]*[)\]]*(?:\s?%|(?:\s?[a-z]+){1,2})?[*_]*$")
_NEXT_SIDE = re.compile(r"\s*[=≈]\s")
_EQUATION = re.compile(r"\s*(?P<label>[*_]*[^\W\d_][^=≈\n]{0,80}?)\s*[=≈](?!=)")
_IS_WORKED_OUT = re.compile(
    r"[=≈]\s*(?:about\s|approximately\s)?[-−–]?\(?[$€£]?\d[\d,.]*\)?(?:\s?%|\s?[a-z]+){0,2}[.*_]*$"
)
_FIGURE = re.compile(
    r"\s*[*_]*[^\W\d_][^:|\n]{0,60}:[*_]*\s.*(?:[$€£]\s?\d|\d\s?(?:%|thousand\b|million\b|billion\b)).*(?<![-–—/&+=(,])\s*$",
    re.I,
)
_STATEMENT_BEGINS = re.compile(r"\s*[A-Z$€£(*\d]")
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_LONGEST_STATEMENT, _LONGEST_WORD = 300, 40
_FITS, _FITS_ANYWAY = 50, 40  # characters of a line; paragraphs are wrapped at more
_OPEN_END = re.compile(r"[-–—/&+=(]$")
_LEADING_ON = frozenset(
    "a an the of in on at by for from to with without into onto over under between per and or but nor as than that "
    "which who whose is are was were be been has have had will would can could may might must shall should not no if "
    "when while because its their his her our your my this these those der die das den dem des ein eine und oder von "
    "zu mit für auf im am le la les des du de et ou un une el los las y o del".split()
)
_LAST_WORD = re.compile(r"[^\W\d_]+$")


def starts_anew(before: str, line: str) -> bool:
    """Whether `line` starts a new statement instead of continuing `before`, the line above with its end."""
    if not line.strip() or not before.strip():
        return True
    if not before.endswith("\n"):
        return False
    if are_records(before, line) or is_trace(before) or begins_trace(line) or _ends_itself(before, line):
        return True
    if goes_on(before.strip()) or (_MESSAGE.match(before) and _TRANSLATED.match(line)):
        return False
    if _FIELD.match(before) and _FIELD.match(line):  # a record of `key: value` lines is one, unless they are nested
        return before.rstrip().endswith(":") or line[0].isspace()
    hangs = line[0].isspace() and not before[0].isspace()  # the second line of an item
    return (not hangs and _had_room(before.strip(), line.lstrip())) or (_is_code(before) and _is_code(line))


def tells_a_figure(line: str) -> bool:
    """Whether a line gives an amount or a share for a thing: `Net sales: $82,959 million`."""
    return _FIGURE.match(line) is not None


def goes_on_calculating(before: str, line: str, *, whole: bool) -> bool:
    """Whether a line goes on with the equation above it: `= $300 / $400`, or `Ratio = 0.75` after `Ratio = $3 / $4`.

    A line that is not `whole` does if it may.
    """
    if _NEXT_SIDE.match(line) and before.strip():
        return True
    told = _EQUATION.match(before)
    if told is None or _IS_WORKED_OUT.search(before.rstrip()):
        return False
    again = _EQUATION.match(line)
    if again is None:
        return not whole and f"{told['label']} ".startswith(line.lstrip())
    return again["label"] == told["label"]


def _ends_itself(before: str, line: str) -> bool:
    """Whether a line is a rule, or a calculation with its result before a line that may begin a sentence."""
    is_worked = _EQUATION_ENDS.search(before.strip()) is not None and _STATEMENT_BEGINS.match(line) is not None
    return is_worked or _IS_RULE.match(before) is not None


def _is_code(line: str) -> bool:
    return len(line) <= _LONGEST_STATEMENT and _CODE.match(line) is not None


def are_records(before: str, line: str) -> bool:
    """Whether two lines begin as records of a log do, or with numbers and letters at the very same places."""
    if _RECORD.match(before) and _RECORD.match(line):
        return True
    shape = _shape(before)
    return len(shape) == _SHAPE and "9" in shape and shape == _shape(line)


def are_own_lines(before: str, line: str) -> bool:
    """Whether two lines are log records, a record and its code line, or both code, which a page may print as wide as
    a paragraph.
    """
    told = _RECORD.match(before) is not None and _is_code(line)
    return told or are_records(before, line) or (_is_code(before) and _is_code(line))


def _shape(line: str) -> str:
    """The beginning of a line with every digit as 9 and every letter as a."""
    return _LETTER.sub("a", _DIGIT.sub("9", line.lstrip()[:_SHAPE]))


def goes_on(before: str) -> bool:
    """Whether a line ends in the middle of a phrase."""
    last = _LAST_WORD.search(before[-_LONGEST_WORD:])
    return _OPEN_END.search(before) is not None or (last is not None and last[0] in _LEADING_ON)


def _had_room(before: str, line: str) -> bool:
    """Whether a line ends although the next word would have fitted on it, in any case if that has no capital."""
    first = line.split(maxsplit=1)[0]
    return len(before) + 1 + len(first) <= (_FITS if first[0].isupper() else _FITS_ANYWAY)
