"""Where objects are built from settings, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answerability import load_answerability
from rag.answering import Answerer
from rag.certificate import Guarantee, WatchedVerifier, read_certificate, versions_of
from rag.evidence import EvidenceFinder
from rag.extractive import ExtractiveAnswerer
from rag.generation import Generator
from rag.lexical import Bm25Encoder
from rag.rerank import CrossEncoderReranker, LateInteraction, NoRerank
from rag.retriever import Retriever, Weights
from rag.settings import SHIPPED_MODEL
from rag.store import CollectionSpec
from rag.verifier import BaselineVerifier, load_model

if TYPE_CHECKING:
    from rag.answerability import Answerability
    from rag.embedding import Embedder
    from rag.llm import ChatModel
    from rag.rerank import Reranker
    from rag.settings import Settings
    from rag.store import Store
    from rag.verifier import Verifier


@dataclass(frozen=True, slots=True)
class Rag:
    """The core, assembled: what the other rooms work with."""

    settings: Settings
    store: Store
    embedder: Embedder
    lexical: Bm25Encoder
    retriever: Retriever
    answerer: Answerer
    spec: CollectionSpec
    guarantee: Guarantee

    def close(self) -> None:
        """Give the store back."""
        self.store.close()


def build(settings: Settings, *, store: Store | None = None) -> Rag:
    """The core of these settings; `store` replaces the one they name.

    Raises:
        SettingError, ModelUnavailable, ModelCorrupt, StoreLocked, StoreUnavailable.
    """
    store = store if store is not None else build_store(settings)
    embedder = build_embedder(settings)
    lexical = Bm25Encoder(settings.language)
    weights = Weights(settings.candidates, settings.bm25_weight, settings.rerank_weight)
    retriever = Retriever(store, embedder, lexical, _reranker(settings, store), weights)
    spec = CollectionSpec(embedder.dimension, settings.token_storage, settings.dense_quantization)
    guarantee = build_guarantee(settings)
    answerer = _answerer(settings, retriever, embedder, guarantee)
    return Rag(settings, store, embedder, lexical, retriever, answerer, spec, guarantee)


def build_finder(settings: Settings, embedder: Embedder) -> EvidenceFinder:
    """What finds the sentences that bear on a claim."""
    return EvidenceFinder(embedder, language=settings.language)


def build_verifier(settings: Settings, finder: EvidenceFinder, *, threshold: float) -> Verifier:
    """The verifier that releases a sentence at this probability of support."""
    fitted = load_model("vectors" if _has_shipped_vectors(settings) else "words")
    return BaselineVerifier(finder, fitted, threshold=threshold)


def build_answerability(settings: Settings) -> Answerability:
    """What tells from the hits whether a question can be answered."""
    return load_answerability(vectors=_has_shipped_vectors(settings))


def build_guarantee(settings: Settings) -> Guarantee:
    """What is promised with these settings.

    Raises:
        SettingError: the certificate in the data folder cannot be read.
    """
    return Guarantee(read_certificate(settings.data_dir), versions_of(settings))


def _answerer(settings: Settings, retriever: Retriever, embedder: Embedder, guarantee: Guarantee) -> Answerer:
    finder = build_finder(settings, embedder)
    threshold = guarantee.threshold(otherwise=settings.support_threshold)
    verifier = build_verifier(settings, finder, threshold=threshold)
    return Answerer(
        retriever,
        finder,
        WatchedVerifier(verifier, guarantee),
        ExtractiveAnswerer(threshold=settings.relevance_threshold),
        _generator(settings),
        top_k=settings.top_k,
        parent_characters=settings.parent_characters,
        model={
            "llm": settings.llm_model,
            "embedding": embedder.name,
            "verifier": "baseline",
            "certificate": guarantee.record(),
        },
    )


def _has_shipped_vectors(settings: Settings) -> bool:
    return settings.embedding_url is None and settings.embedding_model == SHIPPED_MODEL


def _generator(settings: Settings) -> Generator | None:
    chat = build_chat(settings)
    if chat is None:
        return None
    return Generator(
        chat,
        context_tokens=settings.llm_context_tokens,
        max_tokens=settings.llm_max_tokens,
        language=settings.language,
    )


def build_store(settings: Settings) -> Store:
    """The store these settings name: a Qdrant server, or the embedded one."""
    if settings.qdrant_url:
        from rag.store.server import ServerStore

        key = settings.qdrant_api_key
        return ServerStore(
            settings.qdrant_url, api_key=key.get_secret_value() if key else None, grpc=settings.qdrant_grpc
        )
    from rag.store.embedded import EmbeddedStore

    return EmbeddedStore(settings.data_dir / "collections", min_free_mb=settings.min_free_mb)


def build_embedder(settings: Settings) -> Embedder:
    """The embedder these settings name: an endpoint, or a model in this process."""
    if settings.embedding_url:
        from rag.endpoints import RemoteEmbedder

        key = settings.embedding_api_key
        return RemoteEmbedder(
            settings.embedding_url,
            model=settings.embedding_model,
            api_key=key.get_secret_value() if key else None,
            batch=settings.embedding_batch,
        )
    from rag.embedding_local import LocalEmbedder

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
    from rag.endpoints import EndpointChat

    key = settings.llm_api_key
    return EndpointChat(
        settings.llm_url,
        model=settings.llm_model,
        api_key=key.get_secret_value() if key else None,
        timeout_s=settings.llm_timeout_s,
        connect_timeout_s=settings.llm_connect_timeout_s,
        retries=settings.llm_retries,
    )


def _reranker(settings: Settings, store: Store) -> Reranker:
    if settings.reranker == "cross-encoder":
        from rag.embedding_local import LocalCrossEncoder

        return CrossEncoderReranker(store, LocalCrossEncoder(settings.cross_encoder_model))
    return LateInteraction(store) if settings.reranker == "late-interaction" else NoRerank()
