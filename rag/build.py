"""Where objects are built from settings, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answering import Answerer
from rag.assumptions import AssumptionChecker
from rag.claims import FittedClaims, load_claim_model
from rag.clause_verifier import ClauseVerifier
from rag.embedding import Remembering
from rag.errors import SettingError
from rag.evidence import EvidenceFinder
from rag.extractive import ExtractiveAnswerer
from rag.generation import Generator
from rag.hooks import Hooks
from rag.inert import InertVerifier
from rag.lexical import Bm25Encoder
from rag.moderated import Answering, ModeratedAnswerer
from rag.moderation import LocalModerator, load_linear_model
from rag.questions import CollectionReader, ModelReader, PlainReader, QuestionReader, Reader
from rag.repair import ModelRepairer
from rag.rerank import CrossEncoderReranker, LateInteraction, NoRerank
from rag.retriever import Retriever, Weights
from rag.review import Reviewer
from rag.settings import SHIPPED_MODEL
from rag.spelling import DICTIONARIES, DictionarySpeller, NoSpeller, Speller
from rag.store import CollectionSpec
from rag.translation import ModelTranslator
from rag.verifier import StackedVerifier, encoder_version, load_model, load_thresholds, verifier_version

if TYPE_CHECKING:
    from rag.embedding import Embedder, SentenceVectors
    from rag.judge import Judge
    from rag.llm import ChatModel
    from rag.moderation import Moderator
    from rag.rerank import Reranker
    from rag.settings import Settings
    from rag.store import Store
    from rag.support_encoder import SupportEncoder
    from rag.verifier import Verifier


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
    reranker, speller = _reranker(settings, store), build_speller(settings)
    retriever = Retriever(store, embedder, lexical, reranker, weights, speller=speller)
    spec = CollectionSpec(embedder.dimension, settings.token_storage, settings.dense_quantization)
    answerer = _moderated(settings, _answerer(settings, retriever, embedder), embedder)
    return Rag(settings, store, embedder, lexical, retriever, answerer, spec)


def _answerer(settings: Settings, retriever: Retriever, embedder: Embedder) -> Answerer:
    vectors = Remembering(embedder)
    finder = build_finder(settings, vectors)
    chat = build_chat(settings)
    verifier = build_verifier(settings, finder, judged=settings.judge)
    hooks = Hooks(reader=build_reader(settings, chat, retriever), assumptions=AssumptionChecker(finder, verifier))
    return Answerer(
        retriever,
        finder,
        build_reviewer(settings, vectors, verifier, chat),
        ExtractiveAnswerer(threshold=settings.relevance_threshold),
        build_generator(settings, chat),
        top_k=settings.top_k,
        parent_characters=settings.parent_characters,
        repairs=settings.llm_repairs,
        language=settings.language,
        hooks=hooks,
        model={"llm": settings.llm_model, "embedding": embedder.name, "verifier": verifier_version()},
    )


def build_finder(settings: Settings, vectors: SentenceVectors) -> EvidenceFinder:
    """What finds evidence in the hits."""
    return EvidenceFinder(vectors, language=settings.language)


def build_verifier(settings: Settings, finder: EvidenceFinder, *, judged: bool) -> Verifier:
    """The verifier; `judged`: with the language model's own probability beside the other measures.

    Raises:
        SettingError: `judged`, and no language model is set.
        ModelCorrupt: its files are damaged.
    """
    name = "vectors" if _has_shipped_vectors(settings) else "words"
    judge = _judge(settings) if judged else None
    model = load_model(f"{name}, judged" if judge else name)
    stacked = StackedVerifier(
        finder,
        model,
        _encoder(settings) if "encoder" in model.features else None,
        judge=judge,
        threshold=threshold_of(settings),
    )
    return InertVerifier(ClauseVerifier(stacked))


def _encoder(settings: Settings) -> SupportEncoder:
    from rag.support_encoder import LocalSupportEncoder

    return LocalSupportEncoder(encoder_version(), device=settings.embedding_device)


def _judge(settings: Settings) -> Judge:
    if not settings.llm_url:
        raise SettingError("FOOTNOTE_JUDGE needs FOOTNOTE_LLM_URL: the judge is a language model")
    from rag.endpoints import EndpointJudge

    key = settings.llm_api_key
    return EndpointJudge(
        settings.llm_url,
        model=settings.llm_model,
        api_key=key.get_secret_value() if key else None,
        timeout_s=settings.llm_timeout_s,
        retries=settings.llm_retries,
    )


def threshold_of(settings: Settings) -> float:
    """The threshold of release: the one set, else that of FOOTNOTE_SUPPORT_MODE, as measured when it was fitted."""
    if settings.support_threshold is not None:
        return settings.support_threshold
    return load_thresholds()[settings.support_mode]


def _has_shipped_vectors(settings: Settings) -> bool:
    return settings.embedding_url is None and settings.embedding_model == SHIPPED_MODEL


def build_reviewer(
    settings: Settings, vectors: SentenceVectors, verifier: Verifier, chat: ChatModel | None
) -> Reviewer:
    """What decides about drafted sentences; the language model, if there is one, repairs and translates."""
    shipped = _has_shipped_vectors(settings)
    claims = FittedClaims(load_claim_model("vectors" if shipped else "words"), vectors if shipped else None)
    return Reviewer(
        verifier,
        claims=claims,
        repairer=None if chat is None else ModelRepairer(chat, settings.language),
        translator=None if chat is None else ModelTranslator(chat),
        language=settings.language,
    )


def _moderated(settings: Settings, answerer: Answerer, embedder: Embedder) -> Answering:
    if settings.moderation == "off":
        return answerer
    return ModeratedAnswerer(answerer, build_moderator(settings, lambda: embedder), mode=settings.moderation)


def build_moderator(settings: Settings, embedder: Callable[[], Embedder]) -> Moderator:
    """The moderator these settings name; the local one reads the shipped model's vectors, whatever else embeds."""
    if settings.moderation_url:
        from rag.moderation_endpoints import GuardModel, ModerationEndpoint

        kind = GuardModel if settings.moderation_api == "guard" else ModerationEndpoint
        key = settings.moderation_api_key
        return kind(
            settings.moderation_url,
            model=settings.moderation_model,
            api_key=key.get_secret_value() if key else None,
            timeout_s=settings.moderation_timeout_s,
        )
    shipped = {"embedding_url": None, "embedding_model": SHIPPED_MODEL}
    own = embedder() if _has_shipped_vectors(settings) else build_embedder(settings.model_copy(update=shipped))
    return LocalModerator(own, load_linear_model())


def build_generator(settings: Settings, chat: ChatModel | None) -> Generator | None:
    """What drafts answers with the language model; None without one."""
    if chat is None:
        return None
    return Generator(
        chat,
        context_tokens=settings.llm_context_tokens,
        max_tokens=settings.llm_max_tokens,
        language=settings.language,
    )


def build_reader(settings: Settings, chat: ChatModel | None, retriever: Retriever) -> QuestionReader:
    """What understands questions: rules, or the language model where these settings let it; and the spelling."""
    reader: Reader = ModelReader(chat) if chat is not None and settings.question_reader == "llm" else PlainReader()
    return CollectionReader(reader, retriever)


def build_speller(settings: Settings) -> Speller:
    """What corrects typing errors; nothing where it is off or the language has no dictionary."""
    wanted = settings.spelling and settings.language in DICTIONARIES
    return DictionarySpeller(settings.language) if wanted else NoSpeller()


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
