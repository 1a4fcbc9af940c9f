"""Instructions in a question about the form of the answer: `Round your answer to two decimal places.`

They are not sub-questions. English only.
"""

from __future__ import annotations

import re

_POLITE = r"(?:(?:and|also|then|but)\s+)?(?:(?:please|kindly)[,\s]+)?(?:(?:can|could|would) you (?:please )?)?"
_VERB = (
    r"(?:answer|respond|reply|return|report|express|present|format|write|round|state|give|provide|show|explain|justify|"
    r"describe|list|name|cite|quote|use|assume|address|calculate|compute|keep|limit|include|base|define|tell|say|"
    r"summari[sz]e|support|back|do|be|avoid|ignore|consider)"
)
_REPLY = (
    r"(?:answers?|responses?|repl(?:y|ies)|results?|reasoning|calculations?|workings?|work|steps|sources?|references?|"
    r"citations?|assumptions|conclusion|explanation|rationale|units?|decimals?|decimal places?|the question|"
    r"what (?:was|is) asked)"
)
_ABOUT_THE_REPLY = re.compile(
    rf"{_POLITE}(?:(?:don't|do not|never)\s+)?{_VERB}\s+(?:me\s+|us\s+)?(?:to\s+|with\s+)?"
    rf"(?:(?:the|your|a|an|all|any|both|its|each|final|full|short|brief|one|single|detailed|concise)\s+)*"
    rf"(?:[\w-]+\s+)?{_REPLY}\b(?!\s+(?:of|for|from|about)\s+(?:the|an?|this|that|[A-Z])\b)",
    re.IGNORECASE,
)
_MANNER = re.compile(
    rf"{_POLITE}(?:answer|respond|reply|be|round|express it|state it|give it|keep it)\s+"
    r"(?:in|with|by|as|from|using|based|only|to|up|down|briefly|concise\w*|short|brief|precise|specific)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    rf"{_POLITE}(?:define|assume|treat|consider|take|read|count)\s+.{{2,}}?\s(?:as|to be|that)\b", re.IGNORECASE
)
_CONDITIONAL = re.compile(
    r"(?:if|where|when|unless|in case)\b.{3,200}?(?:,\s*|\s)(?:(?:then|please|just|simply)\s+)*"
    r"(?:state|say|explain|tell|answer|write|respond|reply|give|note|mention|indicate|return)\s+(?:me\s+|us\s+)?"
    r"(?:that|so|it|this|why|with|as|no|none|not|unknown|n/a|[\"“'‘])",
    re.IGNORECASE | re.DOTALL,
)
_WHY_ALONE = re.compile(
    rf"{_POLITE}(?:explain|state|say|tell (?:me|us)|describe|show)\s+(?:(?:that|it|this)\s+and\s+)?"
    r"(?:briefly\s+)?(?:why(?: or why not)?|how(?: so)?|how you (?:got|found|know) (?:it|this|that)|yourself)\W*$",
    re.IGNORECASE,
)


def instructs(piece: str) -> bool:
    """Whether a part of a question only says how to answer."""
    piece = piece.strip()
    forms = (_ABOUT_THE_REPLY, _MANNER, _DEFINES, _CONDITIONAL, _WHY_ALONE)
    return any(form.match(piece) for form in forms)
