"""The way of a file, and what a crash at any point of it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.events import Event, FileProgress, FileResult
from ingest.reading.reader import ChunkedDocument, FileReader, FileVersion, ReadingOptions, prepare
from ingest.reading.sandbox import SameProcess
from ingest.sources import Limits
from ingest.sources.expanding import expand
from ingest.sources.fetching import Fetcher
from ingest.work.budget import Budget, Turns
from ingest.work.embedding_queue import EmbeddingQueue
from ingest.work.files import Tools, bring_in
from ingest.work.records import FileTask, Json, RunRequest
from ingest.work.runs import RunWork
from rag.store import CollectionSpec
from rag.store.digest import digest
from rag.types import document_id_of
from tests.fakes.ingestion import DIMENSION, HashEmbedder, MemoryStore, WordLengths, count_words
from tests.files.documents import lines, pdf_of

C = "library"
LONG = "\n\n".join(f"Paragraph {number} has eight words in all." for number in range(24))


class Crash(BaseException):
    """The process was killed."""


@dataclass
class Records:
    """Steps that are remembered; a crash comes when `moments` have run out: before, within or after a step."""

    kept: list[tuple[str, Json]] = field(default_factory=list)
    moments: int | None = None
    replayed: int = 0

    def __call__(self, name: str, function: Callable[[], Json]) -> Json:
        if self.replayed < len(self.kept):
            recorded, result = self.kept[self.replayed]
            assert recorded == name, "a resumed file takes the same steps"
        else:
            self.moment()
            result = function()
            self.moment()
            self.kept.append((name, result))
        self.replayed += 1
        self.moment()
        return result

    def moment(self) -> None:
        if self.moments is not None:
            self.moments -= 1
            if self.moments < 0:
                raise Crash

    def after_a_crash(self, moments: int | None) -> Records:
        return Records(self.kept, moments)


@dataclass
class Bench:
    """The tools of one test, with a store in memory."""

    store: MemoryStore
    embedder: HashEmbedder
    tools: Tools
    events: list[Event] = field(default_factory=list)

    def bring_in(self, path: Path, step: Records | None = None, **metadata: int) -> FileResult:
        task = FileTask(C, path.as_posix(), path.name, metadata)
        return bring_in(task, self.tools, step or Records(), self.events.append)


@contextmanager
def bench() -> Iterator[Bench]:
    prepare(ReadingOptions(count_words, 16, 100, 0.01, "none", "eng"))
    store, embedder = MemoryStore(), HashEmbedder()
    line = EmbeddingQueue(embedder)
    try:
        with Fetcher(Limits(max_file_mb=0.1)) as fetcher:
            reader = FileReader(SameProcess())
            spec, memory, vectors, turns = CollectionSpec(DIMENSION), Budget(1000), Budget(8), Turns()
            tools = Tools(store, spec, line, WordLengths(), fetcher, reader, memory, vectors, turns, batch_chunks=4)
            yield Bench(store, embedder, tools)
    finally:
        line.close()


@pytest.fixture
def hand() -> Iterator[Bench]:
    with bench() as ready:
        yield ready


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_a_document_with_chunks(hand: Bench, tmp_path: Path):
    """It has the identity of its absolute path and the metadata given; its chunks carry both."""
    path = write(tmp_path, "guide.md", "---\nteam: field\n---\n# Guide\n\nPlug it in.")
    result = hand.bring_in(path, year=2025)
    document = hand.store.document(C, document_id_of(path.as_posix()))
    assert document is not None
    assert (document.title, document.filename) == ("Guide", "guide.md")
    assert document.metadata == {"team": "field", "year": 2025}
    assert (result.status, result.document_id, result.pages, result.chunks) == ("written", document.id, 1, 2)
    for chunk in hand.store.chunks_of(C, "guide.md"):
        assert (chunk.document_id, chunk.sha256, chunk.metadata) == (document.id, document.sha256, document.metadata)


def test_a_long_file_is_embedded_and_written_in_batches_and_published_once(hand: Bench, tmp_path: Path):
    """Its progress is told; a short one has none to tell."""
    result = hand.bring_in(write(tmp_path, "long.txt", LONG))
    batches = -(-result.chunks // 4)
    assert batches > 2
    assert hand.store.log == ["discard", *["chunks"] * batches, "publish"]
    progress = [event for event in hand.events if isinstance(event, FileProgress)]
    assert [(each.stage, each.chunks_done) for each in progress[:2]] == [("read", 0), ("write", 4)]
    hand.events.clear()
    hand.bring_in(write(tmp_path, "short.txt", "Few words."))
    assert hand.events == []


def test_unchanged_bytes_are_not_read_again(hand: Bench, tmp_path: Path):
    path = write(tmp_path, "a.txt", "The same words.")
    hand.bring_in(path)
    hand.store.log.clear()
    hand.embedder.batches.clear()
    assert hand.bring_in(path).status == "unchanged"
    assert hand.store.log == hand.embedder.batches == []


def test_a_changed_file_replaces_its_old_version(hand: Bench, tmp_path: Path):
    path = write(tmp_path, "a.txt", "First words.")
    hand.bring_in(path)
    write(tmp_path, "a.txt", "Second words.")
    assert hand.bring_in(path).status == "written"
    assert hand.store.texts(C) == ["Second words."]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.7 rubbish", "damaged"),
        ("a.txt", b"", "empty file"),
        ("a.txt", b" \n ", "no text"),
        ("a.txt", b"x " * 60_000, "limit is 0.1 MB"),
        ("a.txt", b"many words " * 2000, "FOOTNOTE_MAX_TEXT_MB"),
    ],
)
def test_a_file_that_became_bad_fails_and_keeps_its_old_version(hand: Bench, tmp_path: Path, name, data, words):
    """The reason names the file and the remedy; it can be tried again at once."""
    path = write(tmp_path, name, "Good words at first.")
    if not name.endswith(".pdf"):
        hand.bring_in(path)
    before = hand.store.texts(C) if hand.store.held else []
    path.write_bytes(data)
    result = hand.bring_in(path)
    assert result.status == "failed"
    assert not result.fatal
    assert words in str(result.reason)
    assert (hand.store.texts(C) if hand.store.held else []) == before
    path.write_text("Good words again.", encoding="utf-8")
    if name.endswith(".txt"):
        assert hand.bring_in(path).status == "written"


def test_a_pdf_with_too_many_pages_is_refused_by_its_setting(hand: Bench, tmp_path: Path):
    """The limit that the options name is the one that holds."""
    prepare(ReadingOptions(count_words, 16, 2, 0.01, "none", "eng"))
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf_of(*[lines("Some words")] * 3))
    result = hand.bring_in(path)
    assert result.status == "failed"
    assert "FOOTNOTE_MAX_PAGES=2" in str(result.reason)


def test_a_file_that_is_gone_fails(hand: Bench, tmp_path: Path):
    assert hand.bring_in(tmp_path / "nowhere.txt").status == "failed"


def test_a_failed_file_tells_what_is_at_fault(hand: Bench, tmp_path: Path):
    """Its kind, the file itself, or the store."""
    assert hand.bring_in(write(tmp_path, "a.exe", "MZ\0\1\2")).fault == "unsupported"
    assert hand.bring_in(write(tmp_path, "a.txt", "")).fault == "unreadable"
    assert hand.bring_in(tmp_path / "nowhere.txt").fault == "unreadable"
    hand.store.fails_after = 0
    assert hand.bring_in(write(tmp_path, "b.txt", "Words.")).fault == "system"


def test_a_file_may_ask_for_shorter_chunks_and_not_for_longer(hand: Bench, tmp_path: Path):
    """What is longer than the model reads would be cut off unseen."""
    path = write(tmp_path, "long.txt", LONG)
    lengths = {}
    for tokens in (8, None, 1000):
        bring_in(FileTask(C, path.as_posix(), path.name, {}, tokens), hand.tools, Records(), hand.events.append)
        lengths[tokens] = max(count_words(text) for text in hand.store.texts(C))
        hand.store.delete(C, document_id_of(path.as_posix()))
    assert lengths[8] <= 8 < lengths[None] == lengths[1000] <= 16


def test_a_failing_store_or_model_is_not_the_files_fault(hand: Bench, tmp_path: Path):
    hand.store.fails_after = 0
    result = hand.bring_in(write(tmp_path, "a.txt", "Words."))
    assert (result.status, result.fatal, result.reason) == ("failed", True, "the store cannot be reached")
    hand.store.fails_after = None
    hand.embedder.available = False
    assert hand.bring_in(tmp_path / "a.txt").fatal


def test_a_file_that_changes_between_two_steps_is_begun_again(hand: Bench, tmp_path: Path):
    """After a crash its bytes are other ones: what was staged is discarded and the new version goes in."""
    path = write(tmp_path, "long.txt", LONG)
    records = Records(moments=4)
    with pytest.raises(Crash):
        hand.bring_in(path, records)
    assert hand.store.staged(C)
    write(tmp_path, "long.txt", "Other words.")
    assert hand.bring_in(path, records.after_a_crash(None)).status == "written"
    assert hand.store.texts(C) == ["Other words."]
    assert hand.store.staged(C) == []


def test_a_version_of_which_chunks_are_missing_is_written_again(hand: Bench, tmp_path: Path):
    """Whatever took them: its record alone does not make it unchanged."""
    path = write(tmp_path, "long.txt", LONG)
    whole = hand.bring_in(path)
    held = hand.store.held[C].chunks
    for key in list(held)[1:4]:
        del held[key]
    assert hand.bring_in(path).status == "written"
    assert len(hand.store.texts(C)) == whole.chunks
    assert hand.bring_in(path).status == "unchanged"


class Restless:
    """A reader that finds other chunks every time."""

    def __init__(self, inner: FileReader) -> None:
        self._inner = inner
        self._reads = 0

    def read(self, version: FileVersion) -> ChunkedDocument:
        reading = self._inner.read(version)
        self._reads += 1
        return replace(reading, chunks=reading.chunks[self._reads % 2 :])

    def close(self) -> None: ...


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 14), max_size=8), st.booleans())
def test_a_crash_at_any_moment_changes_nothing_of_what_comes_out(tmp_path_factory, crashes, replacing):
    """However often it is killed, wherever: the same digest as undisturbed, and nothing staged is left."""
    path = write(tmp_path_factory.mktemp("corpus"), "long.txt", LONG if not replacing else "Old words.")
    with bench() as calm, bench() as troubled:
        if replacing:
            for each in (calm, troubled):
                each.bring_in(path)
            path.write_text(LONG, encoding="utf-8")
        calm.bring_in(path)
        records = Records()
        for moments in crashes:
            records = records.after_a_crash(moments)
            try:
                troubled.bring_in(path, records)
            except Crash:
                continue
        result = troubled.bring_in(path, records.after_a_crash(None))
        assert result.status == "written"
        assert digest(troubled.store, C) == digest(calm.store, C)
        assert troubled.store.staged(C) == []


def test_a_reader_that_is_of_two_minds_never_publishes_half(hand: Bench, tmp_path: Path):
    """Chunks cut otherwise than before the crash are not mixed with those that were written."""
    tools = replace(hand.tools, reader=Restless(hand.tools.reader))
    task = FileTask(C, write(tmp_path, "long.txt", LONG).as_posix(), "long.txt")
    records = Records(moments=4)
    with pytest.raises(Crash):
        bring_in(task, tools, records, hand.events.append)
    result = bring_in(task, tools, records.after_a_crash(None), hand.events.append)
    assert result.status == "written"
    assert result.chunks == len(hand.store.texts(C))


def runs(hand: Bench) -> RunWork:
    return RunWork(hand.store, lambda request: expand(request.paths, Limits()))


def test_a_plan_lists_what_is_to_be_read_and_what_is_not(hand: Bench, tmp_path: Path):
    write(tmp_path, "b.txt", "words")
    write(tmp_path, "a.txt", "more words")
    write(tmp_path, "c.exe", "no")
    plan = runs(hand).plan(RunRequest(C, (str(tmp_path), str(tmp_path / "missing"))))
    assert [task.name for task in plan.tasks] == ["a.txt", "b.txt"]
    assert plan.size_bytes == 15
    assert {(Path(each.source).name, each.status) for each in plan.settled} == {
        ("c.exe", "skipped"),
        ("missing", "failed"),
    }


def test_a_plan_takes_single_files_as_they_are(hand: Bench, tmp_path: Path):
    """Whatever their names, with their metadata; a request of an earlier version names none."""
    file = FileTask(C, (tmp_path / "x.zip").as_posix(), "x.zip", {"year": 2025}, 20)
    request = RunRequest.from_json(RunRequest(C, files=(file,)).to_json())
    assert runs(hand).plan(request).tasks == (file,)
    older = {"collection": C, "paths": [], "url_lists": [], "prune": False}
    assert RunRequest.from_json(older).files == ()


def test_finishing_prunes_only_what_was_asked_for_and_sweeps_what_was_left(hand: Bench, tmp_path: Path):
    """Documents that vanished go, and are erased; what a failed run staged goes, unless another run is at it; indexes
    are built."""
    kept, gone = write(tmp_path, "kept.txt", "Kept."), write(tmp_path, "gone.txt", "Gone.")
    for path in (kept, gone):
        hand.bring_in(path)
    half, busy = write(tmp_path, "half.txt", LONG), write(tmp_path, "busy.txt", LONG)
    for path in (half, busy):
        with pytest.raises(Crash):
            hand.bring_in(path, Records(moments=4))
    gone.unlink()
    request = RunRequest(C, (str(tmp_path),))
    others = {document_id_of(busy.as_posix())}
    assert runs(hand).finish(request, lambda: others) == []
    assert [key for key, _ in hand.store.staged(C)] == sorted(others)
    [pruned] = runs(hand).finish(replace(request, prune=True), set)
    assert (pruned.status, pruned.source) == ("pruned", gone.as_posix())
    assert hand.store.staged(C) == []
    assert hand.store.texts(C) == ["Kept."]
    assert hand.store.log[-3:] == ["optimize", "delete", "erase"]


def test_one_document_that_cannot_be_deleted_does_not_stop_the_others(hand: Bench, tmp_path: Path):
    """It is tried again after them, and named if that fails too; so are bytes that cannot be erased."""
    kept = write(tmp_path, "kept.txt", "Kept.")
    gone = [write(tmp_path, f"{number}.txt", f"Gone {number}.") for number in range(3)]
    for path in (kept, *gone):
        hand.bring_in(path)
    for path in gone:
        path.unlink()
    first, second, third = (document_id_of(path.as_posix()) for path in gone)
    hand.store.stuck = {first: 2, second: 1}
    request = RunRequest(C, (str(tmp_path),), prune=True)
    results = runs(hand).finish(request, set)
    statuses = {str(result.document_id): result.status for result in results}
    assert statuses == {first: "failed", second: "pruned", third: "pruned"}
    (reason,) = [str(result.reason) for result in results if result.status == "failed"]
    assert "could not be deleted (the store cannot be reached). Run the command again" in reason
    assert sorted(hand.store.texts(C)) == ["Gone 0.", "Kept."]
    assert hand.store.log[-1] == "erase"
    hand.store.is_full = True
    results = runs(hand).finish(request, set)
    assert [(result.source, result.status) for result in results] == [(gone[0].as_posix(), "pruned"), (C, "failed")]
    assert "not erased from its files yet (no space is left)" in str(results[1].reason)


def test_a_run_over_nothing_creates_no_collection(hand: Bench, tmp_path: Path):
    request = RunRequest(C, (str(tmp_path),))
    runs(hand).plan(request)
    assert runs(hand).finish(request, set) == []
    assert not hand.store.has_collection(C)


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF\x02" + bytes(range(256)) * 8, b"PK\x05\x06" + bytes(18), b"{\\rtf1 x}"]
)
def test_an_unsupported_file_without_an_extension_is_skipped_in_a_folder(
    hand: Bench, tmp_path: Path, data: bytes
) -> None:
    """As one with an unknown extension is; where it is given by itself, or is stored already, it fails."""
    path = tmp_path / "tool"
    path.write_bytes(data)
    work = RunWork(hand.store, lambda request: expand(request.paths))
    for given_as, status in ((tmp_path, "skipped"), (tmp_path / "*", "skipped"), (path, "failed")):
        [task] = work.plan(RunRequest(C, (str(given_as),))).tasks
        result = bring_in(task, hand.tools, Records(), hand.events.append)
        assert result.status == status
        assert result.reason is not None
        assert "tool: " in result.reason
    path.write_text("The ferry leaves at noon.\n")
    [task] = work.plan(RunRequest(C, (str(tmp_path),))).tasks
    assert bring_in(task, hand.tools, Records(), hand.events.append).status == "written"
    path.write_bytes(data)
    assert bring_in(task, hand.tools, Records(), hand.events.append).status == "failed"
