"""The judge behind an OpenAI-compatible server, through the openai client."""

from __future__ import annotations

import openai

from rag.errors import ModelUnavailable
from rag.models import judge_prompt
from rag.models.endpoints import NO_KEY, turns
from rag.verification.judge import probability_of_yes

_TOP = 10  # likeliest tokens asked for


class EndpointJudge:
    """A language model behind `/chat/completions` that answers yes or no; its log-probabilities are read, not its word.

    Raises:
        ModelUnavailable: from `probability`, when the server cannot be reached, fails, or gives no log-probabilities.
    """

    def __init__(self, url: str, *, model: str | None, api_key: str | None, timeout_s: float, retries: int) -> None:
        self._url = url.rstrip("/")
        self._model = model
        self._client = openai.OpenAI(
            base_url=self._url, api_key=api_key or NO_KEY, timeout=timeout_s, max_retries=retries
        )

    def probability(self, claim: str, window: str) -> float:
        asked = turns(judge_prompt(claim, window))
        try:
            if self._model is None:
                self._model = self._client.models.list().data[0].id
            answer = self._client.chat.completions.create(
                model=self._model, messages=asked, max_tokens=1, temperature=0, logprobs=True, top_logprobs=_TOP
            )
            told = answer.choices[0].logprobs
            likeliest = told.content[0].top_logprobs if told and told.content else []
        except (openai.OpenAIError, OSError, IndexError) as exc:
            raise ModelUnavailable(f"the judge at {self._url} failed: {exc or type(exc).__name__}") from exc
        if not likeliest:
            raise ModelUnavailable(f"the judge at {self._url} gives no log-probabilities")
        return probability_of_yes([(each.token, each.logprob) for each in likeliest])
