"""Builds the answerer, the verifier and their parts from settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answering import Answering
from rag.answers import (
    Answerer,
    ExtractiveAnswerer,
    FittedClaims,
    Generator,
    MarkingAnswerer,
    ModelRepairer,
    ModelTranslator,
    PassageRetriever,
    Preparation,
    QuestionParser,
    Reviewer,
    Translator,
    load_answerability,
    load_claim_model,
)
from rag.build.models import (
    build_chat,
    build_embedder,
    build_moderator,
    build_reader,
    has_shipped_vectors,
)
from rag.evidence import EvidenceFinder
from rag.models import Remembering
from rag.questions import AssumptionChecker, ModelParser, RuleParser, SpellingParser
from rag.safety import ModeratedAnswerer
from rag.verification import (
    CheckedVerifier,
    Guarantee,
    WatchedVerifier,
    load_model,
    load_modes,
    read_certificate,
    verifier_version,
    versions_of,
)

if TYPE_CHECKING:
    from rag.answers import Answerability
    from rag.build.models import Models
    from rag.models import ChatModel, SentenceVectors, WordVectors
    from rag.retrieval import Retriever
    from rag.settings import Settings
    from rag.verification import Verifier
    from rag.verification.readers import Reader

_LEAST_ANSWERABILITY, _LEAST_FOR_A_MODEL = 0.2, 0.1


def build_answerer(
    settings: Settings,
    retriever: Retriever,
    models: Models,
    guarantee: Guarantee,
    *,
    chat: ChatModel | None = None,
    reader: Reader | None = None,
) -> Answering:
    """What answers questions, moderated as these settings say; `chat` and `reader` replace those they name."""
    vectors = Remembering(models.embedder)
    finder = build_finder(settings, vectors)
    chat = chat or build_chat(settings)
    reader = reader or build_reader(settings)
    verifier = build_verifier(settings, finder, threshold=guarantee.threshold, reader=reader)
    passages = PassageRetriever(
        retriever,
        finder,
        top_k=settings.top_k,
        parent_characters=settings.parent_characters,
        language=settings.language,
        translator=build_translator(chat),
    )
    answerer = Answerer(
        passages,
        build_reviewer(settings, vectors, WatchedVerifier(verifier, guarantee), chat),
        ExtractiveAnswerer(threshold=settings.relevance_threshold),
        build_generator(settings, chat),
        reader=reader,
        repairs=settings.llm_repairs,
        preparation=Preparation(
            parser=build_question_parser(settings, chat, retriever),
            answerability=build_answerability(settings),
            least_answerability=least_answerability(settings, drafts=chat is not None),
            assumptions=AssumptionChecker(finder, verifier),
        ),
        model={
            "llm": settings.llm_model,
            "embedding": models.embedder.name,
            "verifier": verifier_version(),
            "certificate": guarantee.record(),
        },
    )
    return _moderated(settings, MarkingAnswerer(answerer) if settings.unsupported == "mark" else answerer, models)


def build_finder(settings: Settings, vectors: WordVectors | None = None) -> EvidenceFinder:
    """What finds evidence in the hits, with these vectors or with those of the embedder that these settings name."""
    return EvidenceFinder(vectors or Remembering(build_embedder(settings)), language=settings.language)


def build_verifier(
    settings: Settings,
    finder: EvidenceFinder,
    *,
    threshold: float | None = None,
    reader: Reader | None = None,
) -> Verifier:
    """The verifier; without a `reader` it decides alone.

    Args:
        threshold: the release threshold; None: that of the mode in the settings, or of the reader calibrated for it.

    Raises:
        ModelCorrupt: its files are damaged.
    """
    name = "vectors" if has_shipped_vectors(settings) else "words"
    threshold = settings.support_threshold if threshold is None else threshold
    mode = settings.support_mode if threshold is None else None
    threshold = threshold_of(settings) if threshold is None else threshold
    return CheckedVerifier(finder, load_model(name), reader=reader, threshold=threshold, mode=mode)


def threshold_of(settings: Settings) -> float:
    """The threshold of release: the one set, else that of FOOTNOTE_SUPPORT_MODE, as measured when it was fitted."""
    if settings.support_threshold is not None:
        return settings.support_threshold
    return load_modes()[settings.support_mode]


def build_reviewer(
    settings: Settings, vectors: SentenceVectors, verifier: Verifier, chat: ChatModel | None
) -> Reviewer:
    """What decides about drafted sentences; the language model, if there is one, repairs and translates."""
    shipped = has_shipped_vectors(settings)
    claims = FittedClaims(load_claim_model("vectors" if shipped else "words"), vectors if shipped else None)
    return Reviewer(
        verifier,
        claims=claims,
        repairer=None if chat is None else ModelRepairer(chat, settings.language),
        translator=build_translator(chat),
        language=settings.language,
    )


def build_translator(chat: ChatModel | None) -> Translator | None:
    """What puts questions and sentences into the documents' language; nothing without a language model."""
    return None if chat is None else ModelTranslator(chat)


def least_answerability(settings: Settings, *, drafts: bool | None = None) -> float:
    """The probability under which a question is refused: the one set, else a lower one where a language model drafts.

    On the fitting half of ClapNQ neither refuses more than 2 in 100 answerable questions; the lower one refuses none.
    """
    if settings.answerability_threshold is not None:
        return settings.answerability_threshold
    drafts = bool(settings.llm_url) if drafts is None else drafts
    return _LEAST_FOR_A_MODEL if drafts else _LEAST_ANSWERABILITY


def build_answerability(settings: Settings) -> Answerability:
    """The answerability model."""
    return load_answerability(vectors=has_shipped_vectors(settings))


def build_guarantee(settings: Settings) -> Guarantee:
    """What is promised with these settings.

    Raises:
        SettingError: the certificate in the data folder cannot be read.
    """
    return Guarantee(read_certificate(settings.data_dir), versions_of(settings))


def build_question_parser(settings: Settings, chat: ChatModel | None, retriever: Retriever) -> QuestionParser:
    """What understands questions: rules, or the language model where these settings let it; and the spelling."""
    parser = ModelParser(chat) if chat is not None and settings.question_reader == "llm" else RuleParser()
    return SpellingParser(parser, retriever)


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


def _moderated(settings: Settings, answerer: Answering, models: Models) -> Answering:
    if settings.moderation == "off":
        return answerer
    return ModeratedAnswerer(answerer, build_moderator(settings, models.shipped), mode=settings.moderation)
