"""Responses as clients written for OpenAI rely on them."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

from rag.errors import ModelUnavailable
from rag.types import ABSTENTION, Weighing
from tests.contract.conftest import Served, error_of
from tests.fakes.service import PAGE, SENTENCES

pytestmark = pytest.mark.slow

QUESTION = "What is the gate code?"
TEXT = " ".join(SENTENCES)
TOOL: Any = {"type": "file_search", "vector_store_ids": ["other"]}
RESULTS: Any = ["file_search_call.results"]
OPENING = [
    "response.created",
    "response.in_progress",
]
SEARCH = [
    "response.output_item.added",
    "response.file_search_call.in_progress",
    "response.file_search_call.searching",
    "response.file_search_call.completed",
    "response.output_item.done",
]
TOLD = ["response.output_item.added", "response.content_part.added", *["response.output_text.delta"] * 2]
CITED = ["response.output_text.annotation.added"] * 2
CLOSING = ["response.output_text.done", "response.content_part.done", "response.output_item.done"]


def create(served: Served, question: Any = QUESTION, **more: Any) -> Any:
    return served.client.responses.create(model="footnote", input=question, **more)


def kinds(events: list[Any]) -> list[str]:
    return [event.type for event in events]


def without_ids(value: Any) -> Any:
    """A body without what differs between two runs."""
    if isinstance(value, dict):
        return {
            key: without_ids(each) for key, each in value.items() if key not in ("id", "created_at", "completed_at")
        }
    return [without_ids(each) for each in value] if isinstance(value, list) else value


def refused(served: Served, status: int = 400, **body: Any) -> dict[str, Any]:
    response = served.post("/v1/responses", {"input": QUESTION, **body})
    assert response.status_code == status
    return error_of(response)


@pytest.mark.parametrize("tools", [[], [TOOL]])
def test_the_events_of_a_stream_come_in_order(served: Served, tools: list[Any]) -> None:
    """With a search where the tool is given; their numbers rise by one."""
    events = list(create(served, tools=tools, stream=True))
    search = SEARCH if tools else []
    assert kinds(events) == [*OPENING, *search, *TOLD, *CITED, *CLOSING, "response.completed"]
    assert [event.sequence_number for event in events] == list(range(len(events)))


def test_what_was_streamed_is_what_is_in_the_end(served: Served) -> None:
    """Ids, text and annotations; the client's own adding up comes to the same."""
    with served.client.responses.stream(model="footnote", input=QUESTION, tools=[TOOL]) as stream:
        events = list(stream)
        final = stream.get_final_response()
    deltas = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    done = next(event for event in events if event.type == "response.output_text.done")
    assert deltas == done.text == final.output_text == TEXT
    items = [event.item for event in events if event.type == "response.output_item.done"]
    assert [item.id for item in items] == [item.id for item in final.output]
    created: Any = events[0]
    assert created.response.id == final.id
    told: list[Any] = [event.annotation for event in events if event.type == "response.output_text.annotation.added"]
    message: Any = final.output[-1]
    assert [each if isinstance(each, dict) else each.to_dict() for each in told] == [
        annotation.to_dict() for annotation in message.content[0].annotations
    ]


@pytest.mark.parametrize("sentences", [SENTENCES, ()])
def test_a_plain_response_is_the_same_as_a_streamed_one(served: Served, sentences: tuple[str, ...]) -> None:
    """Output, annotations, usage, and all that is echoed."""
    served.answerer.says(*sentences)
    plain = create(served, tools=[TOOL], include=RESULTS).to_dict()
    last = list(create(served, tools=[TOOL], include=RESULTS, stream=True))[-1]
    assert without_ids(plain) == without_ids(last.response.to_dict())


def test_citations_name_the_file_and_the_place_in_the_text(served: Served) -> None:
    """Counted in code points; the quote is beside them."""
    content = create(served).output[0].content[0]
    assert content.logprobs == []
    for annotation, sentence in zip(content.annotations, SENTENCES, strict=True):
        cited = annotation.to_dict()
        assert cited["type"] == "file_citation"
        assert cited["filename"] == "gate.txt"
        assert content.text[: cited["index"]].endswith(sentence)
        assert content.text[cited["start_index"] : cited["end_index"]] == sentence
        quote = cited["evidence"]
        assert quote["document_id"] == cited["file_id"]
        assert PAGE[quote["start"] : quote["end"]] == quote["quote"]


@pytest.mark.parametrize("limit", [1, 1000])
def test_annotations_and_logprobs_are_lists_wherever_there_are_none(served: Served, limit: int) -> None:
    """In every event that has them, and in a response without a word."""
    events = [event.to_dict() for event in create(served, stream=True, max_output_tokens=limit)]
    for event in events:
        if event["type"] in ("response.output_text.delta", "response.output_text.done"):
            assert event["logprobs"] == []
    opened = next(event["part"] for event in events if event["type"] == "response.content_part.added")
    assert (opened["annotations"], opened["logprobs"]) == ([], [])
    content = events[-1]["response"]["output"][0]["content"][0]
    assert content["logprobs"] == []
    assert len(content["annotations"]) == (0 if limit == 1 else 2)


def test_the_passages_found_are_told_where_they_are_asked_for(served: Served) -> None:
    """As many as asked for at most; null otherwise."""
    told = create(served, tools=[{**TOOL, "max_num_results": 1}], include=RESULTS).output[0]
    untold = create(served, tools=[TOOL]).output[0]
    assert told.type == untold.type == "file_search_call"
    assert told.queries == [QUESTION]
    assert [(each.filename, each.text) for each in told.results] == [("gate.txt", PAGE)]
    assert untold.results is None


def test_without_tools_the_default_collection_answers(served: Served) -> None:
    """With one, that of its vector store; the model may name one too."""
    create(served)
    create(served, tools=[TOOL])
    served.client.responses.create(model="footnote:other", input=QUESTION)
    assert [each["collection"] for each in served.answerer.asked] == ["default", "other", "other"]
    assert refused(served, 404, tools=[{**TOOL, "vector_store_ids": ["vs_none"]}])["code"] == "collection_not_found"


def test_fields_that_are_echoed_are_never_null(served: Served) -> None:
    """As they were given, or with their default."""
    default, given = create(served), create(served, temperature=0.5, top_p=0.1, truncation="auto", metadata={"a": "b"})
    assert (default.tools, default.tool_choice, default.metadata) == ([], "auto", {})
    assert (default.temperature, default.top_p, default.truncation) == (1.0, 1.0, "disabled")
    assert default.parallel_tool_calls is True
    assert default.text.format.type == "text"
    assert default.error is None
    assert default.incomplete_details is None
    assert (given.temperature, given.top_p, given.truncation) == (0.5, 0.1, "auto")
    assert given.metadata == {"a": "b"}
    tool = create(served, tools=[TOOL], tool_choice={"type": "file_search"})
    assert tool.tools[0].vector_store_ids == ["other"]
    assert tool.tool_choice.type == "file_search"


def test_usage_has_its_details(served: Served) -> None:
    """In OpenAI's names for it."""
    usage = create(served).usage
    count = served.rag.embedder.count_tokens
    assert (usage.input_tokens, usage.output_tokens) == (count(QUESTION), count(TEXT))
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens
    assert usage.input_tokens_details.cached_tokens == usage.output_tokens_details.reasoning_tokens == 0


def test_an_abstention_is_a_refusal(served: Served) -> None:
    """As a part of the message, with events of its own."""
    served.answerer.says()
    events = list(create(served, stream=True))
    assert kinds(events) == [
        *OPENING,
        "response.output_item.added",
        "response.content_part.added",
        "response.refusal.delta",
        "response.refusal.done",
        *CLOSING[1:],
        "response.completed",
    ]
    final = events[-1].response
    assert final.output[0].content[0].type == "refusal"
    assert final.output[0].content[0].refusal == ABSTENTION
    assert final.evidence["abstained"] is True
    assert final.status == "completed"


def test_a_limit_of_tokens_leaves_the_response_incomplete(served: Served) -> None:
    """No sentence is cut; the reason is told, streamed or not; even where nothing is told at all."""
    count = served.rag.embedder.count_tokens
    for limit, text in ((count(SENTENCES[0]), SENTENCES[0]), (1, "")):
        plain = create(served, max_output_tokens=limit)
        events = list(create(served, max_output_tokens=limit, stream=True))
        for final in (plain, events[-1].response):
            assert final.status == final.output[0].status == "incomplete"
            assert final.incomplete_details.reason == "max_output_tokens"
            assert final.output_text == text
        assert events[-1].type == "response.incomplete"


@pytest.mark.parametrize(
    "given",
    [
        QUESTION,
        [{"role": "user", "content": QUESTION}],
        [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": QUESTION}]}],
        [{"role": "developer", "content": "Shout."}, {"role": "user", "content": QUESTION}],
        [
            {"type": "file_search_call", "id": "fs_1", "queries": [], "status": "completed"},
            {"role": "user", "content": QUESTION},
        ],
    ],
)
def test_the_input_is_a_text_or_messages_or_parts(served: Served, given: Any) -> None:
    """Rules of the client's and items of other kinds are left out, and named."""
    response = create(served, given)
    assert served.answerer.asked[-1]["question"] == QUESTION
    assert served.answerer.asked[-1]["history"] == []
    assert response.ignored == [f"input.0{place}" for place in _left_out(given)]


def _left_out(given: Any) -> list[str]:
    if given == QUESTION or len(given) == 1:
        return []
    return [".content (developer)"] if "role" in given[0] else [" (file_search_call)"]


@pytest.mark.parametrize(
    ("param", "body"),
    [
        ("tools.0", {"tools": [{"type": "web_search"}]}),
        ("tools.1", {"tools": [TOOL, {"type": "function", "name": "f"}]}),
        ("tools.0.vector_store_ids", {"tools": [{"type": "file_search"}]}),
        ("tools.0.vector_store_ids", {"tools": [{**TOOL, "vector_store_ids": ["default", "other"]}]}),
        ("tools.0.max_num_results", {"tools": [{**TOOL, "max_num_results": 51}]}),
        ("tools.0.ranking_options.score_threshold", {"tools": [{**TOOL, "ranking_options": {"score_threshold": 0.5}}]}),
        ("tools.0.score_threshold", {"tools": [{**TOOL, "score_threshold": 0.5}]}),
        ("tools.0.hybrid_search", {"tools": [{**TOOL, "hybrid_search": {"text_weight": 1}}]}),
        ("tools.0.ranking_options.threshold", {"tools": [{**TOOL, "ranking_options": {"threshold": 0.5}}]}),
        (
            "tools.0.ranking_options.hybrid_search",
            {"tools": [{**TOOL, "ranking_options": {"hybrid_search": {"embedding_weight": 0, "text_weight": 0}}}]},
        ),
        ("tool_choice", {"tool_choice": "none"}),
        ("background", {"background": True}),
        ("conversation", {"conversation": "conv_1"}),
        ("prompt", {"prompt": {"id": "p"}}),
        ("text.format", {"text": {"format": {"type": "json_schema"}}}),
        ("top_logprobs", {"top_logprobs": 3}),
        ("include.0", {"include": ["message.output_text.logprobs"]}),
        ("input.0", {"input": [{"type": "item_reference", "id": "msg_1"}]}),
        ("input.0.content.1", {"input": [{"role": "user", "content": ["x", {"type": "input_image"}]}]}),
        ("input", {"input": []}),
        ("input", {"input": [{"role": "assistant", "content": "x"}]}),
    ],
)
def test_what_footnote_cannot_do_is_refused_by_name(served: Served, param: str, body: dict[str, Any]) -> None:
    """400, with the parameter; the message names the tool."""
    error = refused(served, **body)
    assert error["param"] == param
    if "web_search" in str(body):
        assert "web_search" in error["message"]


def test_the_tool_says_how_hits_are_ranked(served: Served) -> None:
    """By the weights of words and meaning, and without a second look; a replay ranks them so again."""
    weights = {"embedding_weight": 1, "text_weight": 3}
    tool = {**TOOL, "ranking_options": {"ranker": "none", "hybrid_search": weights}}
    response = create(served, tools=[tool], include=RESULTS)
    create(served, tools=[TOOL])
    assert [each["weighing"] for each in served.answerer.asked] == [Weighing(0.75, reranked=False), Weighing()]
    assert response.tools[0].ranking_options.hybrid_search.to_dict() == weights
    assert served.post(f"/v1/answers/{response.id}/replay", {}).json()["same"]
    assert served.answerer.asked[-1]["weighing"] == Weighing(0.75, reranked=False)


def test_a_bad_filter_is_400(served: Served) -> None:
    """As everywhere."""
    assert refused(served, tools=[{**TOOL, "filters": {"type": "near"}}])["code"] == "invalid_filter"


@pytest.mark.parametrize("error", [ModelUnavailable("gone"), RuntimeError("secret")])
def test_a_failure_in_mid_stream_ends_the_response(served: Served, error: Exception) -> None:
    """The last event is that it failed; nothing of it is kept; plain, it is a status."""
    served.answerer.says(*SENTENCES, fails=error)
    events = list(create(served, stream=True))
    assert events[-1].type == "response.failed"
    assert events[-1].response.status == "failed"
    assert events[-1].response.error.code == "server_error"
    assert "secret" not in events[-1].response.error.message
    with pytest.raises(openai.NotFoundError):
        served.client.responses.retrieve(events[-1].response.id)
    with pytest.raises(openai.InternalServerError):
        create(served)


def test_events_are_named_and_end_with_the_last(served: Served) -> None:
    """`event:` says what `type` says; there is no `[DONE]`."""
    body = {"input": QUESTION, "stream": True}
    with httpx.stream("POST", f"{served.url}/v1/responses", json=body, timeout=30) as response:
        lines = [line for line in response.iter_lines() if line]
    assert lines[0] == "event: response.created"
    assert lines[-1].startswith('data: {"type": "response.completed"')
