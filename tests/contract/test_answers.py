"""Answers looked at again: by the id under which they were given."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rag.settings import load_settings
from tests.contract.conftest import Serve, Served, error_of
from tests.fakes.service import SENTENCES, verdict

pytestmark = pytest.mark.slow

QUESTION = "What is the gate code?"


def given_by_chat(served: Served, **more: Any) -> str:
    return str(served.post("/v1/chat/completions", {**_messages(), **more}).json()["id"])


def _messages() -> dict[str, Any]:
    earlier = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Yes?"}]
    return {"messages": [*earlier, {"role": "user", "content": QUESTION}]}


def given_in_a_stream(served: Served) -> str:
    messages: Any = _messages()["messages"]
    chunks = list(served.client.chat.completions.create(model="footnote", messages=messages, stream=True))
    return str(chunks[0].id)


def given_by_a_response(served: Served) -> str:
    return served.client.responses.create(model="footnote", input=_messages()["messages"]).id


def get(served: Served, path: str) -> Any:
    response = httpx.get(f"{served.url}/v1/answers/{path}")
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("give", [given_by_chat, given_in_a_stream, given_by_a_response])
def test_every_answer_is_there_under_the_id_that_the_client_has(served: Served, give: Any) -> None:
    """With what was asked, and the whole record."""
    answer_id = give(served)
    found = get(served, answer_id)
    assert (found["id"], found["object"], found["collection"]) == (answer_id, "answer", "default")
    assert found["question"] == QUESTION
    assert [each["content"] for each in found["history"]] == ["Hello", "Yes?"]
    assert [each["text"] for each in found["evidence"]["sentences"]] == list(SENTENCES)
    assert found["feedback"] == []


def test_an_answer_that_is_not_to_be_stored_is_not_there(served: Served) -> None:
    """Nor is one that was deleted, or never given: 404 on every path."""
    deleted = given_by_chat(served)
    assert httpx.delete(f"{served.url}/v1/answers/{deleted}").json()["deleted"] is True
    for answer_id in (given_by_chat(served, store=False), deleted, "none"):
        for method, path in (("GET", ""), ("GET", "/evidence"), ("POST", "/replay"), ("DELETE", "")):
            response = httpx.request(method, f"{served.url}/v1/answers/{answer_id}{path}")
            assert response.status_code == 404
            assert error_of(response)["code"] == "not_found"
        assert served.post(f"/v1/answers/{answer_id}/feedback", {"rating": "up"}).status_code == 404


def test_evidence_says_whether_each_quote_still_stands(serve: Serve) -> None:
    """With the address of its page while it does."""
    served = serve()
    answer_id = given_by_chat(served)
    quotes = [quote for each in get(served, f"{answer_id}/evidence")["sentences"] for quote in each["quotes"]]
    assert [quote["quote"] for quote in quotes] == list(SENTENCES)
    assert all(quote["stands"] for quote in quotes)
    assert httpx.get(quotes[0]["url"]).json()["quote"] == SENTENCES[0]
    served.rag.store.delete("default", verdict(SENTENCES[0]).evidence[0].document_id)
    gone = [quote for each in get(served, f"{answer_id}/evidence")["sentences"] for quote in each["quotes"]]
    assert not any(quote["stands"] or quote["url"] for quote in gone)
    served.rag.store.drop_collection("default")
    assert get(served, f"{answer_id}/evidence")["sentences"][0]["quotes"][0]["stands"] is False


def test_a_replay_asks_the_same_and_says_what_is_different(served: Served) -> None:
    """After the same conversation, under the same filter; the new answer is kept as well."""
    where = {"type": "eq", "key": "filename", "value": "gate.txt"}
    answer_id = given_by_chat(served, filter=where)
    first = served.answerer.asked[-1]
    same = served.post(f"/v1/answers/{answer_id}/replay", {}).json()
    assert served.answerer.asked[-1] == first
    assert (same["replay_of"], same["same"], same["added"], same["removed"]) == (answer_id, True, [], [])
    served.answerer.says(SENTENCES[0], "The gate opens at six.")
    other = served.post(f"/v1/answers/{answer_id}/replay", {}).json()
    assert (other["same"], other["added"], other["removed"]) == (False, ["The gate opens at six."], [SENTENCES[1]])
    assert get(served, other["id"])["evidence"] == other["evidence"]


def test_readers_say_what_they_think_of_an_answer(served: Served) -> None:
    """Of all of it, or what a sentence should say, or where that stands."""
    answer_id = given_by_chat(served)
    said: list[dict[str, Any]] = [
        {"rating": "up"},
        {"rating": "down", "comment": "Out of date 😀"},
        {"sentence": 1, "correction": "It changes every week."},
        {"sentence": 0, "passage": {"document_id": "d", "page": 3, "start": 5, "end": 9}},
    ]
    for each in said:
        response = served.post(f"/v1/answers/{answer_id}/feedback", each)
        assert response.status_code == 201
        assert response.json().items() >= each.items()
    kept = get(served, answer_id)["feedback"]
    assert [{key: each[key] for key in expected} for each, expected in zip(kept, said, strict=True)] == said


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rating": "sideways"},
        {"sentence": 1},
        {"correction": "x"},
        {"sentence": 2, "correction": "x"},
        {"sentence": -1, "rating": "up"},
        {"sentence": 0, "passage": {"page": 1}},
        {"comment": "x" * 10_001},
    ],
)
def test_feedback_that_says_nothing_of_the_answer_is_400(served: Served, body: dict[str, Any]) -> None:
    """A sentence that is not there, a correction of no sentence."""
    response = served.post(f"/v1/answers/{given_by_chat(served)}/feedback", body)
    assert response.status_code == 400
    error_of(response)


def test_the_command_line_shows_and_replays_them(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the running service, from its database."""
    from api.cli.answers import show_answer

    answer_id = given_by_chat(served)
    settings = load_settings(data_dir=served.rag.settings.data_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_DATA_DIR", str(settings.data_dir))
        show_answer(answer_id)
    told = capsys.readouterr().out
    assert QUESTION in told
    assert f"{SENTENCES[1]} [2]" in told
    assert "[1] gate.txt, page 1" in told
