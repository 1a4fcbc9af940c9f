"""Which reader the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rag.build.models import build_reader
from rag.errors import SettingError
from rag.models import passages_prompt
from rag.settings import Settings, load_settings
from rag.verification.readers import AutoReader, Calibration, ClaimInContext, LlmReader, write_calibration
from tests.fakes.core import hit
from tests.fakes.llm import FakeLlm, serving

PROMPT = tuple(passages_prompt([hit("The whole passage.", "a.txt").chunk]))


def settings(**changed: Any) -> Settings:
    return load_settings(**{"llm_url": "http://localhost:1/v1", "llm_model": "qwen", **changed})


def test_the_language_model_reads_where_there_is_one() -> None:
    """By default as far as it can, by order in any case; without one, or by order, nobody reads beside the verifier."""
    automatic, ordered = build_reader(settings()), build_reader(settings(reader="llm"))
    assert isinstance(automatic, AutoReader)
    assert isinstance(ordered, LlmReader)
    assert automatic.name == ordered.name == "llm:qwen"
    assert build_reader(load_settings()) is None
    assert build_reader(settings(reader="local")) is None


def test_a_reader_that_cannot_be_is_a_wrong_setting() -> None:
    """Named with what it needs."""
    with pytest.raises(SettingError, match="FOOTNOTE_READER_URL or FOOTNOTE_LLM_URL"):
        build_reader(load_settings(reader="llm"))
    with pytest.raises(SettingError, match="no adapter supports this model"):
        build_reader(load_settings(reader="hub:org/poet"))
    with pytest.raises(SettingError, match="FOOTNOTE_READER='often'"):
        load_settings(reader="often")


@pytest.mark.parametrize(
    ("changed", "read", "key"),
    [
        ({"llm": True}, "The whole passage.", "drafts"),
        ({"llm": True, "reader_model": "scripted-7b"}, "The whole passage.", "drafts"),
        ({"llm": True, "reader_model": "small"}, "The window.", "drafts"),
        ({"reader_url": True, "reader_api_key": "reads"}, "The window.", "reads"),
        ({"reader_url": True}, "The window.", "none"),
    ],
)
def test_only_the_model_that_drafts_is_given_the_prompt_again(changed: dict[str, Any], read: str, key: str) -> None:
    """Another has not read the passages: it gets the window; and another server no key but its own."""
    keys: list[str | None] = []
    fake = FakeLlm(first_tokens=lambda _last: [("yes", -0.1), ("no", -2.4)])
    app = fake.app()

    @app.middleware("http")
    async def remember(request: Any, proceed: Any) -> Any:
        keys.append(request.headers.get("authorization"))
        return await proceed(request)

    with serving(app) as url:
        given = {"llm_model": "scripted-7b", "llm_api_key": "drafts", "reader": "llm"}
        given |= {name: value for name, value in changed.items() if name not in ("llm", "reader_url")}
        given["reader_url" if "reader_url" in changed else "llm_url"] = f"{url}/v1"
        reader = build_reader(load_settings(**given))
        assert reader is not None
        reader.probabilities([ClaimInContext("A claim.", "The window.", PROMPT)])
    assert read in fake.read[0]["messages"][1]["content"]
    assert set(keys) == {f"Bearer {key}"}


def test_what_was_calibrated_counts(tmp_path: Path) -> None:
    """From the data folder, by name."""
    write_calibration("llm:scripted-7b", Calibration(1.0, 5.0), tmp_path)
    fake = FakeLlm(first_tokens=lambda _last: [("yes", -1.0), ("no", -1.0)])
    with serving(fake.app()) as url:
        reader = build_reader(load_settings(reader="llm", llm_url=f"{url}/v1", data_dir=tmp_path))
        assert reader is not None
        assert reader.probabilities([ClaimInContext("A claim.", "The window.")]) == [pytest.approx(0.9933, abs=1e-4)]
