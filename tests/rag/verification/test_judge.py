"""The language model's yes, read from its log-probabilities."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelUnavailable
from rag.verification.judge import may_be_released, pooled_support, probability_of_yes
from rag.verification.judge_endpoint import EndpointJudge
from tests.fakes.llm import serving, unused_url


@given(st.lists(st.tuples(st.sampled_from(["yes", " Yes", "YES", "no", " No.", "maybe"]), st.floats(-30, 0))))
def test_the_probability_is_between_0_and_1(told: list[tuple[str, float]]) -> None:
    """Whatever the model's likeliest tokens are, also when yes and no are not among them."""
    assert 0 <= probability_of_yes(told) <= 1


def test_forms_of_yes_and_no_count_together() -> None:
    """Case, blanks and a full stop do not matter; other words do not count."""
    told = [("Yes", math.log(0.3)), (" yes", math.log(0.3)), ("no", math.log(0.2)), ("Well", math.log(0.2))]
    assert probability_of_yes(told) == pytest.approx(0.75)
    assert probability_of_yes([("Well", 0.0)]) == 0.5


PROBABILITIES = st.floats(0, 1)


@given(PROBABILITIES, PROBABILITIES, PROBABILITIES)
def test_a_surer_judge_and_a_surer_verifier_never_lower_the_support(support: float, judged: float, more: float) -> None:
    """And two that agree are surer than each of them."""
    assert 0 <= pooled_support(support, judged) <= 1
    assert pooled_support(support, max(judged, more)) >= pooled_support(support, judged)
    assert pooled_support(max(support, more), judged) >= pooled_support(support, judged)
    if min(support, judged) >= 0.5:
        assert pooled_support(support, judged) >= max(support, min(judged, 0.99)) - 1e-9


@given(PROBABILITIES, PROBABILITIES, PROBABILITIES)
def test_a_sentence_the_judge_is_not_asked_about_is_not_released(
    support: float, judged: float, threshold: float
) -> None:
    """Neither by its own support, nor would it be by a judge, unless the words speak against it."""
    if not may_be_released(support, threshold):
        assert support < threshold
        assert support < 0.5 or pooled_support(support, judged) < threshold


def test_an_undecided_judge_changes_nothing_and_a_sure_one_not_everything() -> None:
    """Odds multiply: 9 to 1 and 3 to 1 give 27 to 1; nothing is surer than 99 to 1."""
    assert pooled_support(0.9, 0.5) == pytest.approx(0.9)
    assert pooled_support(0.9, 0.75) == pytest.approx(27 / 28)
    assert pooled_support(0.1, 1.0) == pytest.approx(pooled_support(0.1, 0.99))


@pytest.fixture
def server() -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """A server that answers with set log-probabilities and keeps what it was asked."""
    app, asked, says = FastAPI(), [], {"top": [("yes", -0.1), ("no", -2.4)]}

    @app.get("/v1/models")
    async def models() -> Any:
        return {"object": "list", "data": [{"id": "tiny", "object": "model", "created": 0, "owned_by": "us"}]}

    @app.post("/v1/chat/completions")
    async def chat(body: dict[str, Any]) -> Any:
        asked.append(body)
        top = [{"token": token, "logprob": value, "bytes": None} for token, value in says["top"]]
        first = [{"token": "yes", "logprob": -0.1, "bytes": None, "top_logprobs": top}] if top else []
        message = {"role": "assistant", "content": "yes"}
        choice = {"index": 0, "message": message, "finish_reason": "length", "logprobs": {"content": first}}
        return {"id": "1", "object": "chat.completion", "created": 0, "model": "tiny", "choices": [choice]}

    with serving(app) as url:
        yield f"{url}/v1", asked, says


def judge_at(url: str) -> EndpointJudge:
    return EndpointJudge(url, model=None, api_key=None, timeout_s=5, retries=0)


def test_the_server_is_asked_for_one_token_with_its_log_probabilities(
    server: tuple[str, list[Any], dict[str, Any]],
) -> None:
    """Claim and text go as data in one message; the answer is the probability of yes."""
    url, asked, _ = server
    found = judge_at(url).probability("The club owns 14 boats.", "It owns 14 boats.")
    assert found == pytest.approx(math.exp(-0.1) / (math.exp(-0.1) + math.exp(-2.4)))
    assert (asked[0]["max_tokens"], asked[0]["logprobs"], asked[0]["model"]) == (1, True, "tiny")
    assert "The club owns 14 boats." in asked[0]["messages"][-1]["content"]


def test_a_judge_that_gives_no_probabilities_is_an_error(server: tuple[str, list[Any], dict[str, Any]]) -> None:
    """A failure is never an opinion."""
    url, _, says = server
    says["top"] = []
    with pytest.raises(ModelUnavailable, match="no log-probabilities"):
        judge_at(url).probability("a", "b")


def test_a_judge_that_cannot_be_reached_is_an_error() -> None:
    """And named by its address."""
    url = unused_url()
    with pytest.raises(ModelUnavailable, match=url):
        judge_at(url).probability("a", "b")
