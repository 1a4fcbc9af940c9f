"""Forwards runs to the service that owns this machine's queue, and follows their progress."""

from __future__ import annotations

from dataclasses import asdict

from ingest.events import Event, FileFinished, FileProgress, FileResult, OnEvent, Report, RunPlanned, Tick
from ingest.reading import document_from_json
from ingest.work import Json, RunRequest, result_from_json
from rag.errors import QueueError
from rag.handover import PREFIX, ServiceClient
from rag.types import Document

RUNS = "/v1/ingestions"
_NAMES = {"planned": RunPlanned, "progress": FileProgress, "tick": Tick}


def event_to_json(event: Event) -> Json:
    """An event as one line of the service's stream; `event_from_json` is its inverse."""
    if isinstance(event, FileFinished):
        return {"event": "finished", "result": asdict(event.result)}
    [name] = (name for name, kind in _NAMES.items() if isinstance(event, kind))
    return {"event": name, **asdict(event)}


def event_from_json(raw: Json) -> Event:
    """The event of one line."""
    if raw["event"] == "finished":
        return FileFinished(result_from_json(raw["result"]))
    fields = {key: value for key, value in raw.items() if key != "event"}
    event: Event = _NAMES[raw["event"]](**fields)
    return event


class ServiceIngestion:
    """Ingestion by a running service; `run` works like `ingest.ingestion.Ingestion.run`.

    Paths must be absolute: the service has a working directory of its own.
    """

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    def run(self, request: RunRequest, on_event: OnEvent = lambda _event: None) -> Report:
        """Submit a run and report its events; an interrupt cancels it.

        Raises:
            ServiceError: the service does not answer.
            QueueError: its queue failed.
        """
        [started] = self._service.lines(RUNS, request.to_json())
        try:
            return self._follow(started["id"], on_event)
        except KeyboardInterrupt:
            list(self._service.lines(f"{RUNS}/{started['id']}", method="DELETE"))
            raise

    def document(self, collection: str, source: str) -> Document | None:
        """A document in the service's store, without its pages; None when it is not there.

        Raises:
            ServiceError: the service does not answer.
        """
        [found] = self._service.lines(f"{PREFIX}/receipt", {"collection": collection, "source": source})
        return document_from_json(found["receipt"]) if found["receipt"] else None

    def _follow(self, run: str, on_event: OnEvent) -> Report:
        results: list[FileResult] = []
        for line in self._service.lines(f"{RUNS}/{run}/events", method="GET"):
            if line["event"] == "ended":
                return Report(tuple(results), line["seconds"], line["stopped"])
            event = event_from_json(line)
            if isinstance(event, FileFinished):
                results.append(event.result)
            on_event(event)
        raise QueueError(f"the run {run} was told of no further by {self._service.owner}; give the command again")
