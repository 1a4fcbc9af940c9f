"""`footnote mcp`: the tools over standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.handover import Question
    from rag.settings import Settings
    from rag.types import Answer, Evidence, Hit


class OneByOne:
    """Answers each call by itself, where questions of commands are answered: nothing is held between calls."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def ask(self, question: Question) -> Answer:
        return await asyncio.to_thread(self._ask, question)

    async def search(self, question: Question) -> Sequence[Hit]:
        return await asyncio.to_thread(self._search, question)

    def link(self, evidence: Evidence, collection: str) -> None:
        """Nothing here shows pages."""

    def _ask(self, question: Question) -> Answer:
        from api.cli.asking import answers, whole_answer

        with answers(self._of(question)) as place:
            return whole_answer(place, question)

    def _search(self, question: Question) -> Sequence[Hit]:
        from api.cli.asking import answers

        with answers(self._of(question)) as place:
            return place.search(question)

    def _of(self, question: Question) -> Settings:
        return self._settings.model_copy(update={"collection": question.collection})


def run_tools(settings: Settings) -> None:
    """Serve until the input ends."""
    from api.tools import build_tools

    source = OneByOne(settings)
    build_tools(lambda _request: source, settings.collection, str).run("stdio")
