"""How much of the content of web pages is read, and how much of what stands around it.

    python -m benchmarks web-pages

reads pages of many kinds, whose content is known, with Footnote's rule, with its rule before (the first of `main`,
`article` and `body` that holds a quarter of the words), with trafilatura, and without any rule, and compares words:
recall is the share of the content's words that are read, precision the share of what is read that is content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from statistics import mean

from bs4 import BeautifulSoup

from benchmarks.harness import Result, row, table
from benchmarks.ingest.web_page_samples import Sample, samples
from ingest.parsers.registry import default_registry
from rag.errors import ParseError

COLUMNS = ("reader", "precision", "recall", "F1", "pages without a loss")
_WORD = re.compile(r"\w+")
_NEVER_CONTENT = "script, style, noscript, nav, aside, button, select"


def benchmark() -> Result:
    pages = samples()
    print(f"{len(pages)} pages\n\n{table(COLUMNS)}")
    figures = {}
    for name, read in READERS.items():
        scores = {page.name: score(page, read) for page in pages}
        figures[name] = summary(scores)
        print(row([name, *(f"{value:.3f}" for value in list(figures[name].values())[:3]), figures[name]["whole"]]))
        for page, (precision, recall) in scores.items():
            if name == "footnote" and min(precision, recall) < 1:
                print(f"    {page}: precision {precision:.3f}, recall {recall:.3f}")
    return Result({"pages": len(pages), "readers": figures})


def score(page: Sample, read: Callable[[str], str]) -> tuple[float, float]:
    """Precision and recall over words, each as often as it stands there. A page of which nothing is read has none."""
    wanted, got = words(page.content), words(read(page.html))
    common = sum((wanted & got).values())
    return common / got.total() if got else 0.0, common / wanted.total()


def summary(scores: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Means over the pages, and on how many no word of the content is missing."""
    f1 = [2 * p * r / (p + r) if p + r else 0.0 for p, r in scores.values()]
    return {
        "precision": round(mean(p for p, _ in scores.values()), 4),
        "recall": round(mean(r for _, r in scores.values()), 4),
        "f1": round(mean(f1), 4),
        "whole": sum(r == 1 for _, r in scores.values()),
    }


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def by_footnote(html: str) -> str:
    try:
        parsed = default_registry().parse(html.encode(), "page.html")
    except ParseError:
        return ""
    return "\n".join(page.text for page in parsed.pages)


def by_first_element(html: str) -> str:
    """The rule before: noise and frames go, then the first element of a few kinds that holds a quarter of the words."""
    soup = BeautifulSoup(html, "html.parser")
    frames = [tag for tag in soup.select("header, footer") if tag.find_parent(["main", "article"]) is None]
    for tag in [*soup.select(_NEVER_CONTENT), *frames]:
        tag.decompose()
    whole = len(soup.get_text())
    for form in soup.find_all("form"):
        if 2 * len(form.get_text()) < whole:
            form.decompose()
    candidates = (tag for selector in ("main", "[role=main]", "article", "body") for tag in soup.select(selector))
    return next((tag for tag in candidates if 4 * len(tag.get_text()) > whole), soup).get_text(" ")


def by_trafilatura(html: str) -> str:
    from trafilatura import extract  # noqa: PLC0415 - the extra `bench` brings it

    return extract(html, include_comments=True) or ""


def by_no_rule(html: str) -> str:
    return BeautifulSoup(html, "html.parser").body.get_text(" ")  # type: ignore[union-attr]


READERS: Mapping[str, Callable[[str], str]] = {
    "footnote": by_footnote,
    "first element": by_first_element,
    "trafilatura": by_trafilatura,
    "no rule": by_no_rule,
}
