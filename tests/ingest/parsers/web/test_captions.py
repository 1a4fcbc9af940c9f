"""Subtitles: running text under the times at which it is said."""

from __future__ import annotations

import pytest

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError

Cue = tuple[str, str, str]


def srt(*cues: Cue) -> str:
    return "\n".join(f"{n}\n00:{a},000 --> 00:{b},000\n{text}\n" for n, (a, b, text) in enumerate(cues, 1))


def vtt(*cues: Cue, head: str = "WEBVTT") -> str:
    return "\n".join((f"{head}\n", *(f"00:{a}.000 --> 00:{b}.000\n{text}\n" for a, b, text in cues)))


def parse(text: str, name: str = "talk.srt") -> ParsedFile:
    return default_registry().parse(text.encode(), name)


@pytest.mark.parametrize("write", [srt, vtt])
@pytest.mark.parametrize("name", ["talk.srt", "talk.vtt", "talk.txt", "talk"])
def test_a_sentence_that_goes_on_over_cues_is_whole(write, name: str):
    """Under the time at which its section begins; a pause begins another."""
    cues = (
        ("00:01", "00:03", "The ferry leaves\nat six"),
        ("00:03", "00:05", "in the morning."),
        ("01:30", "01:32", "Next."),
    )
    assert parse(write(*cues), name).pages[0].text == (
        "## 00:00:01\n\nThe ferry leaves at six in the morning.\n\n## 00:01:30\n\nNext."
    )


def test_long_talk_is_cut_where_sentences_end():
    """After about a minute."""
    cues = [
        (f"{n * 3 // 60:02}:{n * 3 % 60:02}", f"{n * 3 // 60:02}:{n * 3 % 60 + 2:02}", f"Word {n}" + "." * (n % 5 == 4))
        for n in range(60)
    ]
    text = parse(srt(*cues)).pages[0].text
    assert [line for line in text.split("\n") if line.startswith("#")] == ["## 00:00:00", "## 00:01:15", "## 00:02:30"]
    assert all(part.rstrip().endswith(".") for part in text.split("## ")[1:])


def test_who_speaks_is_told():
    """By name, or a line for each who speaks."""
    named = parse(vtt(("00:01", "00:03", "<v Ann>Where is <c.loud>it</c>? <v.first Bob>Here &amp; <00:02.000>there.")))
    assert named.pages[0].text == "## 00:00:01\n\nAnn: Where is it?\n\nBob: Here & there."
    dashed = parse(srt(("00:01", "00:03", "- Where is it?\n- Here."))).pages[0].text
    assert dashed == "## 00:00:01\n\n- Where is it?\n\n- Here."


def test_lines_that_roll_up_are_read_once():
    """Live captions show the last line again above the new one; a short word may be said twice."""
    rolled = (
        ("00:01", "00:03", "the ferry leaves"),
        ("00:03", "00:05", "the ferry leaves\nat six"),
        ("00:05", "00:06", "at six\nsharp"),
    )
    assert parse(srt(*rolled)).pages[0].text.endswith("the ferry leaves at six sharp")
    assert parse(srt(("00:01", "00:02", "No."), ("00:02", "00:03", "No."))).pages[0].text.endswith("No. No.")


def test_what_is_not_shown_is_no_text():
    """Marks of looks, remarks, styles; struck words are in the receipt."""
    head = "WEBVTT - Talk\nKind: captions\n\nNOTE not shown\n\nSTYLE\n::cue { color: red }"
    parsed = parse(vtt(("00:01", "00:03", "{\\an8}<i>At six</i><s> or nine</s>, 5 < 7."), head=head), "a.vtt")
    assert parsed.pages[0].text == "## 00:00:01\n\nAt six, 5 < 7."
    assert parsed.receipt.skipped == ("1 struck passage(s): “or nine”",)


def test_a_cue_whose_times_cannot_be_read_is_told():
    """With its words."""
    parsed = parse(srt(("00:01", "00:03", "At six.")) + "\n2\n00:00:xx --> later\nNot at nine.\n")
    assert parsed.receipt.skipped == ("1 cue(s) with malformed times: “Not at nine.”",)


def test_subtitles_without_a_cue_are_refused():
    """With what is wrong."""
    with pytest.raises(ParseError, match=r"talk\.srt"):
        parse("The ferry leaves at six.\n")
