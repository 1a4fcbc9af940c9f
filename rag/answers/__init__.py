"""A question to its verified answer: draft, review each sentence, repair, translate, or say why there is none."""

from rag.answers.answerability import (
    ANSWERABILITY_FILE,
    VECTORS,
    WORDS,
    Answerability,
    answerability_signals,
    hit_signals,
    load_answerability,
    wanted_stems,
)
from rag.answers.answerer import Answerer
from rag.answers.claims import CLAIMS_FILE, SURFACE, ClaimModel, FittedClaims, load_claim_model, surface_features
from rag.answers.draft import Generator
from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.marking import MarkingAnswerer
from rag.answers.notes import OWN_WORDS
from rag.answers.passages import PassageRetriever
from rag.answers.preparation import Preparation, QuestionParser
from rag.answers.repair import ModelRepairer
from rag.answers.review import NO_CLAIM, DraftedSentence, ReviewContext, Reviewer
from rag.answers.translation import ModelTranslator, Translator

__all__ = [
    "ANSWERABILITY_FILE",
    "CLAIMS_FILE",
    "NO_CLAIM",
    "OWN_WORDS",
    "SURFACE",
    "VECTORS",
    "WORDS",
    "Answerability",
    "Answerer",
    "ClaimModel",
    "DraftedSentence",
    "ExtractiveAnswerer",
    "FittedClaims",
    "Generator",
    "MarkingAnswerer",
    "ModelRepairer",
    "ModelTranslator",
    "PassageRetriever",
    "Preparation",
    "QuestionParser",
    "ReviewContext",
    "Reviewer",
    "Translator",
    "answerability_signals",
    "hit_signals",
    "load_answerability",
    "load_claim_model",
    "surface_features",
    "wanted_stems",
]
