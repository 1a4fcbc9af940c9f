"""How far a run is, out of its events: counts, rate and time left."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.events import Event, FileFinished, FileProgress, RunPlanned

_DONE = ("written", "unchanged", "failed")


@dataclass(slots=True)
class Tally:
    """The state of a run; `seconds` since its beginning are handed in, so that it needs no clock."""

    files: int = 0
    size_bytes: int = 0
    files_done: int = 0
    bytes_done: int = 0
    failed: int = 0
    incomplete: int = 0
    pages: int = 0
    chunks_written: int = 0
    stage: str = "listing"
    source: str = ""
    in_hand: dict[str, FileProgress] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take an event into account."""
        if isinstance(event, RunPlanned):
            self.files, self.size_bytes, self.stage = event.files, event.size_bytes, "reading"
        elif isinstance(event, FileProgress):
            self.in_hand[event.source] = event
            self.stage, self.source = ("reading" if event.stage == "read" else "writing"), event.source
        elif isinstance(event, FileFinished) and event.result.status in _DONE:
            self._finish(event)

    def _finish(self, event: FileFinished) -> None:
        result = event.result
        self.in_hand.pop(result.source, None)
        self.files_done += 1
        self.bytes_done += result.size_bytes
        self.failed += result.status == "failed"
        self.source = result.source
        if result.status == "written":
            self.stage = "writing"
            self.pages += result.pages
            self.chunks_written += result.chunks
            self.incomplete += bool(result.losses)

    @property
    def chunks(self) -> int:
        """Chunks written, including those of files in progress."""
        return self.chunks_written + sum(progress.chunks_done for progress in self.in_hand.values())

    @property
    def share(self) -> float:
        """The share done (0..1): by files, and by chunks for files in progress."""
        if not self.files:
            return 0.0
        partly = sum(each.chunks_done / each.chunks for each in self.in_hand.values() if each.chunks)
        return min(1.0, (self.files_done + partly) / self.files)

    def chunks_per_s(self, seconds: float) -> float:
        """Chunks written a second so far."""
        return self.chunks / seconds if seconds > 0 else 0.0

    def left_s(self, seconds: float) -> float | None:
        """The estimated remaining seconds; None if there is no basis for an estimate."""
        return seconds * (1 - self.share) / self.share if self.share > 0 else None
