"""After a deletion no byte of the document's words is left in the data folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.cli import commands as cli
from api.storage import Answers, GivenAnswer, open_database
from rag.compacting import compact_sqlite
from rag.settings import load_settings
from rag.types import document_id_of
from tests.api.running import PATIENCE_S, footnote, serving

KEPT, GONE = "The kestrel nests on the north tower.", "The bittern booms behind the weir."
WORDS = ("bittern", "booms behind the weir")


def files_with(folder: Path, *words: str) -> list[str]:
    """The files under a folder that have any of these words in their bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    held = ((path, path.read_bytes()) for path in files)
    return [path.relative_to(folder).as_posix() for path, data in held if any(word.encode() in data for word in words)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "kept.md").write_text(f"# Kestrels\n\n{KEPT}\n", encoding="utf-8")
    (folder / "gone.md").write_text(f"# Bitterns\n\n{GONE}\n", encoding="utf-8")
    return folder


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    return int(exit_.value.code or 0)


def remember(data_dir: Path, source: Path) -> None:
    """Keep an answer with the document's words, and an unexpected error that quotes it."""
    given = GivenAnswer("a", "chat", "default", 0, {}, {"answer": GONE}, documents=frozenset({document_of(source)}))
    with closing(open_database(None, data_dir)) as database:
        Answers(database, "", days=9).save(given)
    log = load_settings().error_log
    log.parent.mkdir()
    log.write_text(GONE)


def document_of(source: Path) -> str:
    return document_id_of(source.resolve().as_posix())


@pytest.mark.slow
@pytest.mark.parametrize("way", ["delete-document", "prune"])
def test_nothing_of_a_deleted_document_is_left(
    data_dir: Path, corpus: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the store, the records of the queue, the answers that were kept, or the log; all else is as it was."""
    gone = corpus / "gone.md"
    assert run("ingest", str(corpus)) == 0
    remember(data_dir, gone)
    held = files_with(data_dir, *WORDS)
    assert {"footnote.sqlite", "log/errors.log"} < set(held)
    gone.unlink()
    if way == "prune":
        assert run("ingest", str(corpus), "--prune") == 0
        assert files_with(data_dir, *WORDS) == []
    else:
        assert run("collection", "delete-document", "default", str(gone)) == 0
        assert files_with(data_dir, *WORDS, "gone.md") == []
    capsys.readouterr()
    assert run("ask", "Where does the kestrel nest?", "--json") == 0
    assert KEPT in capsys.readouterr().out
    assert run("ask", "Where does the bittern boom?") == 0
    assert "bittern booms" not in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_running_service_leaves_nothing_of_a_deleted_document_either(data_dir: Path, corpus: Path) -> None:
    """Not even while it goes on: it deletes for the command, and answers with the rest."""
    with serving(data_dir):
        for arguments in (
            ("ingest", str(corpus)),
            ("ask", "Where does the bittern boom?"),
            ("collection", "delete-document", "default", str(corpus / "gone.md")),
        ):
            command = footnote(data_dir, *arguments)
            out, err = command.communicate(timeout=PATIENCE_S)
            assert command.returncode == 0, err
        assert out.endswith("nothing of it is left\n")
        assert files_with(data_dir, *WORDS, "gone.md") == []
        command = footnote(data_dir, "ask", "Where does the kestrel nest?")
        assert KEPT in command.communicate(timeout=PATIENCE_S)[0]


def test_a_database_is_compacted_beside_its_users(tmp_path: Path) -> None:
    """Its log too, once nobody reads what was before."""
    file = tmp_path / "some.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as user:
        user.execute("PRAGMA journal_mode=WAL")
        user.execute("CREATE TABLE said (words TEXT)")
        user.executemany("INSERT INTO said VALUES (?)", [(f"bittern {number}",) for number in range(999)])
        user.execute("DELETE FROM said WHERE words <> 'bittern 7'")
        assert files_with(tmp_path, "bittern 8")
        compact_sqlite(file)
        assert files_with(tmp_path, "bittern 8") == []
        assert user.execute("SELECT words FROM said").fetchall() == [("bittern 7",)]
