"""When documents disagree, and what they are dated."""

from dataclasses import replace

import pytest

from rag.evidence.disagreement import contradicting, differ, disagreements
from rag.evidence.document_dates import date_of, spoken_date
from rag.evidence.finder import EvidenceFinder
from rag.types import Chunk
from tests.fakes.core import hit


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The pack must be replaced every 24 months.", "The pack must be replaced every 18 months."),
        ("The pack must be replaced every eighteen months.", "The pack must be replaced every two months."),
        ("The valve must be closed before the test.", "The valve must not be closed before the test."),
        ("The company was founded in 1990 in Sarn.", "The company was founded in 1991 in Sarn."),
        ("The contract with Sarn ends on 12 May 2024.", "The contract with Sarn ends on 13 June 2024."),
        ("Net sales of Sarn in 2022 were $5 million.", "Net sales of Sarn in 2022 were $6 million."),
    ],
)
def test_the_same_matter_told_differently_is_a_disagreement(first: str, second: str) -> None:
    """In a figure, in a date, in what is denied; whichever comes first."""
    assert differ(first, second, "en")
    assert differ(second, first, "en")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The pack must be replaced every 24 months.", "The pack must be replaced every 24 months."),
        ("The tank holds 1,200 litres of water.", "The tank holds 1200 litres of water."),
        ("Net sales in 2022 were $5 million.", "Net sales in 2023 were $6 million."),
        ("On 12 May 2024 the pump ran for 3 hours.", "On 13 May 2024 the pump ran for 4 hours."),
        ("The Ouzel 4 logger weighs 5 kg with its battery.", "The Ouzel 5 logger weighs 6 kg with its battery."),
        ("The model B-100 weighs 5 kg with its battery.", "The model B-200 weighs 6 kg with its battery."),
        ("The depot in Sarn has 5 employees and 2 vans.", "The depot in Aske has 6 employees and 3 vans."),
        ("The pump runs for 3 hours.", "The lamp burns for 4 hours."),
        ("The pack is replaced.", "The pack is replaced every 18 months."),
        ("As of 2 May 2021, clients owed 71% of it.", "As of 3 August 2021, clients owed 64% of it."),
        ("Sales for the nine months were 5 million.", "Sales for the three months were 6 million."),
        ("| Hesk | 31% | 28% |", "| Hesk | 30% | 26% |"),
        ("Services margin 61.2% 60.1%", "Services margin 62.4% 61.9%"),
    ],
)
def test_other_matters_are_none(first: str, second: str) -> None:
    """Another year, day, model, place or thing; the same figure in another form; a figure that the other leaves out."""
    assert not differ(first, second, "en")


def test_sides_are_quotes_with_dates_newest_first() -> None:
    """The date stands in the document's first words, in its metadata, or in its name."""
    manual = hit("The pack must be replaced every 24 months.", "manual-2023-03.txt")
    bulletin = hit("The pack must be replaced every 18 months.", "bulletin.txt")
    undated = hit("The pack must be replaced every 12 months.", "notice.txt")
    pool = EvidenceFinder().pool([manual, undated, bulletin])
    openings = {bulletin.chunk.document_id: "SERVICE BULLETIN\nDate: 12 May 2025\n"}
    released = [pool.own_words(index) for index in range(3)]
    (found,) = disagreements(released, pool, lambda chunk: openings.get(chunk.document_id, ""))
    assert [(side.evidence.filename, side.date) for side in found.sides] == [
        ("bulletin.txt", "2025-05-12"),
        ("manual-2023-03.txt", "2023-03"),
        ("notice.txt", None),
    ]
    assert contradicting(released[:1], pool) == [1, 2]
    assert disagreements(released[:1], pool) == ()


def test_reports_on_different_periods_do_not_disagree() -> None:
    """By their names or their first pages; documents of different dates do."""
    texts = ("The margin of services was 71% in all.", "The margin of services was 64% in all.")
    for names, openings in (
        (("2021_Q1_ORLO.pdf", "2021_Q2_ORLO.pdf"), {}),
        (
            ("a.pdf", "b.pdf"),
            {"a.pdf": "For the quarterly period ended 2 May 2021", "b.pdf": "Year ended 3 August 2021"},
        ),
    ):
        pool = EvidenceFinder().pool([hit(text, name) for text, name in zip(texts, names, strict=True)])
        released = [pool.own_words(index) for index in range(2)]

        def opening(chunk: Chunk, openings: dict[str, str] = openings) -> str:
            return openings.get(chunk.filename, "")

        assert disagreements(released, pool, opening) == ()
        assert contradicting(released[:1], pool, opening) == []
    dated = EvidenceFinder().pool([hit(texts[0], "manual-2023-03.txt"), hit(texts[1], "manual-2024-05.txt")])
    assert contradicting([dated.own_words(0)], dated) == [1]


def test_documents_of_different_things_do_not_disagree() -> None:
    """Their titles say of what they are."""
    for first, second in (("Pump C manual", "Pump D manual"), ("Lease with Orlo Ltd", "Lease with Hesk Ltd")):
        of_first, of_second = (
            hit("The term is three years in all.", "a.txt"),
            hit("The term is six years in all.", "b.txt"),
        )
        hits = [
            replace(of, chunk=replace(of.chunk, title=title)) for of, title in ((of_first, first), (of_second, second))
        ]
        pool = EvidenceFinder().pool(hits)
        assert contradicting([pool.own_words(0)], pool) == []


def test_a_document_does_not_disagree_with_itself() -> None:
    """A page that corrects the one before it is one document's own business."""
    pool = EvidenceFinder().pool([hit("The pack lasts 24 months in all. The pack lasts 18 months in all.", "a.txt")])
    assert contradicting([pool.own_words(0)], pool) == []


def chunk(filename: str = "notes.txt", title: str = "", **metadata: str | int) -> Chunk:
    return replace(hit("Text.", filename).chunk, title=title, metadata=metadata)


@pytest.mark.parametrize(
    ("of", "opening", "date"),
    [
        (chunk(date="2024-05-03T10:00:00+02:00"), "", "2024-05-03"),
        (chunk(Published="3 May 2024"), "", "2024-05-03"),
        (chunk(year=2021), "", "2021"),
        (chunk(), "Tarnbeck, document TB-I-0411, revised 8 October 2024, valid for 4.3.", "2024-10-08"),
        (chunk(), "Last updated: March 2025", "2025-03"),
        (chunk(), "Date:     18 September 2025, 13:00 to 14:50", "2025-09-18"),
        (chunk(), "valid from 1 January 2026 to 31 December 2026.", "2026-01-01"),
        (chunk(title="Price list 2026"), "", "2026"),
        (chunk(title="Minutes of 18 September 2025"), "", "2025-09-18"),
        (chunk("bulletin-2025-03.txt"), "", "2025-03"),
        (chunk("2025_03_17 minutes.txt"), "", "2025-03-17"),
        (chunk("bulletin-2025-03.txt", title="Bulletin of 12 May 2025"), "", "2025-05-12"),
    ],
)
def test_a_document_says_its_date(of: Chunk, opening: str, date: str) -> None:
    """In metadata, then with a label in its first words, then in title and file name."""
    assert date_of(of, opening) == date


@pytest.mark.parametrize(
    ("of", "opening"),
    [
        (chunk(), "The bridge was built in 1932 and repaired on 4 May 1990."),
        (chunk("report-20-21.txt"), ""),
        (chunk("from-2019-to-2021.txt"), ""),
        (chunk("part-1234567.txt"), ""),
        (chunk(title="Budget 2024 and 2025"), ""),
    ],
)
def test_a_date_in_a_document_is_not_its_date(of: Chunk, opening: str) -> None:
    """Nor are two of them, or digits that only look like one."""
    assert date_of(of, opening) is None


def test_dates_are_spoken_in_full() -> None:
    """As far as they are known."""
    assert [spoken_date(date) for date in ("2025", "2025-03", "2025-03-07")] == ["2025", "March 2025", "7 March 2025"]
