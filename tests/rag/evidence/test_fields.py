"""Labels and their values are read as they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import fields_in, fields_of
from tests.fakes.core import hit


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Surveyor: Ivo Lam\nSite: Quay 4", [("Surveyor", "Ivo Lam"), ("Site", "Quay 4")]),
        ("Ref: A-7 / Owner: Mara Tolk / Status: open", [("Ref", "A-7"), ("Owner", "Mara Tolk"), ("Status", "open")]),
        ("**Pass no. 77-B** | Issued by: Tolk", [("Pass no.", "77-B"), ("Issued by", "Tolk")]),
        ("Licence number LM-88, approved by I. Lam", [("Licence number", "LM-88")]),
        ("- keeper: Ivo Lam", [("keeper", "Ivo Lam")]),
        ("# Note: all", []),
        ("| Note: all | 7 |", []),
        ("The gate opens at 9:30 and closes at 17:00.", []),
    ],
)
def test_fields(text: str, fields: list[tuple[str, str]]) -> None:
    """One in a line or several, after a colon or as a number."""
    assert [each[:2] for each in fields_in(text)] == fields


def test_a_field_is_of_its_section() -> None:
    """One before the first heading, or below it, is of all."""
    text = "Author: Ivo Lam\n\n# Pumps\n\n## Pump A\n\nKeeper: Mara Tolk\n\n## Pump B\n\nKeeper: Jo Sand\n"
    around = {each.value: each.around for each in fields_of(hit(text, "pumps.md").chunk)}
    assert around["Ivo Lam"] == text
    assert "Pump A" in around["Mara Tolk"]
    assert "Pump B" not in around["Mara Tolk"]


@given(st.text("aB :/|;#-*.1\n\t", max_size=80))
def test_every_field_is_a_span(text: str) -> None:
    """That begins with its label and ends with its value."""
    for label, value, start, end in fields_in(text):
        assert text[start:end].startswith(label)
        assert text[start:end].endswith(value)
