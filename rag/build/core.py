"""The core, assembled from settings; nowhere else are objects built from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.build.answerer import build_answerer, build_guarantee
from rag.build.models import build_chat, build_models
from rag.retrieval import (
    Bm25Encoder,
    CrossEncoderReranker,
    DictionarySpeller,
    LateInteraction,
    NoRerank,
    NoSpeller,
    Retriever,
    Speller,
    Weights,
)
from rag.store import CollectionSpec
from rag.text import DICTIONARIES

if TYPE_CHECKING:
    from rag.answering import Answering
    from rag.build.models import Models
    from rag.models import ChatModel, Embedder
    from rag.owner import Doorway
    from rag.retrieval import Reranker
    from rag.settings import Settings
    from rag.store import Store
    from rag.verification import Guarantee
    from rag.verification.readers import Reader


@dataclass(frozen=True, slots=True)
class Rag:
    """The core, assembled: what the other rooms work with."""

    settings: Settings
    store: Store
    embedder: Embedder
    lexical: Bm25Encoder
    retriever: Retriever
    answerer: Answering
    spec: CollectionSpec
    guarantee: Guarantee
    chat: ChatModel | None = None

    def close(self) -> None:
        """Give the store back."""
        self.store.close()


def build(
    settings: Settings,
    *,
    store: Store | None = None,
    models: Models | None = None,
    chat: ChatModel | None = None,
    reader: Reader | None = None,
) -> Rag:
    """The core of these settings; `store`, `models`, the language model `chat` and `reader` replace those they name.

    Raises:
        SettingError, ModelUnavailable, ModelCorrupt, StoreLocked, StoreUnavailable.
    """
    store = store if store is not None else build_store(settings)
    models = models or build_models(settings)
    embedder = models.embedder
    lexical = Bm25Encoder(settings.language)
    weights = Weights(settings.candidates, settings.bm25_weight, settings.rerank_weight)
    reranker, speller = _reranker(settings, store), build_speller(settings)
    retriever = Retriever(store, embedder, lexical, reranker, weights, speller=speller)
    spec = CollectionSpec(embedder.dimension, settings.token_storage, settings.dense_quantization)
    guarantee = build_guarantee(settings)
    chat = chat or build_chat(settings)
    answerer = build_answerer(settings, retriever, models, guarantee, chat=chat, reader=reader)
    return Rag(settings, store, embedder, lexical, retriever, answerer, spec, guarantee, chat)


def build_speller(settings: Settings) -> Speller:
    """What corrects typing errors; nothing where it is off or the language has no dictionary."""
    wanted = settings.spelling and settings.language in DICTIONARIES
    return DictionarySpeller(settings.language) if wanted else NoSpeller()


def build_store(settings: Settings, *, doorway: Doorway | None = None) -> Store:
    """The store these settings name: a Qdrant server, or the embedded one, whose work others hand in at `doorway`."""
    if settings.qdrant_url:
        from rag.store.server import ServerStore

        key = settings.qdrant_api_key
        return ServerStore(
            settings.qdrant_url, api_key=key.get_secret_value() if key else None, grpc=settings.qdrant_grpc
        )
    from rag.store.embedded import EmbeddedStore

    return EmbeddedStore(
        settings.store_folder, min_free_mb=settings.min_free_mb, wait_s=settings.store_wait_s, doorway=doorway
    )


def _reranker(settings: Settings, store: Store) -> Reranker:
    if settings.reranker == "cross-encoder":
        from rag.models.embedding_local import LocalCrossEncoder

        return CrossEncoderReranker(store, LocalCrossEncoder(settings.cross_encoder_model))
    return LateInteraction(store) if settings.reranker == "late-interaction" else NoRerank()
