"""Corpora for the benchmark of ingestion."""

import json

import pytest

from benchmarks.ingest.corpora import write_corpus


def count_words(text):
    return len(text.split())


@pytest.fixture
def data_set(tmp_path):
    path = tmp_path / "corpus.jsonl"
    rows = [
        {"_id": "1", "title": "One", "text": "alpha " * 100},
        {"_id": "2", "title": "One", "text": "alpha " * 100},
        {"_id": "3", "title": "", "text": "too short"},
        {"id": 4, "claim": "short", "context": "beta " * 100},
        {"id": 5, "passages": [{"title": "Two", "text": "gamma " * 100}, {"title": "Three", "text": "delta " * 100}]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def write(data_set, folder, chunks):
    folder.mkdir()
    return write_corpus([data_set], folder, chunks=chunks, chunk_tokens=50, count_tokens=count_words)


def test_every_document_is_one_file(data_set, tmp_path):
    """Repeated and very short ones are left out; the longest field is taken where there is no text."""
    corpus = write(data_set, tmp_path / "files", 9)
    texts = [path.read_text(encoding="utf-8").split() for path in sorted(corpus.folder.iterdir())]
    assert [text[-1] for text in texts] == ["alpha", "beta", "gamma", "delta"]
    assert corpus.files == 4
    assert corpus.tokens == corpus.words == sum(map(len, texts))


def test_it_ends_when_the_wanted_chunks_are_filled(data_set, tmp_path):
    corpus = write(data_set, tmp_path / "files", 4)
    assert corpus.files == 2
    assert corpus.chunks >= 4


def test_too_little_text_is_an_error_that_says_so(data_set, tmp_path):
    with pytest.raises(ValueError, match="name more of them"):
        write(data_set, tmp_path / "files", 1000)
