"""A moderator of one word."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.errors import ModelUnavailable
from rag.safety.moderation import Moderation


@dataclass
class WordModerator:
    """Flags `violence` where a text has a word, with its score; can be made to fail. Remembers what it has `seen`."""

    word: str = "bomb"
    fails: bool = False
    seen: list[str] = field(default_factory=list)
    name = "words"

    def check(self, text: str) -> Moderation:
        self.seen.append(text)
        if self.fails:
            raise ModelUnavailable("the moderator at http://test failed: gone")
        score = 0.9 if self.word in text else 0.1
        return Moderation(("violence",) if score > 0.5 else (), score, {"violence": score})
