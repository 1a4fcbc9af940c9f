"""Lead-ins (`In 2022 the company had:`) and their list items, as language models write them.

A lead-in states nothing by itself. Its items are verified together with it: `Water damage` under `These are not
covered:` is not supported by a document that mentions water damage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence import EvidencePool
from rag.text import bare_item, content_stems, is_sentence, weighted_recall
from rag.types import Evidence

_LEAST_QUOTED = 0.5
_FIGURE_OF = re.compile(r"(?:\(?(?:FY ?)?(?:19|20)\d\d\)?[:,]?\s+)?[^\W\d_][^:=\n]{1,80}[:=][^:\n]*\d")
"""`Net sales: $82,959 million`, `2022: DSO = 36 days`."""


def is_quoted(item: str, quotes: Sequence[Evidence], pool: EvidencePool) -> bool:
    """Whether the quotes, with their titles and headings, have at least half of an item's words.

    The words of the lead-in alone are not enough.
    """
    said = content_stems(bare_item(item), pool.language)
    return weighted_recall(said, pool.content_of(quotes)) >= _LEAST_QUOTED


def says_something_alone(item: str, language: str) -> bool:
    """Whether an item makes a statement without its lead-in: it gives a figure for a thing, or is a sentence.

    Sentences are recognised in English only.
    """
    bare = bare_item(item)
    return _FIGURE_OF.match(bare) is not None or (language == "en" and is_sentence(bare.split()))
