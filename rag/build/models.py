"""The models that settings name: in this process, or behind an endpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rag.errors import SettingError
from rag.safety import LocalModerator, load_linear_model
from rag.settings import SHIPPED_MODEL, revealed
from rag.verification.readers import AutoReader, LlmReader, after_the_draft, of_the_window, read_calibrations

if TYPE_CHECKING:
    from rag.models import ChatModel, Embedder, SentenceVectors
    from rag.models.embedding_light import LightEmbedder
    from rag.safety import Moderator
    from rag.settings import Settings
    from rag.verification.readers import Reader


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a core that compute vectors; `shipped` gives the shipped one's, whatever else embeds."""

    embedder: Embedder
    shipped: Callable[[], SentenceVectors]


def build_models(settings: Settings) -> Models:
    """Models for many questions and for documents: the quickest there are, once they are loaded.

    Where another model embeds, the shipped one reads only questions and answers, and needs no framework for that.

    Raises:
        ModelUnavailable, ModelCorrupt.
    """
    embedder = build_embedder(settings)
    return Models(embedder, (lambda: embedder) if has_shipped_vectors(settings) else partial(build_light, settings))


def build_light_models(settings: Settings) -> Models:
    """Models for one question: ready at once, with the same vectors up to the rounding of bfloat16.

    Where these settings name another model than the shipped one, or a device or precision for it, it is loaded as ever.

    Raises:
        ModelUnavailable, ModelCorrupt.
    """
    light = build_light(settings)
    as_asked = settings.embedding_device == "cpu" and settings.embedding_dtype != "bfloat16"
    embedder = light if as_asked and has_shipped_vectors(settings) else build_embedder(settings)
    return Models(embedder, lambda: light)


def build_light(settings: Settings) -> LightEmbedder:
    """The shipped embedding model without a framework, whatever else these settings name.

    Raises:
        ModelCorrupt.
    """
    from rag.models.embedding_light import LightEmbedder
    from rag.models.weights import read_shipped_model

    return LightEmbedder(
        read_shipped_model(), max_tokens=settings.embedding_max_tokens, token_vectors=settings.token_vectors
    )


def build_embedder(settings: Settings) -> Embedder:
    """The embedder these settings name: an endpoint, or a model in this process."""
    if settings.embedding_url:
        from rag.models.endpoints import RemoteEmbedder

        return RemoteEmbedder(
            settings.embedding_url,
            model=settings.embedding_model,
            api_key=revealed(settings.embedding_api_key),
            batch=settings.embedding_batch,
        )
    from rag.models.embedding_local import LocalEmbedder

    return LocalEmbedder(
        settings.embedding_model,
        dtype=settings.embedding_dtype,
        device=settings.embedding_device,
        batch=settings.embedding_batch,
        max_tokens=settings.embedding_max_tokens,
        token_vectors=settings.token_vectors,
        threads=settings.embedding_threads,
    )


def build_chat(settings: Settings) -> ChatModel | None:
    """The language model these settings name, or None."""
    if not settings.llm_url:
        return None
    from rag.models.endpoints import Endpoint, EndpointChat

    return EndpointChat(
        Endpoint(
            url=settings.llm_url,
            model=settings.llm_model,
            api_key=revealed(settings.llm_api_key),
            timeout_s=settings.llm_timeout_s,
            connect_timeout_s=settings.llm_connect_timeout_s,
            retries=settings.llm_retries,
        )
    )


def has_shipped_vectors(settings: Settings) -> bool:
    """Whether the shipped embedding model embeds."""
    return settings.embedding_url is None and settings.embedding_model == SHIPPED_MODEL


def build_reader(settings: Settings) -> Reader | None:
    """The reader these settings name; None where the verifier reads by itself.

    Raises:
        SettingError: FOOTNOTE_READER asks for a language model and none is set, or for one that no adapter knows.
        ModelUnavailable: a published checker cannot be had.
    """
    if settings.reader.startswith("hub:"):
        from rag.verification.readers.hub import HubReader

        model = settings.reader.removeprefix("hub:")
        calibrations = read_calibrations(settings.data_dir)
        return HubReader(model, device=settings.embedding_device, calibrations=calibrations)
    if settings.reader == "llm":
        return build_llm_reader(settings)
    served = settings.llm_url is not None or settings.reader_url is not None
    return AutoReader(build_llm_reader(settings)) if settings.reader == "auto" and served else None


def build_llm_reader(settings: Settings) -> LlmReader:
    """The language model as a reader: the drafting model, or the one at FOOTNOTE_READER_URL.

    The drafting model reads the passages of the prompt, which its server has cached; another one reads the premise
    window.

    Raises:
        SettingError: no language model is set.
    """
    url = settings.reader_url or settings.llm_url
    if url is None:
        raise SettingError("there is no language model to read with: set FOOTNOTE_READER_URL or FOOTNOTE_LLM_URL")
    from rag.models.endpoints import Endpoint, EndpointFirstTokens

    own = settings.reader_url is not None
    model = settings.reader_model or (None if own else settings.llm_model)
    tokens = EndpointFirstTokens(
        Endpoint(
            url=url,
            model=model,
            api_key=revealed(settings.reader_api_key if own else settings.llm_api_key),
            timeout_s=settings.llm_timeout_s,
            connect_timeout_s=settings.llm_connect_timeout_s,
            retries=settings.llm_retries,
        )
    )
    drafts = not own and model == settings.llm_model
    asking = after_the_draft if drafts else of_the_window
    return LlmReader(tokens, asking=asking, calibrations=read_calibrations(settings.data_dir))


def build_moderator(settings: Settings, shipped: Callable[[], SentenceVectors]) -> Moderator:
    """The moderator these settings name; the local one reads the vectors of the shipped model."""
    if settings.moderation_url:
        from rag.safety.moderation_endpoints import GuardModel, ModerationEndpoint

        kind = GuardModel if settings.moderation_api == "guard" else ModerationEndpoint
        return kind(
            settings.moderation_url,
            model=settings.moderation_model,
            api_key=revealed(settings.moderation_api_key),
            timeout_s=settings.moderation_timeout_s,
        )
    return LocalModerator(shipped(), load_linear_model())
