"""The pages are kept true to the code."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from benchmarks.harness.registry import benchmarks
from tests import ROOT

PAGES = sorted(
    [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "examples/README.md", "benchmarks/README.md")),
    ]
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FOLDERS = ("rag", "ingest", "eval", "api", "benchmarks", "tests", "docs", "deploy", "examples")
_PATH = re.compile(rf"(?:{'|'.join(_FOLDERS)})/[\w./-]*")


def _named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def _anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    tokens = MarkdownIt().parse(_text(page))
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    return frozenset(re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings)


@pytest.mark.parametrize("name", ["settings", "commands"])
def test_a_generated_page_is_up_to_date(name):
    """`make docs` writes them from rag/settings.py and from the command line."""
    spec = importlib.util.spec_from_file_location(f"{name}_page", ROOT / f"docs/reference/{name}_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert _text(module.PAGE) == module.page(), "stale: run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_links_lead_to_files_and_headings(page):
    """Also the part after `#`, where a link leads into a page."""
    broken = []
    for link in _LINK.findall(_text(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_path_in_backticks_exists(page):
    """A file that moves takes its mentions along."""
    paths = [code for code in _CODE.findall(_text(page)) if _PATH.fullmatch(code)]
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_page_that_the_code_names_exists():
    """Error messages and docstrings send their readers to pages that are there."""
    sources = [ROOT / "Makefile", ROOT / "docker-compose.yml", ROOT / "deploy/.env.example"]
    for folder in ("rag", "ingest", "eval", "api", "benchmarks"):
        sources += (ROOT / folder).rglob("*.py")
    named = {name for path in sources for name in re.findall(r"docs/(?:[\w-]+/)*[\w-]+\.md", _text(path))}
    assert not [name for name in named if not (ROOT / name).exists()]


def test_every_benchmark_that_the_pages_name_exists():
    """`python -m benchmarks NAME` can be copied from any page."""
    known = {each.name for each in benchmarks()}
    for page in PAGES:
        named = re.findall(r"python -m benchmarks\s+([a-z][\w-]*)", _text(page))
        assert set(named) <= known, _named(page)


def test_every_benchmark_is_described():
    """Those that come later, too."""
    page = _text(ROOT / "benchmarks/README.md")
    assert not [each.name for each in benchmarks() if each.name not in page]


def test_every_variable_the_pages_name_is_a_setting():
    """A renamed setting is renamed in the pages too; the compose file's own variables are in deploy/.env.example."""
    known_pages = (ROOT / "docs/reference/settings.md", ROOT / "deploy/.env.example")
    known = {name for page in known_pages for name in re.findall(r"FOOTNOTE_[A-Z0-9_]+", _text(page))}
    for page in PAGES:
        assert set(re.findall(r"FOOTNOTE_[A-Z0-9_]*[A-Z0-9]", _text(page))) <= known, _named(page)


def test_every_page_is_listed():
    """A page that the index lacks is found by nobody."""
    index = _text(ROOT / "docs/README.md")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert not [page for page in pages if page != "README.md" and f"]({page})" not in index]


def test_the_readme_fits_on_a_screen_or_two():
    """What, why, a transcript, two commands, four figures; the rest is on the shelves."""
    assert len(_text(ROOT / "README.md").splitlines()) <= 100


def test_every_decision_record_has_its_parts():
    """Context, decision, consequences; one page."""
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = _text(record)
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert len(text.split()) < 450, f"{record.name} is longer than a page"
