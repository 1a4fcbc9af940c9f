"""`POST /v1/responses`: the request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from api.wire.base import MODEL, Json, Metadata, Refused, WireModel, reason_of
from api.wire.conversation import Conversation, conversation_of
from api.wire.parts import Part, parts_of
from api.wire.search import Ranked, RankingOptions
from rag.models import Message

RESULTS = "file_search_call.results"
_HARMLESS_INCLUDES = frozenset(
    (
        "reasoning.encrypted_content",
        "web_search_call.action.sources",
        "web_search_call.results",
        "code_interpreter_call.outputs",
        "computer_call_output.output.image_url",
        "message.input_image.image_url",
    )
)
"""What never comes here, so that asking for it changes nothing."""
_CHOICES: tuple[object, ...] = (None, "auto", "required", {"type": "file_search"})


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the input; `role` is its type where nobody said it."""

    role: str
    parts: tuple[Part, ...]
    place: str


def items_of(raw: object) -> tuple[Item, ...]:
    """The items of an input: a text is one message of the user.

    Raises:
        ValueError: saying which item is none.
    """
    if isinstance(raw, tuple):
        return raw
    if isinstance(raw, str):
        return (Item("user", (Part("text", raw),), "input"),)
    if not isinstance(raw, list) or not raw:
        raise ValueError("a text, or a list of messages such as {'role': 'user', 'content': '…'}, is needed")
    return tuple(_item(each, i) for i, each in enumerate(raw))


def _item(raw: object, number: int) -> Item:
    if not isinstance(raw, dict):
        raise ValueError(f"item {number} is not an object")
    kind, role = raw.get("type", "message"), raw.get("role")
    if kind == "message" and isinstance(role, str):
        return Item(role, parts_of(raw.get("content")), f"input.{number}.content")
    if kind == "message" or not isinstance(kind, str):
        raise ValueError(f"item {number} is a message without a role")
    return Item(kind, (), f"input.{number}")


class FileSearch(Ranked):
    """The tool that answers: a search in the documents of a vector store, which is a collection."""

    type: Literal["file_search"] = "file_search"
    vector_store_ids: list[str] = Field(min_length=1)
    max_num_results: int = Field(10, ge=1, le=50)
    filters: Json | None = None
    ranking_options: RankingOptions = Field(default_factory=lambda: RankingOptions.model_validate({}))


class ResponsesRequest(WireModel):
    """OpenAI's shape. Fields that ask for what Footnote cannot do are refused by name; unknown ones are ignored."""

    model: str = MODEL
    input: Annotated[tuple[Item, ...], BeforeValidator(items_of, json_schema_input_type=str | list[dict[str, Any]])]
    instructions: str | None = None
    tools: list[Json] | None = None
    tool_choice: str | Json | None = None
    include: list[str] | None = None
    previous_response_id: str | None = None
    store: bool | None = None
    stream: bool | None = None
    max_output_tokens: int | None = Field(None, ge=1)
    metadata: Metadata | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    top_logprobs: int | None = None
    truncation: Literal["auto", "disabled"] | None = None
    text: Json | None = None
    reasoning: Json | None = None
    parallel_tool_calls: bool | None = None
    max_tool_calls: int | None = None
    background: bool | None = None
    conversation: str | Json | None = None
    prompt: Json | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None

    def talk(self, before: tuple[Message, ...]) -> Conversation:
        """The question and what was said before it, also in the response that this one follows.

        Raises:
            Refused: nothing is asked, or something that Footnote cannot do.
        """
        for param, why in self._impossible():
            raise Refused(f"{param}: {why}", param=param, code="unsupported_parameter")
        own = conversation_of(self.input, name="input")
        rules = ("instructions",) if self.instructions else ()
        return Conversation(own.question, (*before, *own.history), (*rules, *own.ignored))

    def search(self) -> FileSearch | None:
        """The search asked for; None where the default collection is to answer.

        Raises:
            Refused: naming the tool or its field.
        """
        found: FileSearch | None = None
        for i, tool in enumerate(self.tools or ()):
            kind = tool.get("type")
            if kind != "file_search":
                raise Refused(
                    f"tools.{i}: there is no tool {kind!r}, only 'file_search'",
                    param=f"tools.{i}",
                    code="unsupported_parameter",
                )
            if found is not None:
                raise Refused(f"tools.{i}: one 'file_search' is enough", param=f"tools.{i}")
            found = _file_search(tool, f"tools.{i}")
        return found

    @property
    def includes_results(self) -> bool:
        """Whether the response includes the passages found."""
        return RESULTS in (self.include or ())

    def _impossible(self) -> Iterator[tuple[str, str]]:
        if self.tool_choice not in _CHOICES:
            yield "tool_choice", "answers come from documents by 'file_search'; send 'auto'"
        if self.background:
            yield "background", "responses are made while the client waits; leave it out"
        for name in ("conversation", "prompt"):
            if getattr(self, name) is not None:
                yield name, "not kept here; send the messages, or previous_response_id"
        if self.top_logprobs:
            yield "top_logprobs", "sentences are released whole, without log-probabilities; leave it out"
        if ((self.text or {}).get("format") or {}).get("type", "text") != "text":
            yield "text.format", "an answer is text: the documents' words under each sentence; leave it out"
        for i, name in enumerate(self.include or ()):
            if name != RESULTS and name not in _HARMLESS_INCLUDES:
                yield f"include.{i}", f"only {RESULTS!r} can be included"
        for item in self.input:
            if item.role == "item_reference":
                yield item.place, "items are not kept one by one; send the message, or previous_response_id"


def _file_search(tool: Json, place: str) -> FileSearch:
    try:
        found = FileSearch.model_validate(tool)
    except Refused as exc:
        raise Refused(f"{place}.{exc}", param=f"{place}.{exc.param}", code=exc.code) from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        param = ".".join([place, *map(str, first["loc"])])
        raise Refused(f"{param}: {reason_of(first)}", param=param) from exc
    if len(found.vector_store_ids) > 1:
        param = f"{place}.vector_store_ids"
        raise Refused(f"{param}: one vector store is searched: name one", param=param, code="unsupported_parameter")
    if found.ranking_options.score_threshold:
        param = f"{place}.ranking_options.score_threshold"
        why = "what an answer may be made of is decided by the verifier, sentence by sentence; leave it out"
        raise Refused(f"{param}: {why}", param=param, code="unsupported_parameter")
    return found
