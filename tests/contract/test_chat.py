"""Chat completions as clients written for OpenAI rely on them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openai
import pytest

from rag.errors import ModelUnavailable
from rag.types import ABSTENTION
from tests.contract.conftest import Serve, Served, error_of
from tests.fakes.core import ScriptedChat
from tests.fakes.service import PAGE, SENTENCES

pytestmark = pytest.mark.slow

QUESTION = "What is the gate code?"
TURN: Any = {"role": "user", "content": QUESTION}
TEXT = " ".join(SENTENCES)


def ask(served: Served, messages: list[Any] | None = None, **more: Any) -> Any:
    return served.client.chat.completions.create(model="footnote", messages=messages or [TURN], **more)


def refused(served: Served, **body: Any) -> dict[str, Any]:
    response = served.post("/v1/chat/completions", {"messages": [TURN], **body})
    assert response.status_code == 400
    return error_of(response)


def annotations_of(chunks: list[Any]) -> list[Any]:
    return [each for chunk in chunks if chunk.choices for each in getattr(chunk.choices[0].delta, "annotations", [])]


def test_a_stream_begins_with_the_role_and_ends_with_the_reason(served: Served) -> None:
    """One id for all chunks, another for the next completion; no chunk without a choice."""
    first, second = (list(ask(served, stream=True)) for _ in range(2))
    assert first[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in first] == [None] * (len(first) - 1) + ["stop"]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in first) == TEXT
    assert len({chunk.id for chunk in first}) == 1
    assert first[0].id != second[0].id
    assert all(chunk.usage is None for chunk in first)


def test_a_stream_and_a_plain_answer_say_the_same(served: Served) -> None:
    """Text, annotations and finish reason."""
    plain, chunks = ask(served), list(ask(served, stream=True))
    choice = plain.choices[0]
    assert choice.message.content == TEXT
    assert choice.finish_reason == chunks[-1].choices[0].finish_reason
    assert annotations_of(chunks) == [each.to_dict() for each in choice.message.annotations]


def test_usage_is_told_at_the_end_of_a_stream_where_asked_for(served: Served) -> None:
    """In a last chunk without choices; it is null in those before."""
    chunks = list(ask(served, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert all(chunk.usage is None and chunk.choices for chunk in chunks[:-1])
    assert chunks[-1].usage == ask(served).usage


def test_usage_without_a_language_model_counts_what_came_and_went(served: Served) -> None:
    """By the tokenizer at hand, which is named."""
    usage = ask(served).usage
    count = served.rag.embedder.count_tokens
    assert (usage.prompt_tokens, usage.completion_tokens) == (count(QUESTION), count(TEXT))
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.counted_by == "the tokenizer of hash"


def test_annotations_are_nested_and_count_code_points(served: Served) -> None:
    """A character outside the basic plane is one; the URL leads to the page of the quote."""
    message = ask(served).choices[0].message
    cited = [each.url_citation for each in message.annotations]
    assert [message.content[each.start_index : each.end_index] for each in cited] == list(SENTENCES)
    assert [each.type for each in message.annotations] == ["url_citation"] * 2
    assert cited[0].title == "gate.txt, page 1"
    page = httpx.get(cited[0].url).json()
    assert page["text"] == PAGE
    assert page["quote"] == SENTENCES[0] == message.annotations[0].evidence["quote"]


def test_an_abstention_is_visible(served: Served) -> None:
    """As the content, in a stream too."""
    served.answerer.says()
    plain, chunks = ask(served), list(ask(served, stream=True))
    assert plain.choices[0].message.content == ABSTENTION
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ABSTENTION
    assert plain.choices[0].message.annotations == []
    assert plain.evidence["abstained"] is True


@pytest.mark.parametrize("error", [ModelUnavailable("the store is gone"), RuntimeError("secret")])
def test_a_failure_in_mid_stream_is_an_error_event(served: Served, error: Exception) -> None:
    """The client raises it; what is inside is not told."""
    served.answerer.says(*SENTENCES, fails=error)
    told = []
    with pytest.raises(openai.APIError) as caught:
        told.extend(ask(served, stream=True))
    assert told[1].choices[0].delta.content == SENTENCES[0]
    assert "secret" not in str(caught.value)


def test_a_failure_before_the_first_sentence_has_a_status(served: Served) -> None:
    """Streamed or not."""
    served.answerer.says(fails=ModelUnavailable("the embedder is gone"))
    for stream in (False, True):
        with pytest.raises(openai.InternalServerError) as caught:
            ask(served, stream=stream)
        assert caught.value.status_code == 503


@pytest.mark.parametrize("kind", ["image_url", "input_audio", "file", "something_new"])
def test_a_part_that_is_no_text_is_refused_by_name_in_the_question(served: Served, kind: str) -> None:
    """And left out, which the response says, in what was said before it."""
    part = {"type": kind, kind: {"url": "data:image/png;base64,xx"}}
    error = refused(served, messages=[{"role": "user", "content": [{"type": "text", "text": QUESTION}, part]}])
    assert error["param"] == "messages.0.content.1"
    assert kind in error["message"]
    earlier = [{"role": "user", "content": [part]}, {"role": "assistant", "content": "A picture."}]
    completion = ask(served, [*earlier, TURN])
    assert completion.choices[0].message.content == TEXT
    assert completion.ignored == [f"messages.0.content.0 ({kind})"]
    assert [message.content for message in served.answerer.asked[-1]["history"]] == ["A picture."]


def test_a_refusal_in_the_history_is_what_was_said(served: Served) -> None:
    """Clients send back what they got."""
    said = {"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot tell."}]}
    ask(served, [{"role": "user", "content": "Hello"}, said, TURN])
    assert [message.content for message in served.answerer.asked[-1]["history"]] == ["Hello", "I cannot tell."]


def test_rules_of_the_client_are_left_out_and_named(served: Served) -> None:
    """System and developer messages and results of tools; an assistant without content says nothing."""
    messages = [
        {"role": "system", "content": "Talk like a pirate."},
        {"role": "developer", "content": [{"type": "text", "text": "And shout."}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "tool_call_id": "a", "content": "x"},
        {"role": "user", "content": [{"type": "text", "text": "What is"}, {"type": "text", "text": "the gate code?"}]},
    ]
    completion = ask(served, messages)
    assert served.answerer.asked[-1]["history"] == []
    assert served.answerer.asked[-1]["question"] == "What is\nthe gate code?"
    assert completion.ignored == [
        "messages.0.content (system)",
        "messages.1.content (developer)",
        "messages.3.content (tool)",
    ]


@pytest.mark.parametrize(
    ("param", "value"),
    [
        ("n", 2),
        ("logprobs", True),
        ("top_logprobs", 2),
        ("tools", [{"type": "function", "function": {"name": "f"}}]),
        ("functions", [{"name": "f"}]),
        ("response_format", {"type": "json_object"}),
        ("modalities", ["text", "audio"]),
        ("audio", {"voice": "x"}),
        ("web_search_options", {}),
    ],
)
def test_what_footnote_cannot_do_is_refused_by_name(served: Served, param: str, value: Any) -> None:
    """400, with the parameter."""
    error = refused(served, **{param: value})
    assert error["param"] == param
    assert error["code"] == "unsupported_parameter"


def test_what_has_no_effect_is_accepted(served: Served) -> None:
    """Parameters of sampling, a seed, a user, metadata, and fields that nobody knows."""
    completion = ask(
        served,
        n=1,
        seed=7,
        user="u",
        temperature=0.3,
        top_p=0.5,
        logprobs=False,
        metadata={"run": "a"},
        response_format={"type": "text"},
        store=False,
        extra_body={"new_field": {"a": [1]}},
    )
    assert completion.choices[0].message.content == TEXT


def test_an_answer_ends_before_the_sentence_with_a_text_of_stop(served: Served) -> None:
    """A sentence is told whole or not at all."""
    completion = ask(served, stop=["every"])
    assert completion.choices[0].message.content == SENTENCES[0]
    assert completion.choices[0].finish_reason == "stop"
    assert completion.evidence["note"]
    assert ask(served, stop="gate").choices[0].message.content == ""


@pytest.mark.parametrize("name", ["max_completion_tokens", "max_tokens"])
def test_an_answer_ends_before_the_sentence_that_takes_too_many_tokens(served: Served, name: str) -> None:
    """The reason is the length; streamed as well, and what would have come is not generated."""
    limit = served.rag.embedder.count_tokens(SENTENCES[0])
    more: Any = {name: limit}
    plain, chunks = ask(served, **more), list(ask(served, stream=True, **more))
    assert plain.choices[0].message.content == SENTENCES[0]
    assert plain.choices[0].finish_reason == chunks[-1].choices[0].finish_reason == "length"
    assert served.answerer.stopped.is_set()


def test_model_store_or_collection_name_what_is_searched(served: Served) -> None:
    """Else it is the default one."""
    for body in (
        {"model": "footnote:other"},
        {"vector_store_ids": ["other"]},
        {"collection": "other"},
    ):
        assert served.post("/v1/chat/completions", {"messages": [TURN], **body}).status_code == 200
        assert served.answerer.asked[-1]["collection"] == "other"
    ask(served)
    assert served.answerer.asked[-1]["collection"] == "default"
    assert refused(served, vector_store_ids=["default", "other"])["param"] == "vector_store_ids"
    missing = served.post("/v1/chat/completions", {"messages": [TURN], "vector_store_ids": ["vs_none"]})
    assert missing.status_code == 404
    assert error_of(missing)["code"] == "collection_not_found"


TITLE = "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n### Output:\nJSON"


@pytest.fixture(scope="module")
def talking(serve: Serve) -> Served:
    """A service with a language model."""
    return serve(chat=ScriptedChat("Gate codes"))


@pytest.mark.parametrize(
    "prompt",
    [
        TITLE,
        "### Task:\nSuggest 3-5 relevant follow-up questions",
        "### Task:\nAnalyze the chat history to determine the necessity of generating search queries",
        "Provide a concise, 5-word-or-less title for the conversation, using title case conventions.",
    ],
)
def test_prompts_of_the_client_itself_are_no_questions(talking: Served, prompt: str) -> None:
    """The language model answers them; nothing is searched, and nothing says that it was verified."""
    talking.answerer.says()
    plain = ask(talking, [{"role": "user", "content": prompt}])
    chunks = list(ask(talking, [{"role": "user", "content": prompt}], stream=True))
    assert plain.choices[0].message.content == "Gate codes "
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Gate codes "
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert plain.evidence is None
    assert talking.answerer.asked == []
    assert talking.chat is not None
    assert talking.chat.sent[-1][-1].content == prompt


def test_a_question_that_speaks_of_tasks_is_a_question(talking: Served) -> None:
    """And so is a prompt with documents of the client's, which would be answered without any check."""
    talking.answerer.says(*SENTENCES)
    for question in ("Which task is next?", "### Task:\nRespond to the user query using the provided context"):
        assert ask(talking, [{"role": "user", "content": question}]).choices[0].message.content == TEXT


def test_prompts_of_the_client_itself_may_be_refused(serve: Serve, served: Served) -> None:
    """By a setting, and where there is no language model."""
    refusing = serve(chat=ScriptedChat("Gate codes"), client_tasks="refuse")
    for each, named in ((refusing, "FOOTNOTE_CLIENT_TASKS"), (served, "FOOTNOTE_LLM_URL")):
        error = refused(each, messages=[{"role": "user", "content": TITLE}])
        assert error["code"] == "client_task_refused"
        assert named in error["message"]


def test_events_are_sent_as_they_are_made(served: Served) -> None:
    """Comments come while nothing else does; every event is a line of JSON, and the last says that it was the last."""
    served.answerer.says(*SENTENCES, beats=True)
    body = {"messages": [TURN], "stream": True}
    with httpx.stream("POST", f"{served.url}/v1/chat/completions", json=body, timeout=30) as response:
        lines = list(response.iter_lines())
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert ": heartbeat" in lines
    assert [line for line in lines if line][-1] == "data: [DONE]"
    assert all(json.loads(line[6:]) for line in lines if line.startswith("data: {"))
