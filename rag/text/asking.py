"""Whether a question has content."""

from __future__ import annotations

import unicodedata

from rag.errors import QuestionError

_UNSEEN = ("C", "Z")  # categories: controls, marks of format, lone surrogates; separators


def require_words(question: str) -> None:
    """Nothing, unless no sign of a question can be seen.

    Raises:
        QuestionError: it is empty, or white space and invisible signs only.
    """
    if all(unicodedata.category(sign).startswith(_UNSEEN) for sign in question):
        raise QuestionError("the question is empty")
