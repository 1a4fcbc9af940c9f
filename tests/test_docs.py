"""The pages are kept true to the code."""

import importlib.util
import re

import pytest

from tests import ROOT

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "examples/README.md"])
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def test_the_settings_page_is_up_to_date():
    """`make docs` writes it from rag/settings.py."""
    spec = importlib.util.spec_from_file_location("settings_table", ROOT / "docs/settings_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "stale: run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    targets = [link.partition("#")[0] for link in _LINK.findall(page.read_text(encoding="utf-8"))]
    broken = [t for t in targets if t and not re.match(r"[a-z]+:", t) and not (page.parent / t).exists()]
    assert not broken


def test_every_variable_the_pages_name_is_a_setting():
    """A renamed setting is renamed in the pages too; the compose file's own variables are in deploy/.env.example."""
    settings = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    known = set(re.findall(r"FOOTNOTE_[A-Z0-9_]+", settings + (ROOT / "deploy/.env.example").read_text()))
    for page in PAGES:
        named = set(re.findall(r"FOOTNOTE_[A-Z0-9_]*[A-Z0-9]", page.read_text(encoding="utf-8")))
        assert named <= known, page.name


def test_every_decision_record_is_listed_and_has_its_parts():
    """Context, decision, consequences; one page."""
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert f"adr/{record.name}" in index
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert len(text.split()) < 450, f"{record.name} is longer than a page"
