"""Unsafe questions and sentences: what the moderators say, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from rag.build.core import build
from rag.build.models import build_embedder, build_moderator
from rag.errors import ModelCorrupt, ModelUnavailable
from rag.events import Event, Finished, Released, Withheld
from rag.filters import Filter
from rag.models.llm import Message
from rag.safety.moderated import BLOCKED_ANSWER, BLOCKED_QUESTION, ModeratedAnswerer
from rag.safety.moderation import CATEGORIES, LinearModel, LocalModerator, Moderation, load_linear_model
from rag.safety.moderation_endpoints import GuardModel, ModerationEndpoint, guard_flags
from rag.settings import load_settings
from rag.types import AS_SET, Answer, Evidence, Verdict, Weighing
from tests.fakes.llm import serving, unused_url
from tests.fakes.moderators import WordModerator

SAFE, UNSAFE = "The pump moves 40 litres a minute.", "The bomb is described here."


@dataclass
class FixedAnswerer:
    """Releases the same sentences whatever is asked."""

    sentences: Sequence[str] = (SAFE, UNSAFE)
    asked: list[str] = field(default_factory=list)
    closed: bool = False

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        self.asked.append(question)
        verdicts = tuple(Verdict(text, 1.0, True, (quote(text),)) for text in self.sentences)
        for verdict in verdicts:
            yield Released(verdict)
        yield Finished(Answer(question, verdicts, (), (), model={"llm": "fixed"}))

    async def aclose(self) -> None:
        self.closed = True


def quote(text: str) -> Evidence:
    return Evidence("d", "d.txt", "0" * 64, 1, 0, len(text), text)


def told(answerer: ModeratedAnswerer, question: str = "What is it?") -> list[Event]:
    async def collect() -> list[Event]:
        return [event async for event in answerer.answer(question, collection="any")]

    return asyncio.run(collect())


def answer_of(events: Sequence[Event]) -> Answer:
    last = events[-1]
    assert isinstance(last, Finished)
    return last.answer


def test_flagging_changes_no_answer() -> None:
    """What was found stands in the record."""
    events = told(ModeratedAnswerer(FixedAnswerer(), WordModerator(), mode="flag"), "Who built the bomb?")
    answer = answer_of(events)
    assert [verdict.text for verdict in answer.sentences] == [SAFE, UNSAFE]
    assert answer.model == {
        "llm": "fixed",
        "moderation": {
            "moderator": "words",
            "mode": "flag",
            "question": ["violence"],
            "sentences": [{"text": UNSAFE, "flags": ["violence"]}],
        },
    }


def test_a_blocked_sentence_is_never_told() -> None:
    """It is withheld with its reason before it is released; the others stay."""
    events = told(ModeratedAnswerer(FixedAnswerer(), WordModerator(), mode="block"))
    assert [event.verdict.text for event in events if isinstance(event, Released)] == [SAFE]
    (withheld,) = (event.verdict for event in events if isinstance(event, Withheld))
    assert (withheld.text, withheld.supported, withheld.why) == (UNSAFE, False, "moderation: violence")
    answer = answer_of(events)
    assert [verdict.text for verdict in answer.sentences] == [SAFE]
    assert answer.withheld == (withheld,)
    assert answer.reason is None


def test_an_answer_that_is_blocked_whole_is_an_abstention() -> None:
    """With a reason."""
    answer = answer_of(told(ModeratedAnswerer(FixedAnswerer([UNSAFE]), WordModerator(), mode="block")))
    assert answer.abstained
    assert answer.reason == BLOCKED_ANSWER


def test_a_blocked_question_is_not_searched_for() -> None:
    """Neither retrieval nor the language model sees it."""
    inner = FixedAnswerer()
    answer = answer_of(told(ModeratedAnswerer(inner, WordModerator(), mode="block"), "How is a bomb made?"))
    assert inner.asked == []
    assert answer.abstained
    assert answer.reason == f"{BLOCKED_QUESTION}: violence"
    assert answer.model["moderation"]["question"] == ["violence"]


def test_a_moderator_that_fails_stops_only_what_depends_on_it() -> None:
    """Flagging goes on and says so; blocking tells nothing that was not checked."""
    answer = answer_of(told(ModeratedAnswerer(FixedAnswerer(), WordModerator(fails=True), mode="flag")))
    assert len(answer.sentences) == 2
    assert "gone" in answer.model["moderation"]["failure"]
    with pytest.raises(ModelUnavailable):
        told(ModeratedAnswerer(FixedAnswerer(), WordModerator(fails=True), mode="block"))


def test_closing_reaches_the_answerer() -> None:
    """The connections are its."""
    inner = FixedAnswerer()
    asyncio.run(ModeratedAnswerer(inner, WordModerator(), mode="flag").aclose())
    assert inner.closed


class _Lengths:
    """Embeds a text as (1, 0) when it has the word `bad`, else as (0, 1)."""

    def embed_sentences(self, texts: Sequence[str]) -> Any:
        return np.array([[float("bad" in text), float("bad" not in text)] for text in texts], dtype=np.float32)


def linear() -> LinearModel:
    weights = np.array([[8, -8], [0, 0]], dtype=np.float32)
    return LinearModel(("hate", "sexual"), weights, np.zeros(2, np.float32), np.array([0.9, 0.9], np.float32))


@pytest.mark.parametrize("before", [0, 5, 200])
def test_one_unsafe_sentence_among_many_is_seen(before: int) -> None:
    """Wherever it stands; the score is that of the worst sentence."""
    moderator = LocalModerator(_Lengths(), linear())
    found = moderator.check("All is well here. " * before + "This is bad.")
    assert found.flags == ("hate",)
    assert found.score == found.scores["hate"] > 0.99
    assert moderator.check("All is well here. " * (before + 1)).flags == ()


def test_nothing_is_said_of_an_empty_text() -> None:
    """No flags, no score."""
    assert LocalModerator(_Lengths(), linear()).check(" \n") == Moderation((), 0.0)


def test_the_shipped_model_is_whole() -> None:
    """Every category, 384 weights each; thresholds that can be reached."""
    model = load_linear_model()
    assert model.categories == CATEGORIES
    assert model.weights.shape == (len(CATEGORIES), 384)
    assert ((model.thresholds > 0) & (model.thresholds < 1)).all()


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    """Rather than flagging nothing."""
    file = tmp_path / "model.json"
    file.write_text('{"categories": {"hate": {}}}')
    with pytest.raises(ModelCorrupt, match=r"model\.json"):
        load_linear_model(file)


@pytest.mark.slow
def test_the_local_moderator_tells_threats_from_reports() -> None:
    """A few plain examples; docs/research/moderation.md has how often it errs."""
    settings = load_settings()
    moderator = build_moderator(settings, lambda: build_embedder(settings))
    assert "violence" in moderator.check("I am going to kill him with a knife tonight.").flags
    assert "self-harm" in moderator.check("I want to kill myself tonight.").flags
    for fine in (SAFE, "How often must the seal be replaced?", "The yearly rent is 61,500 euros."):
        assert moderator.check(fine).flags == ()


@pytest.mark.parametrize("mode", ["off", "flag", "block"])
def test_the_setting_decides_what_is_built(tmp_path: Path, mode: str) -> None:
    """`off` moderates nothing."""
    rag = build(load_settings(data_dir=tmp_path, moderation=mode))
    try:
        assert isinstance(rag.answerer, ModeratedAnswerer) == (mode != "off")
    finally:
        rag.close()


@dataclass
class FakeModeration:
    """A server of both kinds: `/moderations` in OpenAI's shape, and a guard model with a scripted reply."""

    reply: str = "safe"
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/moderations")
        async def moderations(request: Request) -> Response:
            self.asked.append(await request.json())
            if self.status != 200:
                return JSONResponse({"error": {"message": "overloaded"}}, self.status)
            return JSONResponse({"id": "m", "model": "guard-1", "results": [_result()]})

        @app.post("/v1/chat/completions")
        async def chat(request: Request) -> Response:
            self.asked.append(await request.json())
            message = {"role": "assistant", "content": self.reply}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = {"id": "c", "object": "chat.completion", "created": 0, "model": "guard-1", "choices": [choice]}
            return JSONResponse(body)

        return app


def _result() -> dict[str, Any]:
    names = (
        "harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm self-harm/intent "
        "self-harm/instructions sexual sexual/minors violence violence/graphic"
    ).split()
    high = {"hate/threatening": 0.7, "illicit": 0.9}
    return {
        "flagged": True,
        "categories": {name: name in high for name in names},
        "category_scores": {name: high.get(name, 0.01) for name in names},
        "category_applied_input_types": {name: ["text"] for name in names},
    }


@pytest.fixture
def server() -> Iterator[tuple[FakeModeration, str]]:
    fake = FakeModeration()
    with serving(fake.app()) as url:
        yield fake, f"{url}/v1"


def test_an_endpoint_decides_and_its_categories_are_ours(server: tuple[FakeModeration, str]) -> None:
    """The broad name of each, with its highest score, the worst first."""
    fake, url = server
    found = ModerationEndpoint(url, model="guard-1", api_key="k", timeout_s=5).check("text")
    assert found.flags == ("illegal", "hate")
    assert found.score == 0.9
    assert found.scores["hate"] == 0.7
    assert fake.asked == [{"model": "guard-1", "input": "text"}]


@pytest.mark.parametrize(
    ("reply", "flags"),
    [
        ("safe", ()),
        ("\n\nunsafe\nS1,S10", ("violence", "hate")),
        ("unsafe\nS99", ("S99",)),
        ("unsafe", ("harm",)),
        ("Yes", ("harm",)),
        ("No\n<confidence> High </confidence>", ()),
        ("<score> yes </score>", ("harm",)),
    ],
)
def test_a_guard_model_is_understood(server: tuple[FakeModeration, str], reply: str, flags: tuple[str, ...]) -> None:
    """In the forms of Llama Guard and of Granite Guardian."""
    fake, url = server
    fake.reply = reply
    found = GuardModel(url, model="guard-1", api_key=None, timeout_s=5).check("text <|im_start|>")
    assert found.flags == flags
    assert found.score == float(bool(flags))
    assert fake.asked[0]["messages"] == [{"role": "user", "content": "text ‹¦im_start¦›"}]


def test_a_model_that_is_no_guard_is_a_failure_and_not_a_pass(server: tuple[FakeModeration, str]) -> None:
    """Silence is not consent."""
    fake, url = server
    for reply in ("I think that is fine.", "", "Nothing"):
        fake.reply = reply
        assert guard_flags(reply) is None
        with pytest.raises(ModelUnavailable, match="guard model"):
            GuardModel(url, model="guard-1", api_key=None, timeout_s=5).check("text")


@pytest.mark.slow
def test_a_server_that_fails_or_is_gone_is_named(server: tuple[FakeModeration, str]) -> None:
    """As every model that does not answer."""
    fake, url = server
    fake.status = 400
    with pytest.raises(ModelUnavailable, match="moderator at"):
        ModerationEndpoint(url, model="guard-1", api_key=None, timeout_s=5).check("text")
    gone = GuardModel(f"{unused_url()}/v1", model="guard-1", api_key=None, timeout_s=5)
    with pytest.raises(ModelUnavailable, match="moderator at"):
        gone.check("text")


@pytest.mark.parametrize(("api", "kind"), [("moderations", ModerationEndpoint), ("guard", GuardModel)])
def test_the_settings_name_the_endpoint(api: str, kind: type) -> None:
    """Without loading a local model."""
    settings = load_settings(moderation_url="http://localhost:9/v1", moderation_api=api, moderation_model="guard-1")

    def no_embedder() -> Any:
        raise AssertionError("not needed")

    moderator = build_moderator(settings, no_embedder)
    assert isinstance(moderator, kind)
    assert moderator.name == "guard-1"


def test_a_record_is_plain_json() -> None:
    """It is stored and sent as it is."""
    answer = answer_of(told(ModeratedAnswerer(FixedAnswerer(), WordModerator(), mode="block")))
    assert json.loads(json.dumps(answer.model)) == answer.model
