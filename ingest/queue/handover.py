"""Hands work to the service that owns this machine's queue, and follows along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Self

import httpx

from ingest.events import Event, FileFinished, FileProgress, FileResult, OnEvent, Report, RunPlanned, Tick
from ingest.queue.owner import Owner
from ingest.reading import document_from_json
from ingest.work import Json, RunRequest, result_from_json
from rag.errors import QueueError
from rag.types import Document

RUNS = "/v1/ingestions"
_WAIT = httpx.Timeout(10, read=None)  # a long file may be quiet for as long as it takes
_PATIENT = httpx.HTTPTransport(retries=5)  # a service that has just begun owns the queue before it listens
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

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        headers = {"Authorization": f"Bearer {owner.token}"}
        self._client = httpx.Client(base_url=owner.url or "", headers=headers, timeout=_WAIT, transport=_PATIENT)

    def run(self, request: RunRequest, on_event: OnEvent = lambda _event: None) -> Report:
        """Hand it in and tell of it; an interrupt cancels it.

        Raises:
            QueueError: the service does not answer, or its queue failed.
        """
        with self._speaking():
            started = self._client.post(RUNS, json=request.to_json())
            run = _checked(started).json()["id"]
            try:
                return self._follow(run, on_event)
            except KeyboardInterrupt:
                self._client.delete(f"{RUNS}/{run}")
                raise

    def document(self, collection: str, source: str) -> Document | None:
        """A document in the service's store, without its pages; None when it is not there.

        Raises:
            QueueError: the service does not answer.
        """
        with self._speaking():
            answer = self._client.get(f"{RUNS}/receipt", params={"collection": collection, "source": source})
            return None if answer.status_code == httpx.codes.NOT_FOUND else document_from_json(_checked(answer).json())

    def _follow(self, run: str, on_event: OnEvent) -> Report:
        results: list[FileResult] = []
        with self._client.stream("GET", f"{RUNS}/{run}/events") as response:
            _checked(response)
            for line in response.iter_lines():
                raw = json.loads(line)
                if raw["event"] == "failed":
                    raise QueueError(raw["message"])
                if raw["event"] == "ended":
                    return Report(tuple(results), raw["seconds"], raw["stopped"])
                event = event_from_json(raw)
                if isinstance(event, FileFinished):
                    results.append(event.result)
                on_event(event)
        raise QueueError(
            f"the service at {self._owner.url} ended in the middle; what it had taken goes on when it is back"
        )

    def close(self) -> None:
        """Close the connection; the service goes on."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as exc:
            raise QueueError(
                f"the service that ingests (process {self._owner.pid}, {self._owner.url}) does not answer: {exc}"
            ) from exc


def _checked(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        response.read()
        raise QueueError(f"the service refused the work: HTTP {response.status_code} {response.text[:300]}")
    return response
