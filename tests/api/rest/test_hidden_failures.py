"""Records of answers tell clients that a model failed, and not where it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from api.rest.hidden_failures import DiscreetAnswerer
from rag.events import Event, Finished
from rag.types import Answer

SECRET = "the language model at http://llm.internal:8000/v1 failed"


class Failing:
    """Answers with a record of failures, at two levels."""

    async def answer(self, question: str, **_: Any) -> AsyncGenerator[Event, None]:
        model = {"llm": "m", "failure": SECRET, "moderation": {"mode": "flag", "failure": SECRET}}
        yield Finished(Answer(question, (), (), (), model=model))

    async def aclose(self) -> None:
        """Nothing to close."""


async def asked() -> Answer:
    async with aclosing(DiscreetAnswerer(Failing()).answer("What?", collection="default")) as events:
        [event] = [each async for each in events]
    assert isinstance(event, Finished)
    return event.answer


def test_a_failure_is_told_without_its_words_which_are_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, "footnote.errors"):
        model = asyncio.run(asked()).model
    assert SECRET not in str(model)
    assert model["llm"] == "m"
    assert model["moderation"]["mode"] == "flag"
    assert model["failure"] == model["moderation"]["failure"] == "the model did not answer"
    assert [SECRET in record.getMessage() for record in caplog.records] == [True, True]
