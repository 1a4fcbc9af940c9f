"""OpenAI-compatible servers (vLLM first): the language model and the remote embedder, through the openai client."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import numpy as np
import openai

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.hosts import uses_proxy
from rag.models.chat_marks import without_chat_marks
from rag.models.embedding import normalise
from rag.models.llm import Message, Schema
from rag.models.tokens import estimated_tokens
from rag.models.usage import count_call
from rag.types import Embedding, FloatArray

NO_KEY = "none"  # the client insists on a key where the server wants none
_ASSUMED_WINDOW = 4096
_TOP_TOKENS = 10
_COUNTING_S = 5.0
UNNAMED = "the server's first model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible server: which of its models is meant (None: the first), and how long a request may take.

    A failed request is sent again up to `retries` times, with backoff.
    """

    url: str
    model: str | None
    api_key: str | None = field(repr=False)
    timeout_s: float
    connect_timeout_s: float
    retries: int

    @property
    def base_url(self) -> str:
        """The URL that paths are appended to."""
        return self.url.rstrip("/")

    @property
    def key(self) -> str:
        """The key as the client wants it: never empty."""
        return self.api_key or NO_KEY

    def client(self) -> openai.OpenAI:
        """A client for threads."""
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self.key,
            timeout=self._timeout,
            max_retries=self.retries,
            http_client=direct_client(self.url),
        )

    def async_client(self) -> openai.AsyncOpenAI:
        """A client for an event loop."""
        return openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.key,
            timeout=self._timeout,
            max_retries=self.retries,
            http_client=None if uses_proxy(self.url) else openai.DefaultAsyncHttpxClient(trust_env=False),
        )

    def unavailable(self, exc: Exception) -> ModelUnavailable:
        """What its callers raise when a request failed for good."""
        return ModelUnavailable(f"the language model at {self.base_url} failed: {exc or type(exc).__name__}")

    @property
    def _timeout(self) -> openai.Timeout:
        return openai.Timeout(self.timeout_s, connect=self.connect_timeout_s)


class EndpointChat:
    """A language model behind `/chat/completions`.

    Failed requests are tried again with backoff before the first piece of text, never after it.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._model = endpoint.model
        self._client = endpoint.async_client()
        self._counting = self._client.with_options(max_retries=0, timeout=_COUNTING_S)
        self._window: int | None = None
        self._tokenizes = True
        self._tells_tokens = True

    @property
    def name(self) -> str:
        return self._model or UNNAMED

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        with self._failures():
            await self._ask_server()
            stream = await self._streaming(messages, max_tokens)
            tokens = _Tokens(messages)
            cut_off = False
            try:
                async with stream:
                    async for chunk in stream:
                        tokens.reported(chunk.usage)
                        for choice in chunk.choices[:1]:
                            cut_off = cut_off or choice.finish_reason == "length"
                            if choice.delta.content:
                                tokens.written.append(choice.delta.content)
                                yield choice.delta.content
            finally:
                tokens.count()
            if cut_off:
                raise self._cut_off(max_tokens)

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        form: Any = {"type": "json_schema", "json_schema": {"name": "reply", "schema": dict(schema), "strict": True}}
        with self._failures():
            await self._ask_server()
            completion = await self._client.chat.completions.create(
                model=self.name, messages=turns(messages), max_tokens=max_tokens, temperature=0, response_format=form
            )
        choice = completion.choices[0] if completion.choices else None
        _count(messages, completion.usage, (choice.message.content or "") if choice is not None else "")
        if choice is not None and choice.finish_reason == "length":
            raise self._cut_off(max_tokens)
        try:
            reply = json.loads(choice.message.content or "") if choice is not None else None
        except ValueError:
            reply = None
        if not isinstance(reply, dict):
            raise ModelUnavailable(
                f"the language model at {self._endpoint.base_url} sent no JSON object: it needs structured output"
            )
        return reply

    async def aclose(self) -> None:
        await self._client.close()

    async def count_tokens(self, text: str) -> int:
        if self._tokenizes:
            url = self._endpoint.base_url.removesuffix("/v1") + "/tokenize"
            body = {"model": self.name, "prompt": without_chat_marks(text)}
            try:
                told: Any = await self._counting.post(url, cast_to=object, body=body)
                return int(told["count"])
            except openai.APIConnectionError:
                return estimated_tokens(text)  # next time, perhaps
            except (openai.OpenAIError, ValueError, TypeError, KeyError):
                self._tokenizes = False  # only vLLM counts for us
        return estimated_tokens(text)

    async def context_window(self) -> int:
        try:
            await self._ask_server()
        except (openai.OpenAIError, OSError) as exc:
            raise self._endpoint.unavailable(exc) from exc
        return self._window or _ASSUMED_WINDOW

    async def _streaming(self, messages: Sequence[Message], max_tokens: int) -> openai.AsyncStream[Any]:
        """A stream that ends with the tokens it took, where the server can tell them."""
        ask: Any = partial(
            self._client.chat.completions.create,
            model=self.name,
            messages=turns(messages),
            max_tokens=max_tokens,
            temperature=0,
            stream=True,
        )
        if self._tells_tokens:
            try:
                return cast("openai.AsyncStream[Any]", await ask(stream_options={"include_usage": True}))
            except (openai.BadRequestError, openai.UnprocessableEntityError) as exc:
                if "stream_options" not in str(exc):
                    raise
                self._tells_tokens = False  # some servers refuse what they do not know
        return cast("openai.AsyncStream[Any]", await ask())

    async def _ask_server(self) -> None:
        """Learn the model's name, when none is set, and its window, which vLLM tells."""
        if self._window is not None:
            return
        listed = (await self._client.models.list()).data
        if not listed:
            raise ModelUnavailable(f"the server at {self._endpoint.base_url} serves no model")
        chosen = next((model for model in listed if model.id == self._model), listed[0])
        self._model = self._model or chosen.id
        self._window = getattr(chosen, "max_model_len", None) or _ASSUMED_WINDOW

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Turns the client's errors, and those of the transport under it, into ours."""
        try:
            yield
        except AnswerCutOff:
            raise
        except (openai.OpenAIError, OSError) as exc:
            raise self._endpoint.unavailable(exc) from exc
        except Exception as exc:
            # A connection that breaks in the middle of a stream surfaces as the transport's own error, whose library
            # the openai client may change; anything else here is not ours to handle.
            if type(exc).__module__.partition(".")[0] not in ("httpx", "httpx2", "httpcore", "httpcore2"):
                raise
            raise self._endpoint.unavailable(exc) from exc

    def _cut_off(self, max_tokens: int) -> AnswerCutOff:
        return AnswerCutOff(f"{self.name} reached its limit of {max_tokens} tokens")


def turns(messages: Sequence[Message]) -> list[Any]:
    """Messages as the client takes them, without a mark of any chat template in their texts."""
    return [{"role": message.role, "content": without_chat_marks(message.content)} for message in messages]


def direct_client(url: str) -> openai.DefaultHttpxClient | None:
    """A client that heeds no proxy, for a server on this machine, which a proxy cannot reach; None: the usual one."""
    return None if uses_proxy(url) else openai.DefaultHttpxClient(trust_env=False)


class _Tokens:
    """The tokens of one stream: those that the server told last, or an estimate from what was read and written."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages
        self._usage: Any = None
        self.written: list[str] = []

    def reported(self, usage: Any) -> None:
        """Keep the token usage of a chunk, if it has any."""
        self._usage = usage or self._usage

    def count(self) -> None:
        """Count them, however the stream ended."""
        _count(self._messages, self._usage, "".join(self.written))


def _count(messages: Sequence[Message], usage: Any, written: str) -> None:
    if usage is not None and usage.prompt_tokens is not None and usage.completion_tokens is not None:
        count_call(usage.prompt_tokens, usage.completion_tokens)
    else:
        read = sum(estimated_tokens(message.content) for message in messages)
        count_call(read, estimated_tokens(written), estimated=True)


class EndpointFirstTokens:
    """A language model behind `/chat/completions` that generates one token, with the log-probabilities of alternatives.

    Safe to use from several threads.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._model = endpoint.model
        self._client = endpoint.client()

    @property
    def name(self) -> str:
        return self._model or UNNAMED

    def first_tokens(self, messages: Sequence[Message]) -> list[tuple[str, float]]:
        try:
            if self._model is None:
                self._model = self._client.models.list().data[0].id
            reply = self._client.chat.completions.create(
                model=self._model,
                messages=turns(messages),
                max_tokens=1,
                temperature=0,
                logprobs=True,
                top_logprobs=_TOP_TOKENS,
            )
        except (openai.OpenAIError, OSError, IndexError) as exc:
            if isinstance(exc, openai.APIStatusError) and "logprob" in str(exc).casefold():
                return []  # some servers refuse rather than leave them out
            raise self._endpoint.unavailable(exc) from exc
        _count(messages, reply.usage, "x")
        told = reply.choices[0].logprobs if reply.choices else None
        likeliest = told.content[0].top_logprobs if told and told.content else []
        return [(each.token, each.logprob) for each in likeliest]


class RemoteEmbedder:
    """An embedding model behind `/embeddings`; such servers give no token vectors.

    Raises:
        ModelUnavailable: from any method, when the server cannot be reached or fails.
    """

    def __init__(self, url: str, *, model: str, api_key: str | None, batch: int = 32) -> None:
        self._url = url.rstrip("/")
        self._model = model
        self._batch = batch
        self._client = openai.OpenAI(base_url=self._url, api_key=api_key or NO_KEY, http_client=direct_client(url))
        self._dimension: int | None = None

    @property
    def name(self) -> str:
        return self._model

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            self._dimension = len(self.embed_query("dimension").dense)
        return self._dimension

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        """In batches of texts of like length, so that the server pads little."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found: dict[int, Embedding] = {}
        for start in range(0, len(order), self._batch):
            batch = order[start : start + self._batch]
            found |= dict(zip(batch, self._embed([texts[i] for i in batch]), strict=True))
        return [found[i] for i in range(len(texts))]

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        rows = [embedding.dense for embedding in self.embed_documents(texts)]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        return self.embed_documents(texts)

    def embed_query(self, text: str) -> Embedding:
        return self._embed([text])[0]

    @property
    def count_tokens(self) -> Callable[[str], int]:
        return estimated_tokens

    def _embed(self, texts: Sequence[str]) -> list[Embedding]:
        try:
            response = self._client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        except (openai.OpenAIError, OSError) as exc:
            raise ModelUnavailable(f"the embedding model at {self._url} failed: {exc}") from exc
        rows = normalise(np.array([item.embedding for item in response.data], dtype=np.float32))
        return [Embedding(row, np.zeros((0, rows.shape[1]), dtype=np.float32)) for row in rows]
