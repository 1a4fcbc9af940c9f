"""What `footnote ingest` shows, and its exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from ingest.cli.commands import COULD_NOT_RUN, SOME_FAILED, existing, follow, ingest_command, run
from ingest.cli.progress import ConsoleView, JsonView
from ingest.cli.watching import Changes
from ingest.events import FileFinished, FileProgress, FileResult, OnEvent, Report, RunPlanned, Tick
from ingest.queue.handover import event_from_json, event_to_json
from ingest.work.records import FileTask, ReadFile, RunRequest, result_from_json, result_to_json
from rag.errors import QueueError, SourceError

REQUEST = RunRequest("library", ("/in",))
GOOD = FileResult("/in/a.md", "written", "id-a", 9, pages=1, chunks=3, seconds=0.5, notes=("a note",))
SAME = FileResult("/in/b.md", "unchanged", "id-b")
BAD = FileResult("/in/c.pdf", "failed", reason="c.pdf: the PDF is damaged. Repair it")
SKIPPED = FileResult("/in/d.exe", "skipped", reason="not supported")
GONE = FileResult("/in/e.md", "pruned", "id-e", chunks=2)


@dataclass
class ScriptedIngestion:
    """Tells of the results it was given."""

    results: tuple[FileResult, ...] = ()
    stopped: str | None = None
    error: Exception | None = None
    asked: list[RunRequest] = field(default_factory=list)

    def run(self, request: RunRequest, on_event: OnEvent = lambda _event: None) -> Report:
        self.asked.append(request)
        on_event(RunPlanned(len(self.results), 9))
        for result in self.results:
            on_event(FileProgress(result.source, "write", 1, 1, 3))
            on_event(FileFinished(result))
        if self.error:
            raise self.error
        return Report(self.results, 1.25, self.stopped)


def shown(*results: FileResult, terminal: bool = False) -> tuple[str, int]:
    out = io.StringIO()
    view = ConsoleView(Console(file=out, force_terminal=terminal, width=160))
    code = run(ScriptedIngestion(results), REQUEST, view)
    return out.getvalue(), code


def test_failures_are_listed_at_the_end_with_reason_and_remedy():
    """Outside of a terminal nothing but the lists and the counts is written."""
    text, code = shown(GOOD, SAME, BAD, SKIPPED, GONE)
    assert code == SOME_FAILED
    assert text == (
        "Skipped:\n  /in/d.exe: not supported\n"
        "Failed:\n  /in/c.pdf: the PDF is damaged. Repair it\n"
        "1 written, 1 unchanged, 1 skipped, 1 failed, 1 pruned; 3 chunks in 1.2 s\n"
    )


def test_files_that_were_not_read_in_full_are_counted_and_named():
    """With the first thing that is missing, and the command that shows the others; a file read in full is not named."""
    partly = replace(GOOD, source="/in/f.xlsx", losses=("sheet A: 2 formula(s) without a stored value", "a chart"))
    text, code = shown(GOOD, partly)
    assert code == 0
    assert text.endswith(
        "1 file was not read in full; `footnote receipt FILE` shows what was left out:\n"
        "  /in/f.xlsx: sheet A: 2 formula(s) without a stored value (and 1 more)\n"
    )
    many, _ = shown(*(replace(partly, source=f"/in/{number}.xlsx") for number in range(12)))
    assert "12 files were not read in full" in many
    assert many.endswith("  and 2 more\n")


def test_programs_learn_of_files_that_were_not_read_in_full():
    """Each file's line lists what was left out, and the summary counts such files."""
    out = io.StringIO()
    run(ScriptedIngestion((GOOD, replace(GOOD, losses=("a chart",)))), REQUEST, JsonView(out))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["losses"] for line in lines if "status" in line] == [[], ["a chart"]]
    assert lines[-1]["incomplete"] == 1


def test_a_terminal_gets_a_progress_bar():
    """It counts files, pages, chunks and bytes, and shows names as they are, brackets included."""
    text, code = shown(replace(GOOD, source="/in/[bold].md"), SAME, terminal=True)
    assert code == 0
    assert "1 written, 1 unchanged" in text
    assert "\x1b[" in text


def test_json_has_a_line_a_file_lines_on_progress_and_a_summary():
    """Programs get every result, how far the run is, and the counts."""
    out = io.StringIO()
    seconds = iter(range(100))
    code = run(ScriptedIngestion((GOOD, BAD)), REQUEST, JsonView(out, lambda: float(next(seconds))))
    assert code == SOME_FAILED
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    files = [line for line in lines if "status" in line]
    assert files[0] == {
        "source": "/in/a.md",
        "status": "written",
        "document_id": "id-a",
        "pages": 1,
        "chunks": 3,
        "bytes": 9,
        "notes": ["a note"],
        "losses": [],
        "seconds": 0.5,
    }
    assert files[1]["reason"] == "c.pdf: the PDF is damaged. Repair it"
    progress = [line["progress"] for line in lines if "progress" in line]
    assert {key: progress[-1][key] for key in ("files", "files_total", "failed", "chunks", "bytes_total")} == {
        "files": 2,
        "files_total": 2,
        "failed": 1,
        "chunks": 3,
        "bytes_total": 9,
    }
    counts = {"written": 1, "unchanged": 0, "failed": 1, "skipped": 0, "pruned": 0}
    assert lines[-1] == {"summary": counts, "incomplete": 0, "chunks": 3, "seconds": 1.25, "embedding_s": 0.0}


def test_a_run_that_was_stopped_is_exit_code_2(capsys: pytest.CaptureFixture[str]):
    view = ConsoleView(Console(file=io.StringIO()))
    assert run(ScriptedIngestion((GOOD,), "the store is full"), REQUEST, view) == COULD_NOT_RUN
    assert "stopped: the store is full" in capsys.readouterr().err


def test_an_error_of_the_run_rises_after_the_bar_is_gone():
    """The command turns it into exit code 2."""
    view = ConsoleView(Console(file=io.StringIO(), force_terminal=True))
    with pytest.raises(QueueError):
        run(ScriptedIngestion((GOOD,), error=QueueError("the queue failed")), REQUEST, view)


@pytest.mark.parametrize(
    ("variable", "value", "arguments", "words"),
    [
        ("FOOTNOTE_TOP_K", "abc", ["/in"], "FOOTNOTE_TOP_K"),
        ("FOOTNOTE_TOP_K", "8", [], "nothing to ingest"),
        ("FOOTNOTE_TOP_K", "8", ["/in", "--queue-only"], "FOOTNOTE_QUEUE_URL"),
        ("FOOTNOTE_QUEUE_URL", "mysql://nowhere", ["/in"], "FOOTNOTE_QUEUE_URL"),
    ],
)
def test_what_cannot_be_done_is_exit_code_2(  # noqa: PLR0917
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, arguments: Sequence[str], words: str
):
    """What is wrong goes to the error output, by name."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(variable, value)
    app = typer.Typer()
    app.command()(ingest_command)
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 2
    assert words in result.stderr


def test_watching_ingests_each_batch_of_changes(capsys: pytest.CaptureFixture[str]):
    """A failure is shown and the next change is waited for."""
    ingestion = ScriptedIngestion((BAD,))
    batches = [Changes(added=(Path("/in/a.md"),)), Changes(added=(Path("/in/b.md"),), changed=(Path("/in/c.md"),))]
    follow(ingestion, REQUEST, iter(batches), as_json=True)
    assert [request.paths for request in ingestion.asked] == [("/in/a.md",), ("/in/b.md", "/in/c.md")]
    assert capsys.readouterr().out.count('"failed"') >= 2


def test_a_deleted_file_is_removed_only_when_that_was_asked_for():
    """Then the whole place is looked at again; otherwise nothing is done."""
    batches = [Changes(deleted=(Path("/in/a.md"),))]
    pruning = replace(REQUEST, prune=True)
    for request, asked in ((REQUEST, []), (pruning, [pruning])):
        ingestion = ScriptedIngestion()
        follow(ingestion, request, iter(batches), as_json=True)
        assert ingestion.asked == asked


def test_what_the_store_refused_is_tried_again_with_the_next_change():
    """And what is not there is not watched."""
    ingestion = ScriptedIngestion(stopped="the store is full")
    batches = [Changes(added=(Path("/in/a.md"),)), Changes(added=(Path("/in/b.md"),))]
    follow(ingestion, REQUEST, iter(batches), as_json=True)
    assert [request.paths for request in ingestion.asked] == [("/in/a.md",), ("/in/a.md", "/in/b.md")]
    with pytest.raises(SourceError, match="/nowhere: not found"):
        existing(["/nowhere"])


def test_a_pattern_is_looked_at_as_a_whole():
    """A change beside it may not be meant."""
    ingestion = ScriptedIngestion()
    request = replace(REQUEST, paths=("/in/*.md",))
    follow(ingestion, request, iter([Changes(added=(Path("/in/x.txt"),))]), as_json=True)
    assert ingestion.asked == [request]


def test_a_pattern_is_watched_from_its_fixed_part(tmp_path: Path):
    """Folders and files as they are; a pattern stands for the folder above its first sign; URLs are not watched."""
    given = [str(tmp_path), str(tmp_path / "*" / "*.md"), "https://example.org/a"]
    assert existing(given) == [tmp_path, tmp_path]


def test_what_travels_comes_back_the_same():
    """Through the queue and over REST."""
    task = FileTask("library", "/in/a.md", "a.md", {"year": 2025})
    assert FileTask.from_json(json.loads(json.dumps(task.to_json()))) == task
    read = ReadFile("changed", "abc", 9, 1, 2)
    assert ReadFile.from_json(json.loads(json.dumps(read.to_json()))) == read
    request = RunRequest("library", ("/in",), ("/urls.txt",), True)
    assert RunRequest.from_json(json.loads(json.dumps(request.to_json()))) == request
    assert result_from_json(json.loads(json.dumps(result_to_json(GOOD)))) == GOOD
    for event in (RunPlanned(1, 2), FileProgress("/in/a.md", "read", 1, 2, 3), FileFinished(GOOD), Tick()):
        assert event_from_json(json.loads(json.dumps(event_to_json(event)))) == event
