"""The language model's yes, read from its log-probabilities, over real HTTP."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelUnavailable
from rag.models import Message, passages_prompt
from rag.models.endpoints import Endpoint, EndpointFirstTokens
from rag.verification.readers import Calibration, ClaimInContext, LlmReader, of_the_window
from rag.verification.readers.llm import AT_ONCE, log_odds_of_yes
from tests.fakes.core import hit
from tests.fakes.llm import FakeLlm, serving, unused_url

PASSAGES = tuple(passages_prompt([hit("The club owns 14 boats.", "club.txt").chunk]))
ASKED = ClaimInContext("The club owns 14 boats.", "It owns 14 boats.", PASSAGES)


@given(st.lists(st.tuples(st.sampled_from(["yes", " Yes", "YES", "no", " No.", "maybe"]), st.floats(-30, 0))))
def test_the_log_odds_are_finite(told: list[tuple[str, float]]) -> None:
    """Whatever the model's likeliest tokens are; there is no opinion where yes and no are not among them."""
    found = log_odds_of_yes(told)
    assert (found is None) is all(token == "maybe" for token, _ in told)
    assert found is None or math.isfinite(found)


def test_forms_of_yes_and_no_count_together() -> None:
    """Case, blanks and a full stop do not matter; other words do not count."""
    told = [("Yes", math.log(0.3)), (" yes", math.log(0.3)), ("no", math.log(0.2)), ("Well", math.log(0.2))]
    assert log_odds_of_yes(told) == pytest.approx(math.log(3))


def test_a_no_that_is_not_among_the_likeliest_is_at_most_the_least_of_them() -> None:
    """So a model is surer the less likely the tokens are that it leaves out."""
    assert log_odds_of_yes([("yes", -0.1), ("well", -7.0)]) == pytest.approx(6.9)
    assert log_odds_of_yes([("no", -0.1), ("well", -9.0)]) == pytest.approx(-8.9)


@pytest.fixture
def llm() -> Iterator[tuple[FakeLlm, str]]:
    fake = FakeLlm(first_tokens=lambda _last: [("yes", -0.1), ("no", -2.4)])
    with serving(fake.app()) as url:
        yield fake, f"{url}/v1"


def tokens_at(url: str, model: str | None = None) -> EndpointFirstTokens:
    return EndpointFirstTokens(
        Endpoint(url=url, model=model, api_key=None, timeout_s=5, connect_timeout_s=1, retries=0)
    )


def test_the_server_is_asked_for_one_token_after_the_prompt_of_the_answer(llm: tuple[FakeLlm, str]) -> None:
    """The first model that it lists, where none is named; the name of the reader tells which."""
    fake, url = llm
    reader = LlmReader(tokens_at(url))
    assert reader.probabilities([ASKED]) == [pytest.approx(1 / (1 + math.exp(-2.3)))]
    (sent,) = fake.read
    assert (sent["max_tokens"], sent["logprobs"], sent["temperature"]) == (1, True, 0)
    assert [message["content"] for message in sent["messages"][:-1]] == [message.content for message in PASSAGES]
    assert "Claim: The club owns 14 boats." in sent["messages"][-1]["content"]
    assert reader.name == "llm:scripted-7b"


def test_without_a_draft_or_for_another_model_the_window_is_read(llm: tuple[FakeLlm, str]) -> None:
    """It is the shorter one, and nobody has read the passages yet."""
    fake, url = llm
    LlmReader(tokens_at(url)).probabilities([ClaimInContext(ASKED.claim, ASKED.window)])
    LlmReader(tokens_at(url), asking=of_the_window).probabilities([ASKED])
    asked = [sent["messages"][1]["content"] for sent in fake.read]
    assert all(each.startswith("Passage:\nIt owns 14 boats.\n\nClaim: ") for each in asked)
    assert len(asked) == 2


def test_many_claims_come_back_in_their_order(llm: tuple[FakeLlm, str]) -> None:
    """Each with its own probability."""
    fake, url = llm
    fake.first_tokens = lambda last: [("yes", -0.1), ("no", -4.0)] if "even" in last else [("no", -0.1), ("yes", -4.0)]
    claims = [ClaimInContext("even" if number % 2 == 0 else "odd", "Numbers.") for number in range(20)]
    found = LlmReader(tokens_at(url)).probabilities(claims)
    assert [probability > 0.5 for probability in found] == [number % 2 == 0 for number in range(20)]


class Meeting:
    """A model that answers once so many are asking at the same time."""

    name = "meeting"

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties, timeout=10)

    def first_tokens(self, messages: Sequence[Message]) -> list[tuple[str, float]]:
        self._barrier.wait()
        return [("yes", -0.5), ("no", -1.0)]


def test_claims_are_asked_about_side_by_side() -> None:
    """As many at once as the limit says."""
    reader = LlmReader(Meeting(AT_ONCE))
    assert len(reader.probabilities([ClaimInContext("a", "b")] * AT_ONCE)) == AT_ONCE


def test_a_calibration_is_that_of_the_readers_name(llm: tuple[FakeLlm, str]) -> None:
    """Also where the server had to be asked for it; a claim without an opinion stays at one half."""
    fake, url = llm
    kept = {"llm:scripted-7b": Calibration(0.5, -1.0), "llm:other": Calibration(9.0, 9.0)}
    reader = LlmReader(tokens_at(url), calibrations=kept)
    assert reader.probabilities([ASKED]) == [pytest.approx(1 / (1 + math.exp(-(0.5 * 2.3 - 1.0))))]
    fake.first_tokens = lambda _last: [("Well", -0.1)]
    assert reader.probabilities([ASKED]) == [0.5]


def test_a_model_without_log_probabilities_cannot_be_read(llm: tuple[FakeLlm, str]) -> None:
    """A failure is never an opinion; the probe tells beforehand."""
    fake, url = llm
    reader = LlmReader(tokens_at(url))
    assert reader.gives_logprobs()
    fake.first_tokens = lambda _last: []
    assert not reader.gives_logprobs()
    with pytest.raises(ModelUnavailable, match="no log-probabilities"):
        reader.probabilities([ASKED])


def test_nor_can_one_that_begins_with_something_else(llm: tuple[FakeLlm, str]) -> None:
    """Such as a model that thinks aloud first."""
    fake, url = llm
    fake.first_tokens = lambda _last: [("<think>", -0.01), ("Okay", -5.0)]
    assert not LlmReader(tokens_at(url)).gives_logprobs()


@pytest.mark.parametrize(("says", "refused"), [("logprobs is not supported", True), ("too many tokens", False)])
def test_a_server_that_refuses_log_probabilities_gives_none(says: str, refused: bool) -> None:
    """Any other refusal is a failure."""
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def chat() -> Response:
        return JSONResponse({"error": {"message": says}}, 400)

    with serving(app) as url:
        reader = LlmReader(tokens_at(f"{url}/v1", "named"))
        if refused:
            assert not reader.gives_logprobs()
        else:
            with pytest.raises(ModelUnavailable, match=says):
                reader.gives_logprobs()


def test_a_server_that_cannot_be_reached_is_named() -> None:
    """Also by the probe."""
    url = unused_url()
    with pytest.raises(ModelUnavailable, match=url):
        LlmReader(tokens_at(url)).probabilities([ASKED])
    with pytest.raises(ModelUnavailable, match=url):
        LlmReader(tokens_at(url)).gives_logprobs()
