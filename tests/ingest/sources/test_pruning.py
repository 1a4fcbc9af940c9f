"""Which documents are pruned, and when none may be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.sources import Item, Refused, Sources
from ingest.sources.expanding import expand, expand_urls
from ingest.sources.pruning import vanished
from rag.errors import SourceError
from rag.store import StoredDocument
from rag.types import document_id_of
from tests.ingest.sources.test_archives import zipped


def stored(*sources: str) -> list[StoredDocument]:
    return [StoredDocument(document_id_of(source), source, source.rpartition("/")[2], "0", 1, 1) for source in sources]


def found(*sources: str, roots: Sequence[str], missing: Sequence[str] = (), skipped: Sequence[str] = ()) -> Sources:
    return Sources(
        tuple(Item(source, "x") for source in sources),
        tuple(Refused(source, "hidden") for source in skipped),
        tuple(Refused(source, "cannot be read", lost=True) for source in missing),
        tuple(roots),
    )


def gone(documents: Sequence[StoredDocument], sources: Sources) -> list[str]:
    return [document.source for document in vanished(documents, sources)]


@pytest.mark.parametrize(
    ("root", "there", "deleted", "elsewhere"),
    [
        ("/in", "/in/a.md", "/in/sub/b.md", "/inside/c.md"),
        ("/in", "/in/x.zip!/a.md", "/in/x.zip!/b.md", "/x.zip!/a.md"),
        ("/x.zip", "/x.zip!/a.md", "/x.zip!/y.tar!/b.md", "/x.zipper/c.md"),
        ("s3://b/docs", "s3://b/docs/a.md", "s3://b/docs/b.md", "s3://b/docsother/c.md"),
        ("https://", "https://x.test/a", "https://y.test/b", "/https/c"),
    ],
)
def test_only_what_lies_under_a_given_root_and_is_not_there_vanished(
    root: str, there: str, deleted: str, elsewhere: str
):
    assert gone(stored(there, deleted, elsewhere), found(there, roots=[root])) == [deleted]


def test_what_is_not_known_has_not_vanished():
    """What lies in a folder that could not be read, in a broken archive, or is there and skipped."""
    documents = stored("/in/a.md", "/in/locked/b.md", "/in/x.zip!/y.tar!/c.md", "/in/.h/d.md", "/in/e.exe", "/in/f.md")
    sources = found("/in/a.md", roots=["/in"], missing=["/in/locked", "/in/x.zip"], skipped=["/in/.h", "/in/e.exe"])
    assert gone(documents, sources) == ["/in/f.md"]


def test_a_root_that_is_missing_prunes_nothing_anywhere():
    """A folder that cannot be read may be a disk that is not mounted."""
    with pytest.raises(SourceError, match=r"/disk: cannot be read.*Nothing was pruned"):
        vanished(stored("/in/b.md"), found("/in/a.md", roots=["/in", "/disk"], missing=["/disk"]))


def test_an_empty_root_that_had_documents_prunes_nothing_anywhere():
    """The folder that a disk is mounted on is empty without it."""
    with pytest.raises(SourceError, match=r"/disk: it is empty.*mounted"):
        vanished(stored("/in/b.md", "/disk/a.md"), found("/in/a.md", roots=["/in", "/disk"]))
    assert gone(stored("/in/b.md"), found("/in/a.md", roots=["/in", "/disk"])) == ["/in/b.md"]


def test_files_and_patterns_prune_nothing(tmp_path: Path):
    """They say nothing of other files."""
    (tmp_path / "a.md").write_text("x")
    documents = stored((tmp_path / "b.md").as_posix())
    assert not gone(documents, expand([tmp_path / "a.md", tmp_path / "*.md"]))


def test_what_was_expanded_is_pruned_by(tmp_path: Path):
    """A deleted file, a member taken out of an archive, an archive that is gone, a line taken out of a list."""
    folder = tmp_path.resolve()
    (folder / "a.md").write_text("x")
    (folder / "x.zip").write_bytes(zipped({"a.md": b"x"}))
    names = ("a.md", "b.md", "x.zip!/a.md", "x.zip!/b.md", "y.zip!/a.md")
    documents = stored(*(f"{folder}/{name}" for name in names), "https://x.test/a", "https://x.test/b")
    assert [Path(source).name for source in gone(documents, expand([folder]))] == ["b.md", "b.md", "a.md"]
    (folder / "urls.txt").write_text("https://x.test/a")
    assert gone(documents, expand_urls(folder / "urls.txt")) == ["https://x.test/b"]


def test_a_given_folder_that_is_gone_is_an_error(tmp_path: Path):
    """As a list of URLs with a mistake in it is."""
    documents = stored(f"{tmp_path}/gone/a.md", "https://x.test/b")
    with pytest.raises(SourceError, match="no such file or folder"):
        vanished(documents, expand([tmp_path / "gone"]))
    (tmp_path / "urls.txt").write_text("https://x.test/a\nnonsense\n")
    with pytest.raises(SourceError, match="Nothing was pruned"):
        vanished(documents, expand_urls(tmp_path / "urls.txt"))
