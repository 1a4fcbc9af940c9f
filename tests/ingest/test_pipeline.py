"""Files into a store: what is written, in which order, and what a bad file does to the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from ingest.pipeline import Ingestor, Limits, Tools

from ingest.chunking import Chunker
from ingest.events import Event, FileFinished, FileStarted
from ingest.parsers.registry import default_registry
from rag.errors import ModelUnavailable, StoreUnavailable
from rag.store import CollectionSpec
from rag.types import document_id_of
from tests.ingest.fakes import DIMENSION, HashEmbedder, MemoryStore, WordLengths, count_words

C = "library"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def ingestor(store: MemoryStore, embedder: HashEmbedder) -> Ingestor:
    tools = Tools(
        store=store,
        embedder=embedder,
        lexical=WordLengths(),
        parser=default_registry(),
        chunker=Chunker(count_words, 32),
        spec=CollectionSpec(DIMENSION),
    )
    return Ingestor(tools, Limits(max_file_mb=0.1, batch_chunks=8))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_a_document_with_chunks(ingestor: Ingestor, store: MemoryStore, tmp_path: Path):
    """The document has the identity of its absolute path and the metadata given; its chunks carry both."""
    path = write(tmp_path, "guide.md", "---\nteam: field\n---\n# Guide\n\nPlug it in.")
    result = ingestor.ingest_file(path, C, {"year": 2025})
    document = store.document(C, document_id_of(path.resolve().as_posix()))
    assert document is not None
    assert (document.title, document.filename, document.metadata) == (
        "Guide",
        "guide.md",
        {"team": "field", "year": 2025},
    )
    assert (result.status, result.document_id, result.pages, result.chunks) == ("written", document.id, 1, 1)
    [chunk] = store.chunks_of(C, "guide.md")
    assert (chunk.document_id, chunk.sha256, chunk.metadata) == (document.id, document.sha256, document.metadata)


def test_a_document_appears_after_its_chunks_and_the_old_version_goes_last(
    ingestor: Ingestor, store: MemoryStore, tmp_path: Path
):
    """Chunks, then the switch, which deletes other versions; indexes are built once at the end."""
    path = write(tmp_path, "a.txt", "First words.")
    ingestor.ingest([path], C)
    write(tmp_path, "a.txt", "Second words.")
    store.log.clear()
    ingestor.ingest([path], C)
    assert store.log == ["chunks", "publish", "optimize"]
    assert store.texts(C) == ["Second words."]


def test_an_unchanged_file_is_not_read_again(
    ingestor: Ingestor, store: MemoryStore, embedder: HashEmbedder, tmp_path: Path
):
    """The same bytes at the same path are neither embedded nor written, by either way in."""
    path = write(tmp_path, "a.txt", "The same words.")
    ingestor.ingest([path], C)
    store.log.clear()
    embedder.batches.clear()
    assert ingestor.ingest([path], C).results[0].status == "unchanged"
    assert ingestor.ingest_file(path, C).status == "unchanged"
    assert (store.log, embedder.batches) == ([], [])


def test_small_files_are_embedded_together(ingestor: Ingestor, embedder: HashEmbedder, tmp_path: Path):
    """Batches go across files, and never hold more chunks than the limit."""
    for number in range(20):
        write(tmp_path, f"{number:02}.txt", f"Words of file {number}.")
    report = ingestor.ingest([tmp_path], C)
    assert report.count("written") == 20
    assert embedder.batches == [8, 8, 4]


def test_a_long_file_is_written_in_slices(
    ingestor: Ingestor, store: MemoryStore, embedder: HashEmbedder, tmp_path: Path
):
    """Never more chunks than the limit are held with their vectors; the record comes after the last slice."""
    path = write(tmp_path, "long.txt", "\n\n".join(f"Sentence {n} has a few more words than that." for n in range(200)))
    result = ingestor.ingest_file(path, C)
    assert max(embedder.batches) == 8
    assert result.chunks == sum(embedder.batches) == len(store.texts(C))
    assert store.log[-2:] == ["publish", "optimize"]


def test_a_bad_file_does_not_stop_the_others(ingestor: Ingestor, store: MemoryStore, tmp_path: Path):
    """Each failure names the file, the reason and what to do; the good files are in."""
    write(tmp_path, "a.txt", "Good words.")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (tmp_path / "c.txt").write_bytes(b"")
    write(tmp_path, "d.txt", " \n ")
    write(tmp_path, "e.txt", "x" * 200_000)
    write(tmp_path, "f.md", "More good words.")
    report = ingestor.ingest([tmp_path, tmp_path / "missing.txt"], C)
    assert sorted(store.texts(C)) == ["Good words.", "More good words."]
    reasons = {failure.path.name: failure.reason or "" for failure in report.failures}
    assert sorted(reasons) == ["b.pdf", "c.txt", "d.txt", "e.txt", "missing.txt"]
    assert "damaged" in reasons["b.pdf"]
    assert "empty file" in reasons["c.txt"]
    assert "no text" in reasons["d.txt"]
    assert "FOOTNOTE_MAX_FILE_MB" in reasons["e.txt"]
    assert "no such file" in reasons["missing.txt"]


def test_a_changed_file_that_became_bad_keeps_its_old_version(ingestor: Ingestor, store: MemoryStore, tmp_path: Path):
    """A failure deletes nothing."""
    path = write(tmp_path, "a.txt", "Old words.")
    ingestor.ingest([path], C)
    path.write_bytes(b"")
    assert ingestor.ingest([path], C).count("failed") == 1
    assert store.texts(C) == ["Old words."]


def test_a_failing_store_stops_the_run(ingestor: Ingestor, store: MemoryStore, tmp_path: Path):
    """StoreError rises, and the document it hit is not complete."""
    path = write(tmp_path, "long.txt", "\n\n".join(f"Sentence {n} has a few more words than that." for n in range(200)))
    store.fails_after = 2
    with pytest.raises(StoreUnavailable):
        ingestor.ingest([path], C)
    assert list(store.documents(C)) == []


def test_a_run_that_was_cut_short_is_made_good_by_the_next(ingestor: Ingestor, store: MemoryStore, tmp_path: Path):
    """Chunks left by a crash are written again under the same ids: none is lost or doubled."""
    path = write(tmp_path, "long.txt", "\n\n".join(f"Sentence {n} has a few more words than that." for n in range(200)))
    store.fails_after = 2
    with pytest.raises(StoreUnavailable):
        ingestor.ingest([path], C)
    store.fails_after = None
    report = ingestor.ingest([path], C)
    assert report.chunks == len(store.texts(C)) == len(set(store.texts(C)))


def test_a_failing_model_stops_the_run(ingestor: Ingestor, store: MemoryStore, embedder: HashEmbedder, tmp_path: Path):
    """ModelError rises before anything of the batch is written."""
    embedder.available = False
    with pytest.raises(ModelUnavailable):
        ingestor.ingest([write(tmp_path, "a.txt", "Words.")], C)
    assert store.log == []


def test_every_file_is_started_and_finished(ingestor: Ingestor, tmp_path: Path):
    """Events number the files, and tell of each how it ended."""
    write(tmp_path, "a.txt", "Words.")
    write(tmp_path, "b.txt", "")
    write(tmp_path, "c.xyz", "?")
    events: list[Event] = []
    ingestor.ingest([tmp_path], C, on_event=events.append)
    started = [(event.path.name, event.number, event.total) for event in events if isinstance(event, FileStarted)]
    finished = {event.result.path.name: event.result.status for event in events if isinstance(event, FileFinished)}
    assert started == [("a.txt", 1, 2), ("b.txt", 2, 2)]
    assert finished == {"a.txt": "written", "b.txt": "failed", "c.xyz": "skipped"}


def test_nothing_to_write_creates_no_collection(ingestor: Ingestor, store: MemoryStore, tmp_path: Path):
    """A collection comes with its first document."""
    ingestor.ingest([tmp_path], C)
    assert not store.has_collection(C)
