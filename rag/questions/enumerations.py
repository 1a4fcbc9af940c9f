"""Lists in a question: `What is the load of the Ansel bridge and the depth of Lake Tessin?` asks for two things.

The things follow one question word or verb, each with an article and `of`. English only. One property of several
things, such as their difference, is one thing.
"""

from __future__ import annotations

import re

_HEAD = re.compile(
    r"\s*(?:(?:can|could|would) you (?:please )?|please )?"
    r"(?:what(?: is|'s| are| was| were)|(?:give|tell|show) (?:me|us)|list|name|state|tell|give|find)\s+"
    r"(?=the\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*,\s+and\s+(?=the\b)|\s*,\s+(?=the\b)|\s+and\s+(?=the\b)", re.IGNORECASE)
_THING = re.compile(r"the\s+(?P<what>(?:[\w'’-]+\s+){1,4}?)(?:of|for)\s+(?P<whose>[^,;?!]+?)[\s?.!]*$", re.IGNORECASE)
_OF_SEVERAL = frozenset(
    "difference differences relation relationship ratio sum total average mean comparison connection distance link "
    "similarity similarities combination balance contrast conflict agreement names product share order between".split()
)
_SINGULAR = re.compile(
    r"\s*(?:what(?: is|'s| was))\b|\s*(?:please )?(?:list|name|state|give|tell|show|find)\b", re.IGNORECASE
)
_NAMED = re.compile(r"(?:^|\s)(?:[A-Z]|\w*\d)")


def listed_things(question: str) -> tuple[str, ...]:
    """A question split before each further thing of a list; unsplit if it has no list."""
    head = _HEAD.match(question)
    if head is None:
        return (question,)
    cuts = list(_BETWEEN.finditer(question, head.end()))
    starts = [head.end(), *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(question)]
    things = [_THING.match(question[start:end]) for start, end in zip(starts, ends, strict=True)]
    if not cuts or not _each_of_its_own(things, singular=_SINGULAR.match(question) is not None):
        return (question,)
    return (question[: ends[0]], *(question[start:end] for start, end in zip(starts[1:], ends[1:], strict=True)))


def completed(part: str, before: str) -> str:
    """A listed thing with the question word or verb of its list."""
    head = _HEAD.match(before)
    if head is None or re.match(r"the\b", part, re.IGNORECASE) is None:
        return part
    return head[0] + part


def _each_of_its_own(things: list[re.Match[str] | None], *, singular: bool) -> bool:
    """Whether each thing is of another that is named, or of one at all where the question asks for one thing each."""
    found = [thing for thing in things if thing is not None]
    if len(found) < len(things) or _OF_SEVERAL & set(found[0]["what"].lower().split()):
        return False
    named = all(_NAMED.search(thing["whose"]) for thing in found)
    plural = re.search(r"[^s]s\s*$", found[0]["what"]) is not None
    return named or (singular and not plural)
