"""Moderators behind a URL, through the openai client: OpenAI's `/moderations`, and guard models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import openai

from rag.errors import ModelUnavailable
from rag.models import without_chat_marks
from rag.models.endpoints import direct_client
from rag.safety.moderation import Moderation

_NO_KEY = "none"
_REPLY_TOKENS = 32

OTHER = "harm"
"""The category of a guard model that says only yes."""
_OPENAI: Mapping[str, str] = {"illicit": "illegal"}
_LLAMA_GUARD: Mapping[str, str] = {
    "S1": "violence",
    "S2": "illegal",
    "S3": "sexual",
    "S4": "sexual",
    "S5": "defamation",
    "S6": "specialised advice",
    "S7": "privacy",
    "S8": "intellectual property",
    "S9": "violence",
    "S10": "hate",
    "S11": "self-harm",
    "S12": "sexual",
    "S13": "elections",
    "S14": "code interpreter abuse",
}
"""The hazard codes of Llama Guard 3, as its model card lists them, in our words where we have one."""
_CODE = re.compile(r"\bS\d{1,2}\b")
_YES_OR_NO = re.compile(r"^\W*(?:<score>\s*)?(yes|no)\b", re.IGNORECASE)


class _Endpoint:
    """The connection that both share."""

    def __init__(self, url: str, *, model: str, api_key: str | None, timeout_s: float) -> None:
        self._url = url.rstrip("/")
        self._model = model
        self._client = openai.OpenAI(
            base_url=self._url, api_key=api_key or _NO_KEY, timeout=timeout_s, http_client=direct_client(url)
        )

    @property
    def name(self) -> str:
        return self._model

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (openai.OpenAIError, OSError) as exc:
            raise ModelUnavailable(f"the moderator at {self._url} failed: {exc}") from exc


class ModerationEndpoint(_Endpoint):
    """A server that speaks OpenAI's `/moderations` and decides what is flagged; `hate/threatening` becomes `hate`."""

    def check(self, text: str) -> Moderation:
        with self._failures():
            results = self._client.moderations.create(model=self._model, input=text).results
        if not results:
            raise ModelUnavailable(f"the moderator at {self._url} sent no result")
        scores = _highest(results[0].category_scores.model_dump(by_alias=True))
        flagged = results[0].categories.model_dump(by_alias=True)
        over = {_ours(name) for name, is_flagged in flagged.items() if is_flagged}
        flags = tuple(sorted(over, key=lambda name: (-scores.get(name, 0.0), name)))
        return Moderation(flags, max(scores.values(), default=0.0), scores)


class GuardModel(_Endpoint):
    """A guard model behind `/chat/completions`, with its own chat template on the server.

    Supported replies are `safe`, `unsafe` with the codes of Llama Guard 3 in the next line, and the yes or no of
    Granite Guardian. Such a model reports no score: it is 1 or 0.
    """

    def check(self, text: str) -> Moderation:
        message = {"role": "user", "content": without_chat_marks(text)}
        with self._failures():
            completion = self._client.chat.completions.create(
                model=self._model,
                messages=[message],  # type: ignore[list-item]
                max_tokens=_REPLY_TOKENS,
                temperature=0,
            )
        reply = (completion.choices[0].message.content or "") if completion.choices else ""
        flags = guard_flags(reply)
        if flags is None:
            raise ModelUnavailable(f"{self._model} at {self._url} does not reply as a guard model does: {reply[:80]!r}")
        return Moderation(flags, float(bool(flags)), dict.fromkeys(flags, 1.0))


def guard_flags(reply: str) -> tuple[str, ...] | None:
    """The categories in a guard model's reply; None when it is not such a reply."""
    first = reply.strip().casefold()
    if first.startswith("unsafe"):
        codes = _CODE.findall(reply)
        return tuple(dict.fromkeys(_LLAMA_GUARD.get(code, code) for code in codes)) or (OTHER,)
    if re.match(r"safe\b", first):
        return ()
    answered = _YES_OR_NO.match(first)
    if answered is None:
        return None
    return (OTHER,) if answered[1] == "yes" else ()


def _ours(name: str) -> str:
    broad = name.partition("/")[0]
    return _OPENAI.get(broad, broad)


def _highest(scores: Mapping[str, float | None]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, score in scores.items():
        found[_ours(name)] = max(found.get(_ours(name), 0.0), score or 0.0)
    return found
