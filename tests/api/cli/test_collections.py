"""The commands `footnote collection …`, on a data folder of their own and without any model, also beside a service."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.cli import commands as cli
from rag.owner import Doorway
from rag.store import CollectionSpec
from rag.store.embedded import EmbeddedStore
from rag.types import document_id_of
from tests.api.running import core, neighbour
from tests.fakes.stores import SPEC, document, indexed, write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=["alone", pytest.param("beside a service", marks=pytest.mark.slow)])
def run(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Runs one command line; collection `default` holds a.txt and b.txt, collection `other` is empty."""

    def filled(doorway: Doorway | None = None) -> EmbeddedStore:
        store = EmbeddedStore(tmp_path / "collections", doorway=doorway)
        store.create_collection("default", SPEC)
        store.create_collection("other", CollectionSpec(8))
        for source in (str(tmp_path / "a.txt"), "https://example.org/b.txt"):
            of = document(source, pages=2)
            write(store, "default", of, indexed(of, "alpha"), indexed(of, "beta", 10))
        return store

    def _run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            cli.main(["collection", *arguments])
        captured = capsys.readouterr()
        return int(exit_.value.code or 0), captured.out, captured.err

    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOOTNOTE_STORE_WAIT_S", "0")
    monkeypatch.chdir(tmp_path)
    if request.param == "alone":
        filled().close()
        yield _run
    else:
        with neighbour(lambda doorway: core(tmp_path, store=filled(doorway))):
            yield _run


def test_collections_are_listed(run: Run) -> None:
    """One a line."""
    assert run("list") == (0, "default\nother\n", "")


def test_documents_are_listed(run: Run, tmp_path: Path) -> None:
    """As a table, and as one JSON object a line."""
    code, out, _ = run("documents")
    assert code == 0
    assert [line.split()[-1] for line in out.splitlines()] == [
        record.source
        for record in sorted(map(document, (str(tmp_path / "a.txt"), "https://example.org/b.txt")), key=lambda d: d.id)
    ]
    listed = [json.loads(line) for line in run("documents", "default", "--json")[1].splitlines()]
    assert [set(one) for one in listed] == [{"id", "source", "filename", "sha256", "pages", "chunks"}] * 2
    assert {(one["pages"], one["chunks"]) for one in listed} == {(2, 2)}
    assert run("documents", "other") == (0, "", "")


def test_the_digest_is_one_line_and_follows_the_content(run: Run) -> None:
    """An unknown collection has none."""
    code, before, _ = run("digest")
    assert (code, len(before)) == (0, 65)
    assert run("digest", "default")[1] == before
    assert run("digest", "other")[1] != before
    run("delete-document", "default", "a.txt")
    assert run("digest")[1] != before
    code, out, err = run("digest", "nowhere")
    assert (code, out) == (2, "")
    assert "nowhere" in err


@pytest.mark.parametrize("wanted", ["a.txt", "{folder}/a.txt", "{id}"])
def test_a_document_is_deleted_by_path_or_id(run: Run, tmp_path: Path, wanted: str) -> None:
    """The command tells what was there; a second time there is nothing to delete, which is an error."""
    source = str(tmp_path / "a.txt")
    named = wanted.format(folder=tmp_path, id=document_id_of(source))
    code, out, _ = run("delete-document", "default", named)
    assert (code, out) == (0, f"deleted {source}: 2 pages, 2 chunks; nothing of it is left\n")
    assert run("documents")[1].count("\n") == 1
    code, _, err = run("delete-document", "default", named)
    assert code == 2
    assert "footnote collection documents default" in err


@pytest.mark.slow
@pytest.mark.parametrize("run", ["alone"], indirect=True)
def test_a_deletion_that_is_not_erased_says_so_and_is_finished_by_another(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document is gone, so that the command succeeds; the same command erases its bytes later."""
    with monkeypatch.context() as log_stays:
        log_stays.setattr("rag.store.erasing._MOST_FILES", 0)
        for _ in range(2):
            code, out, err = run("delete-document", "default", "a.txt")
            assert (code, err) == (0, "")
            assert "may still be in the data folder" in out
            assert "write-ahead log" in out
    assert run("documents")[1].count("\n") == 1
    code, out, _ = run("delete-document", "default", "a.txt")
    assert (code, out) == (0, "a.txt was not there any more; nothing of what was deleted is left\n")
    words = str(tmp_path / "a.txt").encode()
    assert not [file for file in (tmp_path / "collections").rglob("*") if file.is_file() and words in file.read_bytes()]
    assert run("delete-document", "default", "a.txt")[0] == 2


@pytest.mark.slow
def test_an_erasure_that_was_broken_off_is_finished(run: Run, tmp_path: Path) -> None:
    """By the command that is given again, here and by a service."""
    run("delete-document", "default", "a.txt")
    (tmp_path / "collections" / "default" / "erasing").touch()
    assert run("delete-document", "default", "a.txt")[0] == 0
    assert run("delete-document", "default", "a.txt")[0] == 2


def test_a_document_is_deleted_by_url(run: Run) -> None:
    """The source as it was given."""
    assert run("delete-document", "default", "https://example.org/b.txt")[0] == 0


def test_dropping_asks_first(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless told not to; without an answer nothing happens."""
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run("drop", "default")[0] == 1
    assert run("list")[1] == "default\nother\n"
    assert run("drop", "default", "--yes") == (0, "dropped default: 2 documents\n", "")
    assert run("list")[1] == "other\n"
    assert run("drop", "default", "--yes")[0] == 2
