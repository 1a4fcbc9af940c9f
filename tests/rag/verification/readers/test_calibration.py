"""What a reader's log-odds are worth."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingError
from rag.verification.readers import IDENTITY, Calibration, read_calibrations, write_calibration

LOGITS = st.floats(-40, 40)


@given(LOGITS, LOGITS, st.floats(0.01, 10), st.floats(-5, 5))
def test_a_calibration_keeps_the_order(first: float, second: float, slope: float, intercept: float) -> None:
    """More yes is never less probable."""
    scaled = Calibration(slope, intercept)
    assert scaled.probability(min(first, second)) <= scaled.probability(max(first, second))
    assert 0 <= scaled.probability(first) <= 1


def test_an_unknown_reader_counts_as_it_is() -> None:
    assert IDENTITY.probability(0.0) == 0.5


def test_a_slope_that_would_turn_yes_into_no_is_none() -> None:
    with pytest.raises(ValueError, match="slope"):
        Calibration(slope=-1.0)


def test_each_reader_keeps_its_own(tmp_path: Path) -> None:
    """A later one replaces that of the same name."""
    assert read_calibrations(tmp_path / "data") == {}
    first, second = Calibration(2.0, -1.0, 150, "ab", {"strict": 0.9}), Calibration(3.0)
    write_calibration("llm:a", Calibration(9.0), tmp_path / "data")
    write_calibration("llm:a", first, tmp_path / "data")
    write_calibration("llm:b", second, tmp_path / "data")
    assert read_calibrations(tmp_path / "data") == {"llm:a": first, "llm:b": second}


@pytest.mark.parametrize("text", ["{}", "no", '{"readers": {"a": {"slope": -1}}}', '{"readers": {"a": 3}}'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "readers.json").write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=r"readers\.json"):
        read_calibrations(tmp_path)


def test_no_stored_threshold_releases_against_the_odds(tmp_path: Path) -> None:
    """One below one half counts as one half."""
    write_calibration("llm:old", Calibration(thresholds={"strict": 0.2, "balanced": 0.7}), tmp_path)
    assert read_calibrations(tmp_path)["llm:old"].thresholds == {"strict": 0.5, "balanced": 0.7}
