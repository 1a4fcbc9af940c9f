"""`/v1/chat/completions`, as the official client sees it."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
import pytest

from rag.types import ABSTENTION
from tests.api.conftest import Service

pytestmark = pytest.mark.slow

QUESTION = "How many days of readings does the Ouzel 4 logger store?"
TRUE = "The Ouzel 4 logger stores 400 days of readings at a sample interval of 15 minutes."
INVENTED = "The Ouzel 4 logger stores 9731 days of readings at a sample interval of 15 minutes."
REWORDED = "At a sample interval of 15 minutes, the logger stores 400 days of readings."
DRAFT = f"{TRUE} {INVENTED} {REWORDED}"


def ask(client: openai.OpenAI, question: str = QUESTION, **extra: Any) -> Any:
    messages: Any = [{"role": "user", "content": question}]
    return client.chat.completions.create(model="footnote", messages=messages, extra_body=extra)


def ask_streamed(client: openai.OpenAI, question: str = QUESTION) -> list[Any]:
    messages: Any = [{"role": "user", "content": question}]
    return list(client.chat.completions.create(model="footnote", messages=messages, stream=True))


def annotations_of(chunks: list[Any]) -> list[dict[str, Any]]:
    deltas = [chunk.choices[0].delta for chunk in chunks]
    return [annotation for delta in deltas for annotation in getattr(delta, "annotations", None) or []]


def content_of(chunks: list[Any]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


def post(service: Service, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{service.url}/v1/chat/completions", json=body, timeout=30)


def error_of(response: httpx.Response) -> dict[str, Any]:
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return dict(error)


def test_a_plain_answer_is_its_released_sentences(service: Service) -> None:
    """The content of the message is the answer's text; the evidence is beside it."""
    service.llm.says(DRAFT)
    with service.client() as client:
        completion = ask(client)
    choice = completion.choices[0]
    assert choice.finish_reason == "stop"
    assert choice.message.role == "assistant"
    assert choice.message.content == completion.evidence["answer"]
    assert TRUE in choice.message.content
    assert completion.evidence["sentences"][0]["text"] == TRUE
    assert completion.evidence["model"]["answerer"] == "generative"


def test_an_invented_number_never_reaches_the_client(service: Service) -> None:
    """A sentence with a number that no document has is withheld, plain and streamed."""
    service.llm.says(DRAFT)
    with service.client() as client:
        plain, chunks = ask(client), ask_streamed(client)
    assert "9731" not in plain.choices[0].message.content
    assert "9731" not in content_of(chunks)
    assert "9731" not in json.dumps(annotations_of(chunks))
    assert [withheld["text"] for withheld in plain.evidence["withheld"]] == [INVENTED]


@pytest.mark.parametrize(("likeliest", "released"), [("yes", True), ("no", False)])
def test_the_model_is_asked_about_what_it_wrote(read: Service, likeliest: str, released: bool) -> None:
    """After the very prompt that it wrote from; the record names it. A quote word for word needs no reader."""
    other = "no" if likeliest == "yes" else "yes"
    read.llm.says(f"{TRUE} {REWORDED}")
    read.llm.read.clear()
    read.llm.first_tokens = lambda _last: [(likeliest, -0.01), (other, -9.0)]
    with read.client() as client:
        evidence = ask(client).evidence
    read.llm.first_tokens = lambda _last: []
    assert evidence["model"]["reader"] == "llm:scripted-7b"
    assert (REWORDED in [sentence["text"] for sentence in evidence["sentences"]]) is released
    drafted = read.llm.asked[0]["messages"]
    asked = [body["messages"] for body in read.llm.read if REWORDED in body["messages"][-1]["content"]]
    assert asked
    assert all(messages[:-1] == drafted[:3] for messages in asked)
    assert not any(TRUE in body["messages"][-1]["content"] for body in read.llm.read)


def test_the_streamed_deltas_are_the_plain_content(service: Service) -> None:
    """One delta a released sentence; together they are what a plain answer says, with the same annotations."""
    service.llm.says(DRAFT)
    with service.client() as client:
        plain, chunks = ask(client), ask_streamed(client)
    message = plain.choices[0].message
    assert content_of(chunks) == message.content
    assert annotations_of(chunks) == [annotation.to_dict() for annotation in message.annotations]
    told = [chunk for chunk in chunks if chunk.choices[0].delta.content]
    assert len(told) == len(chunks[-1].evidence["sentences"])
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_every_streamed_sentence_quotes_a_stored_page_exactly(service: Service) -> None:
    """Each delta has an annotation; its quote is the named slice of the stored page, its offsets the sentence."""
    service.llm.says(DRAFT)
    with service.client() as client:
        chunks = ask_streamed(client)
    content = content_of(chunks)
    told = [chunk.choices[0].delta for chunk in chunks if chunk.choices[0].delta.content]
    assert told
    for delta in told:
        assert delta.annotations
        for a in delta.annotations:
            quote, place = a["evidence"], a["url_citation"]
            page = service.rag.store.page("default", quote["document_id"], quote["sha256"], quote["page"])
            assert page is not None
            assert page.text[quote["start"] : quote["end"]] == quote["quote"]
            assert content[place["start_index"] : place["end_index"]] == delta.content.strip()


def test_a_model_that_dies_in_mid_stream_leaves_what_was_verified(service: Service) -> None:
    """The status is 200, the verified sentence stays, the broken one is not shown, and a note says why."""
    service.llm.says(DRAFT, behaviour="dies", told=TRUE + " The Ouzel 4 logger st")
    with service.client() as client:
        plain, chunks = ask(client), ask_streamed(client)
    for content, evidence in (
        (plain.choices[0].message.content, plain.evidence),
        (content_of(chunks), chunks[-1].evidence),
    ):
        assert content.startswith(TRUE)
        assert evidence["note"]
        assert all(sentence["evidence"] for sentence in evidence["sentences"])


def test_a_model_that_hangs_is_not_waited_for_for_ever(impatient: Service) -> None:
    """After the timeout the answer ends with what was verified, and a note."""
    impatient.llm.says(DRAFT, behaviour="hangs", told=TRUE + " The Ouzel")
    with impatient.client() as client:
        completion = ask(client)
    assert completion.choices[0].message.content.startswith(TRUE)
    assert completion.evidence["note"]


@pytest.mark.parametrize("stream", [False, True])
def test_hanging_up_stops_the_language_model(service: Service, stream: bool) -> None:
    """When the client goes, the request to the language model is closed."""
    service.llm.says(DRAFT, behaviour="hangs", told=TRUE + " The Ouzel")
    body = json.dumps({"messages": [{"role": "user", "content": QUESTION}], "stream": stream})
    head = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
    address = urlsplit(service.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        if stream:
            assert connection.recv(1024).startswith(b"HTTP/1.1 200")
        assert service.llm.quiet.wait(30)
    assert service.llm.stopped.wait(30)  # the model's own timeout is longer


def test_without_its_model_the_service_answers_in_the_documents_words(lonely: Service) -> None:
    """A model that is down makes the answer extractive, with a note."""
    with lonely.client() as client:
        completion = ask(client)
    assert TRUE in completion.choices[0].message.content
    assert completion.evidence["note"]
    assert completion.evidence["model"]["answerer"] == "extractive"


def test_a_model_that_fails_is_told_in_a_note(service: Service) -> None:
    """An error of the model's server is no error of the answer."""
    service.llm.says("", behaviour="fails")
    with service.client() as client:
        completion = ask(client)
    assert TRUE in completion.choices[0].message.content
    assert completion.evidence["note"]


def test_an_abstention_is_an_answer(service: Service) -> None:
    """When the model finds nothing, the content says so, plain and streamed, with the closest passages beside it."""
    service.llm.says("NO ANSWER")
    with service.client() as client:
        plain, chunks = ask(client), ask_streamed(client)
    assert plain.choices[0].message.content == content_of(chunks) == ABSTENTION
    assert plain.choices[0].message.annotations == []
    assert plain.evidence["abstained"] is True
    assert plain.evidence["reason"]
    assert plain.evidence["hits"]


def test_earlier_turns_are_history_and_system_messages_are_not(service: Service) -> None:
    """The last user message is the question; parts of text are joined; Footnote's own rules are the only ones."""
    service.llm.says(TRUE)
    messages = [
        {"role": "system", "content": "Talk like a pirate."},
        {"role": "user", "content": "Tell me about the Ouzel 4."},
        {"role": "assistant", "content": "It is a logger."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    assert post(service, {"messages": messages}).status_code == 200
    told = json.dumps(service.llm.asked[-1]["messages"])
    assert "pirate" not in told
    assert "It is a logger." in told
    assert service.llm.asked[-1]["messages"][-1]["content"].endswith(QUESTION)


def test_a_filter_limits_what_is_read(service: Service) -> None:
    """Only documents that match the filter bring hits."""
    service.llm.says(TRUE)
    only = {"type": "eq", "key": "filename", "value": "service-bulletin-2025-03.txt"}
    with service.client() as client:
        completion = ask(client, filter=only)
    assert {hit["filename"] for hit in completion.evidence["hits"]} == {"service-bulletin-2025-03.txt"}


def test_the_model_or_the_field_names_the_collection(service: Service) -> None:
    """`footnote:default` and `collection` both choose; one that is not there is 404."""
    service.llm.says(TRUE)
    turn = [{"role": "user", "content": QUESTION}]
    assert post(service, {"model": "footnote:default", "messages": turn}).status_code == 200
    for body in ({"model": "footnote:nowhere"}, {"collection": "nowhere"}, {"collection": "../../elsewhere"}):
        for stream in (False, True):
            response = post(service, {**body, "messages": turn, "stream": stream})
            assert response.status_code == 404
            assert error_of(response)["code"] == "collection_not_found"


def test_the_client_raises_its_own_error_for_an_unknown_collection(service: Service) -> None:
    """OpenAI's client understands the error's shape."""
    with service.client() as client, pytest.raises(openai.NotFoundError) as caught:
        ask(client, collection="nowhere")
    assert caught.value.code == "collection_not_found"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": "  "}]}, "messages"),
        ({"messages": [{"role": "user", "content": "x"}], "stream": "perhaps"}, "stream"),
        ({"messages": [{"role": "user", "content": "x"}], "filter": {"type": "near"}}, None),
    ],
)
def test_a_malformed_request_is_400(service: Service, body: dict[str, Any], param: str | None) -> None:
    """Never 422, always in OpenAI's shape, and the parameter is named."""
    response = post(service, body)
    assert response.status_code == 400
    assert error_of(response)["type"] == "invalid_request_error"
    assert error_of(response)["param"] == param


def test_a_body_that_is_no_json_is_400(service: Service) -> None:
    """The message says so."""
    headers = {"content-type": "application/json"}
    response = httpx.post(f"{service.url}/v1/chat/completions", content="{", headers=headers)
    assert response.status_code == 400
    assert error_of(response)["message"] == "the body is not JSON"


def test_usage_is_what_the_model_server_reports(service: Service) -> None:
    """Of all requests that an answer took; else it is estimated, and says so."""
    service.llm.says(TRUE)
    service.llm.usage = {"prompt_tokens": 1200, "completion_tokens": 34, "total_tokens": 1234}
    with service.client() as client:
        reported = ask(client).usage
        service.llm.usage = {}
        estimated = ask(client).usage
    assert (reported.prompt_tokens, reported.completion_tokens, reported.total_tokens) == (1200, 34, 1234)
    assert reported.counted_by == "the language model's server"
    assert estimated.prompt_tokens > 100
    assert estimated.counted_by.startswith("an estimate")


def test_another_model_is_404(service: Service) -> None:
    """Footnote does not pretend to be a model that it is not."""
    response = post(service, {"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]})
    assert response.status_code == 404
    assert error_of(response)["code"] == "model_not_found"


def test_a_long_message_keeps_nobody_waiting(lonely: Service) -> None:
    """A pasted log with a run without spaces is read beside the others, and answered."""
    log = QUESTION + " " + "at com.example.Service.run(Service.java:42), " * 1500 + "QUJD/" * 5000
    others = 0
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(post, lonely, {"messages": [{"role": "user", "content": log}]})
        while not asked.done():
            assert httpx.get(f"{lonely.url}/healthz", timeout=30).status_code == 200
            others += 1
    assert asked.result().status_code == 200
    assert asked.result().json()["evidence"]["note"]
    assert others > 1
