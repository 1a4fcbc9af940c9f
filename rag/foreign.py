"""Questions in another language than what was found for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from rag.languages import languages_of, spoken_language
from rag.translation import Translator
from rag.types import Hit


@dataclass(frozen=True, slots=True)
class ForeignQuestions:
    """Tells such questions, and has them translated where there is a `translator`.

    `language` is that of texts too short to tell.
    """

    translator: Translator | None = None
    language: str = "en"

    async def written(self, question: str, hits: Sequence[Hit]) -> str | None:
        """The language of most hits when it is not the question's; None when it is, or there are no hits."""
        return await asyncio.to_thread(self._written, question, hits)

    async def rendered(self, question: str, *, written: str) -> str | None:
        """The question in that language; None when nobody translates it."""
        return None if self.translator is None else await self.translator.render(question, written=written)

    def _written(self, question: str, hits: Sequence[Hit]) -> str | None:
        languages = languages_of(hits, self.language)
        foreign = bool(languages) and spoken_language(question, self.language) != languages[0]
        return languages[0] if foreign else None
