"""Ingestion with LlamaIndex, Haystack or txtai, run by the benchmark of ingestion in an environment of theirs.

    python ingest_peers.py {llamaindex,haystack,txtai} --files FOLDER --store FOLDER --model FOLDER
        --chunk-tokens T --chunk-words W

Each is set up as its documentation shows for indexing, on the CPU, in the model's float32, with batches of 32 texts
(LlamaIndex's default is 10, which is slower) and no overlap of chunks. Libraries and model are loaded before the clock
starts. It stops when everything is stored; then one query shows that it can be found. Prints one JSON object.

Nothing of Footnote, nor what only Footnote needs, is imported here, so that neither need be installed by the other.
"""

# ruff: noqa: PLC0415 - only the peer that runs is imported

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

BATCH = 32
DIMENSION = 384
COLLECTION = "bench"
QUESTION = "What was measured, and what came of it?"

Ingest = Callable[[], int]
Search = Callable[[], bool]


def llamaindex(args: argparse.Namespace) -> tuple[Ingest, Search]:
    """SimpleDirectoryReader, SentenceSplitter counting the model's tokens, IngestionPipeline, Qdrant in a folder."""
    from llama_index.core import SimpleDirectoryReader
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.vector_stores import VectorStoreQuery
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.readers.file import PDFReader
    from llama_index.vector_stores.qdrant import QdrantVectorStore
    from qdrant_client import QdrantClient
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    embedder = HuggingFaceEmbedding(model_name=str(args.model), embed_batch_size=BATCH, device="cpu")
    store = QdrantVectorStore(COLLECTION, client=QdrantClient(path=str(args.store)))
    splitter = SentenceSplitter(
        chunk_size=args.chunk_tokens,
        chunk_overlap=0,
        tokenizer=lambda text: tokenizer.encode(text, add_special_tokens=False, verbose=False),
        include_metadata=False,
    )
    pipeline = IngestionPipeline(transformations=[splitter, embedder], vector_store=store, disable_cache=True)

    def ingest() -> int:
        reader = SimpleDirectoryReader(str(args.files), file_extractor={".pdf": PDFReader()})
        return len(pipeline.run(documents=reader.load_data()))

    def search() -> bool:
        query = VectorStoreQuery(query_embedding=embedder.get_query_embedding(QUESTION), similarity_top_k=1)
        return bool(store.query(query).nodes)

    return ingest, search


def haystack(args: argparse.Namespace) -> tuple[Ingest, Search]:
    """PyPDFToDocument or TextFileToDocument, DocumentSplitter by words, the embedder, Qdrant in a folder."""
    from haystack import Document, Pipeline
    from haystack.components.converters import PyPDFToDocument, TextFileToDocument
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.writers import DocumentWriter
    from haystack.document_stores.types import DuplicatePolicy
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder
    from haystack_integrations.components.retrievers.qdrant import QdrantEmbeddingRetriever
    from haystack_integrations.document_stores.qdrant import QdrantDocumentStore

    files = files_of(args.files)
    embedder = SentenceTransformersDocumentEmbedder(
        model=str(args.model), device=ComponentDevice.from_str("cpu"), batch_size=BATCH, progress_bar=False
    )
    embedder.warm_up()
    store = QdrantDocumentStore(
        path=str(args.store), index=COLLECTION, embedding_dim=DIMENSION, progress_bar=False, recreate_index=True
    )
    pipeline = Pipeline()
    pipeline.add_component("converter", PyPDFToDocument() if files[0].suffix == ".pdf" else TextFileToDocument())
    pipeline.add_component("splitter", DocumentSplitter("word", split_length=args.chunk_words, split_overlap=0))
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(store, policy=DuplicatePolicy.OVERWRITE))
    for before, after in (("converter", "splitter"), ("splitter", "embedder"), ("embedder", "writer")):
        pipeline.connect(f"{before}.documents", f"{after}.documents")

    def ingest() -> int:
        written: int = pipeline.run({"converter": {"sources": [str(path) for path in files]}})["writer"][
            "documents_written"
        ]
        return written

    def search() -> bool:
        vector = embedder.run(documents=[Document(content=QUESTION)])["documents"][0].embedding
        return bool(QdrantEmbeddingRetriever(store).run(query_embedding=vector, top_k=1)["documents"])

    return ingest, search


def txtai(args: argparse.Namespace) -> tuple[Ingest, Search]:
    """pypdf for PDF files, windows of words, Embeddings with content and its default index, saved to a folder."""
    from txtai import Embeddings

    embeddings = Embeddings(path=str(args.model), content=True, encodebatch=BATCH, gpu=False)

    def chunks() -> Iterator[str]:
        for path in files_of(args.files):
            for text in texts_of(path):
                words = text.split()
                yield from (
                    " ".join(words[at : at + args.chunk_words]) for at in range(0, len(words), args.chunk_words)
                )

    def ingest() -> int:
        embeddings.index(chunks())
        embeddings.save(str(args.store))
        return int(embeddings.count())

    return ingest, lambda: bool(embeddings.search(QUESTION, 1))


def files_of(folder: Path) -> list[Path]:
    """The files to ingest, sorted."""
    return sorted(path for path in folder.iterdir() if path.is_file())


def texts_of(path: Path) -> Iterator[str]:
    """The pages of a PDF, or the whole of a text file."""
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        yield from (page.extract_text() for page in PdfReader(path).pages)
    else:
        yield path.read_text(encoding="utf-8")


PEERS = {"llamaindex": llamaindex, "haystack": haystack, "txtai": txtai}


def main() -> None:
    """Read the arguments, load, ingest, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=sorted(PEERS))
    for name in ("files", "store", "model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("chunk-tokens", "chunk-words"):
        parser.add_argument(f"--{name}", type=int, required=True)
    args = parser.parse_args()
    ingest, search = PEERS[args.peer](args)
    started = time.perf_counter()
    chunks = ingest()
    seconds = time.perf_counter() - started
    print(json.dumps({"chunks": chunks, "seconds": round(seconds, 3), "searchable": search()}))


if __name__ == "__main__":
    main()
