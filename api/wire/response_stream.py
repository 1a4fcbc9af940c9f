"""A response as it grows, and its stream of events, which add up to the response."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from api.wire.base import Json
from api.wire.citations import file_citation
from api.wire.content import Citation

Status = Literal["completed", "incomplete"]


class ResponseWriter:
    """Writes one response. `response` is the object as it stands, `events` are all that were told, in order.

    `file_ids` are looked up when a citation is told: the ids of uploaded files by those of their documents.

    Each method returns the events of its step. The order of steps is `begin`, `searched` where there is a search,
    `say` and `refuse` as often as needed, then `end` or `fail`.
    """

    def __init__(
        self,
        response: Json,
        *,
        message_id: str,
        search: Json | None = None,
        file_ids: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.response = response
        self._file_ids = file_ids
        self.events: list[Json] = []
        self._message_id = message_id
        self._search = search
        self._message: Json | None = None
        self._part: Json | None = None
        self._citations: list[Citation] = []

    def begin(self) -> list[Json]:
        """The response has started, and the search, if there is one."""
        first = len(self.events)
        self._tell("response.created", response=dict(self.response))
        self._tell("response.in_progress", response=dict(self.response))
        if self._search is not None:
            self._tell("response.output_item.added", output_index=0, item=dict(self._search))
            for step in ("in_progress", "searching"):
                self._tell(f"response.file_search_call.{step}", output_index=0, item_id=self._search["id"])
        return self.events[first:]

    def searched(self, results: list[Json] | None) -> list[Json]:
        """The search is done; `results` are sent if not None."""
        first = len(self.events)
        if self._search is not None:
            self._search |= {"status": "completed", "results": results}
            self._tell("response.file_search_call.completed", output_index=0, item_id=self._search["id"])
            self._item_done(self._search)
        return self.events[first:]

    def say(self, text: str, citations: tuple[Citation, ...]) -> list[Json]:
        """More text; its citations are sent when the text is complete."""
        first = len(self.events)
        part = self._open("output_text")
        part["text"] += text
        self._citations += citations
        self._tell("response.output_text.delta", **self._place, delta=text, logprobs=[])
        return self.events[first:]

    def refuse(self, text: str) -> list[Json]:
        """There is no answer, in these words."""
        first = len(self.events)
        self._open("refusal")["refusal"] += text
        self._tell("response.refusal.delta", **self._place, delta=text)
        return self.events[first:]

    def end(self, status: Status, **last: object) -> list[Json]:
        """The text is complete; `last` are the fields that are known only now."""
        first = len(self.events)
        if self._part is None:
            self._open("output_text")
        self._close()
        if self._message is not None:
            self._message["status"] = status
            self._item_done(self._message)
        self.response |= {"status": status, **last}
        self._tell(f"response.{status}", response=dict(self.response))
        return self.events[first:]

    def fail(self, code: str, message: str) -> list[Json]:
        """Nothing more will come."""
        first = len(self.events)
        self.response |= {"status": "failed", "error": {"code": code, "message": message}}
        self._tell("response.failed", response=dict(self.response))
        return self.events[first:]

    @property
    def _place(self) -> Json:
        index = len(self._message["content"]) if self._message is not None else 0
        return {"item_id": self._message_id, "output_index": len(self.response["output"]), "content_index": index}

    def _open(self, kind: str) -> Json:
        """The part of this kind that is being written."""
        if self._message is None:
            self._message = {
                "id": self._message_id,
                "type": "message",
                "role": "assistant",
                "status": "in_progress",
                "content": [],
            }
            item = {**self._message, "content": []}
            self._tell("response.output_item.added", output_index=len(self.response["output"]), item=item)
        if self._part is not None and self._part["type"] != kind:
            self._close()
        if self._part is None:
            text: Json = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
            self._part = text if kind == "output_text" else {"type": "refusal", "refusal": ""}
            self._tell("response.content_part.added", **self._place, part=dict(self._part))
        return self._part

    def _close(self) -> None:
        part, message = self._part, self._message
        if part is None or message is None:
            return
        if part["type"] == "output_text":
            annotations = [file_citation(each, self._file_ids) for each in self._citations]
            for i, each in enumerate(annotations):
                self._tell("response.output_text.annotation.added", **self._place, annotation_index=i, annotation=each)
            part["annotations"] = annotations
            self._tell("response.output_text.done", **self._place, text=part["text"], logprobs=[])
        else:
            self._tell("response.refusal.done", **self._place, refusal=part["refusal"])
        self._tell("response.content_part.done", **self._place, part=dict(part))
        message["content"].append(part)
        self._part = None

    def _item_done(self, item: Json) -> None:
        self._tell("response.output_item.done", output_index=len(self.response["output"]), item=dict(item))
        self.response = {**self.response, "output": [*self.response["output"], item]}

    def _tell(self, kind: str, **more: object) -> None:
        self.events.append({"type": kind, "sequence_number": len(self.events), **more})
