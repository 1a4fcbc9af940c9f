"""What `footnote ingest` shows, and its exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from ingest.cli import existing, follow, ingest_command, run
from ingest.events import FileFinished, FileResult, FileStarted, OnEvent, Report
from ingest.progress import ConsoleView, JsonView
from rag.errors import StoreLocked

GOOD = FileResult(Path("/in/a.md"), "written", "id-a", pages=1, chunks=3, seconds=0.5, notes=("a note",))
SAME = FileResult(Path("/in/b.md"), "unchanged", "id-b")
BAD = FileResult(Path("/in/c.pdf"), "failed", reason="c.pdf: the PDF is damaged. Repair it")
SKIPPED = FileResult(Path("/in/d.exe"), "skipped", reason="not supported")


@dataclass
class ScriptedIngestor:
    """Tells of the results it was given."""

    results: tuple[FileResult, ...]
    error: Exception | None = None
    asked: list[list[str]] = field(default_factory=list)

    def ingest(self, paths: Sequence[Path | str], collection: str, *, on_event: OnEvent | None = None) -> Report:
        assert on_event is not None
        self.asked.append([str(path) for path in paths])
        for number, result in enumerate(self.results, start=1):
            on_event(FileStarted(result.path, number, len(self.results)))
            on_event(FileFinished(result))
        if self.error:
            raise self.error
        return Report(self.results, 1.25)


def shown(*results: FileResult, terminal: bool = False) -> tuple[str, bool]:
    out = io.StringIO()
    view = ConsoleView(Console(file=out, force_terminal=terminal, width=80))
    failed = run(ScriptedIngestor(results), ["/in"], "library", view)
    return out.getvalue(), failed


def test_failures_are_listed_at_the_end_with_reason_and_remedy():
    """Outside of a terminal nothing but the lists and the counts is written."""
    text, failed = shown(GOOD, SAME, BAD, SKIPPED)
    assert failed
    assert text == (
        "Skipped:\n  /in/d.exe: not supported\n"
        "Failed:\n  /in/c.pdf: the PDF is damaged. Repair it\n"
        "1 written, 1 unchanged, 1 skipped, 1 failed; 3 chunks in 1.2 s\n"
    )


def test_a_terminal_gets_a_progress_bar():
    """The bar counts files and shows names as they are, brackets included."""
    text, failed = shown(FileResult(Path("/in/[bold].md"), "written", "id"), SAME, terminal=True)
    assert not failed
    assert "1 written, 1 unchanged" in text
    assert "\x1b[" in text


def test_json_is_one_line_a_file_and_a_summary():
    """Programs get every result and the counts."""
    out = io.StringIO()
    assert run(ScriptedIngestor((GOOD, BAD)), ["/in"], "library", JsonView(out))
    first, second, summary = map(json.loads, out.getvalue().splitlines())
    assert first == {
        "path": "/in/a.md",
        "status": "written",
        "document_id": "id-a",
        "pages": 1,
        "chunks": 3,
        "notes": ["a note"],
        "seconds": 0.5,
    }
    assert second["reason"] == "c.pdf: the PDF is damaged. Repair it"
    counts = {"written": 1, "unchanged": 0, "failed": 1, "skipped": 0}
    assert summary == {"summary": counts, "chunks": 3, "seconds": 1.25}


def test_an_error_of_the_run_rises_after_the_bar_is_gone():
    """The command turns it into exit code 2."""
    view = ConsoleView(Console(file=io.StringIO(), force_terminal=True))
    with pytest.raises(StoreLocked):
        run(ScriptedIngestor((GOOD,), StoreLocked("another process owns the store")), ["/in"], "library", view)


def test_a_wrong_setting_is_exit_code_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is wrong goes to the error output, by name."""
    monkeypatch.setenv("FOOTNOTE_TOP_K", "abc")
    app = typer.Typer()
    app.command()(ingest_command)
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert result.exit_code == 2
    assert "FOOTNOTE_TOP_K" in result.stderr


def test_watching_ingests_each_batch_of_changes(capsys: pytest.CaptureFixture[str]):
    """A failure is shown and the next change is waited for."""
    ingestor = ScriptedIngestor((BAD,))
    follow(ingestor, [[Path("/in/a.md")], [Path("/in/b.md"), Path("/in/c.md")]], "library", as_json=True)
    assert ingestor.asked == [["/in/a.md"], ["/in/b.md", "/in/c.md"]]
    assert capsys.readouterr().out.count('"failed"') >= 2


def test_a_pattern_is_watched_from_its_fixed_part(tmp_path: Path):
    """Folders and files as they are; a pattern stands for the folder above its first sign."""
    assert existing([str(tmp_path), str(tmp_path / "*" / "*.md")]) == [tmp_path, tmp_path]
