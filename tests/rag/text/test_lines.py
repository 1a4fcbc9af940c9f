"""Where the end of a line is the end of a sentence."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import SentenceStream, split


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]


@pytest.mark.parametrize(
    "lines",
    [
        ("2026-03-01 10:00:02 INFO worker-2 job 1002 done", "2026-03-01 10:00:03 ERROR worker-3 job 1003 failed"),
        ("[10:00:02] user ida logged in from the quay and stayed for a while, as far as one can see",
         "[10:00:03] user tom logged in from the boat house and left at once, as far as one can see"),
        ("Mar  1 10:00:00 quay sshd[1]: accepted", "Mar  1 10:00:01 quay sshd[1]: refused"),
        ('10.0.0.1 - - [01/Mar/2026:10:00:00] "GET /" 200', '10.0.0.2 - - [01/Mar/2026:10:00:01] "GET /a" 404'),
        ("ERROR the disk of the second machine in the old boat house by the quay is full",
         "INFO the disk of the second machine in the old boat house by the quay is empty"),
        ("2026-03-01T10:00:02Z the first of the two machines in the boat house has been started by hand",
         "2026-03-01T10:00:03Z the other of the two machines in the boat house has been started by hand"),
        ("I0301 10:00:02.123456 main.go:12] ready", "E0301 10:00:03.123456 main.go:14] not ready"),
        ('level=info ts=2026-03-01T10:00:02Z msg="the first of the machines is ready for work now"',
         'level=warn ts=2026-03-01T10:00:03Z msg="the other of the machines is not ready for work"'),
        ("[Sun Mar 01 10:00:02 2026] [error] client denied by the server at the gate of the park",
         "[Sun Mar 01 10:00:03 2026] [notice] client let in by the server at the gate of the park"),
        ("JOB-0001 of the night shift has ended without any errors at all",
         "JOB-0002 of the night shift has ended with several errors"),
        ("two roads went apart in a wood", "and I was sorry to be one only"),
        ("roses are red,", "violets are blue"),
        ("Quay 3", "Tarnbeck", "Phone 555-0147"),
        ("The river runs,", "The boats go by,", "And so do I"),
        ("FROM python:3.12", "EXPOSE 9090"),
        ("def fare(days):", "    return 9 * days"),
        ("boats = read(path)", "fares = price(boats)"),
        ("int main() {", "  run();", "}"),
        ("log:", "  level: info"),
        ("OPENING HOURS", "The quay opens at seven."),
    ],
)  # fmt: skip
def test_lines_that_say_something_of_their_own_are_not_joined(lines: tuple[str, ...]):
    """Records of logs, lines of addresses and verse, statements, titles: each is a sentence."""
    assert sentences("\n".join(lines)) == [line.strip() for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "The boat leaves the old quay at nine in the morning and\nTom steers it until it is back.",
        "The boat leaves at\nNine Elms.",
        "It costs 9 euros a day, and the\nDeposit is 60 euros.",
        "The delivery is on\n2026-03-01 at noon.",
        "id: 1\nName: Pump\nFlow: 12.5",
        "- an item that is long\n  and goes on here",
        "a well-\nKnown boat",
    ],
)
def test_lines_that_go_on_are_joined(text: str):
    """Wrapped paragraphs, phrases that are not at their end, records of keys and values."""
    assert sentences(text) == [text]


LINES = st.lists(st.sampled_from([
    "2026-03-01 10:00 INFO ok", "Quay 3", "Tarnbeck. And more", "it goes on here", "x = 1", "key: value", "Key: Value",
    "The boat leaves. It comes back.", "", "- item", "| a | b |", "Mar 1 10:00:00 host",
]), max_size=8)  # fmt: skip


@given(lines=LINES, cuts=st.lists(st.integers(0, 200), max_size=6))
def test_a_stream_is_cut_like_the_whole_text(lines: list[str], cuts: list[int]):
    """However a text comes in pieces, its lines are sentences where they are in the whole text."""
    text = "\n".join(lines)
    edges = [0, *sorted({min(cut, len(text)) for cut in cuts}), len(text)]
    stream = SentenceStream()
    released = [sentence for a, b in itertools.pairwise(edges) for sentence in stream.feed(text[a:b])]
    assert [*released, *stream.finish()] == sentences(text)


EQUATIONS = st.lists(
    st.sampled_from(["Sum = a / b", "Sum = 3", "Sum", "= $3 / $4", "Sums = $3", "", "- item", "It ends. And more"]),
    max_size=6,
)


@given(lines=EQUATIONS, cuts=st.lists(st.integers(0, 100), max_size=6))
def test_equations_are_cut_alike_however_they_come(lines: list[str], cuts: list[int]):
    """What a line goes on with may be known at its end only."""
    text = "\n".join(lines)
    edges = [0, *sorted({min(cut, len(text)) for cut in cuts}), len(text)]
    stream, at_once = SentenceStream(), SentenceStream()
    released = [sentence for a, b in itertools.pairwise(edges) for sentence in stream.feed(text[a:b])]
    assert [*released, *stream.finish()] == [*at_once.feed(text), *at_once.finish()]
