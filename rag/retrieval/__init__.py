"""A question to its hits: BM25 and dense vectors, fusion, reranking, spelling, and the page around a hit."""

from rag.retrieval.bm25 import Bm25Encoder
from rag.retrieval.fusion import fuse
from rag.retrieval.rerank import CrossEncoderReranker, LateInteraction, NoRerank, Reranker
from rag.retrieval.retriever import Ranking, Retriever, Weights
from rag.retrieval.spelling import DictionarySpeller, NoSpeller, Spelled, Speller, replaced

__all__ = [
    "Bm25Encoder",
    "CrossEncoderReranker",
    "DictionarySpeller",
    "LateInteraction",
    "NoRerank",
    "NoSpeller",
    "Ranking",
    "Reranker",
    "Retriever",
    "Spelled",
    "Speller",
    "Weights",
    "fuse",
    "replaced",
]
