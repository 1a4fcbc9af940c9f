"""What understands questions, with little to understand."""

from __future__ import annotations

from rag.retrieval.spelling import Spelled


class OneTypingError:
    """Knows `batery`; with a `collection` named, in that one only."""

    def __init__(self, collection: str | None = None) -> None:
        self._collection = collection

    def spelled(self, question: str, *, collection: str) -> Spelled:
        known = self._collection in (None, collection)
        if not known or "batery" not in question:
            return Spelled(question, ())
        return Spelled(question.replace("batery", "battery"), (("batery", "battery"),))
