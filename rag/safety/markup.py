"""Removes active markup from sentences: images, links, tags, and addresses that no evidence has.

A client that renders Markdown or HTML fetches an image without being asked, and its address can carry whatever a model
was talked into writing there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.types import Evidence

_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_LABEL = r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]"
_TARGET = r"(?:\((?:[^()]|\([^()]*\))*(?:\)|$)|\[[^\[\]]*\])"
_IMAGE = re.compile(rf"!{_LABEL}{_TARGET}?")
_LINK = re.compile(rf"{_LABEL}\((?:[^()]|\([^()]*\))*(?:\)|$)|{_LABEL}\[[^\[\]]*\]")
_TAG = re.compile(
    r"<\s*/?\s*(?:a|applet|area|audio|base|body|button|embed|form|frame|frameset|iframe|image|img|input|link|math|meta|"
    r"object|script|source|style|svg|template|track|video)\b[^>]*(?:>|$)|"
    r"<\s*[a-z][\w:-]*\s[^>]*=[^>]*(?:>|$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:/{2}|\bwww\.|\b(?:data|javascript|mailto|vbscript):)[^\s<>\"'`]+", re.I
)
_TRAILING = ".,;:!?)]}*_"


def inert(sentence: str) -> str:
    """A sentence without images, active tags and comments; of a Markdown link its label is left. Idempotent."""
    while (plainer := _plainer(sentence)) != sentence:  # what is left may be markup again
        sentence = plainer
    return sentence


def _plainer(sentence: str) -> str:
    plainer = _IMAGE.sub("", _COMMENT.sub("", sentence))
    plainer = _TAG.sub("", _LINK.sub(lambda link: link[1] if link[1] is not None else link[2], plainer))
    return sentence if plainer == sentence else " ".join(plainer.split())


def unknown_addresses(sentence: str, evidence: Sequence[Evidence]) -> list[str]:
    """The addresses in a sentence that none of its quotes contains character for character."""
    found = (match[0].rstrip(_TRAILING) for match in _ADDRESS.finditer(sentence))
    return [each for each in found if not any(each in quote.quote for quote in evidence)]
