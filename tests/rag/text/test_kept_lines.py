"""Lines of verse, of programs and of columns are sentences by themselves; those of paragraphs are not."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.text import join_wrapped
from rag.text import are_lines
from rag.text.sentences import split

LINES = {
    "python": """\
Traceback (most recent call last):
  File "/opt/mill/grind.py", line 52, in grind_everything_that_is_in_the_hopper
    raise GrainError(f"moisture {value} above the limit")
mill.errors.GrainError: moisture 19 above the limit
KeyError: 'hopper'""",
    "java": """\
Exception in thread "main" java.lang.IllegalArgumentException: The hopper number 9 does not exist here
\tat org.mill.Hopper.of(Hopper.java:77)
\tat org.mill.Mill.main(Mill.java:12)
Caused by: java.io.IOException: no such device on the second controller board
\t... 4 more""",
    "javascript": """\
GrainError: moisture 19 above the limit of the second hopper in the north hall
    at grind (/opt/mill/grind.js:31:9)
    at /opt/mill/index.js:4:1
Node.js v20.1.0""",
    "go": """\
panic: runtime error: invalid memory address or nil pointer dereference of hopper
goroutine 7 [running]:
main.grind(0xc00001, 0x9)
\t/opt/mill/grind.go:31 +0x1d
exit status 2""",
    "shell": """\
$ du -sh /opt/mill
4.1G  /opt/mill
ida@mill:~$ uptime
 17:03:11 up 41 days
$ ls
grind.py""",
    "diff": """\
--- a/limits.py
+++ b/limits.py
@@ -3,2 +3,2 @@
-the_highest_moisture_of_grain_that_the_mill_grinds_in_one_go = 17
+the_highest_moisture_of_grain_that_the_mill_grinds_in_one_go = 18
 return it""",
    "verse": """\
The miller sleeps beside the wheel,
He counts no sack and weighs no meal,
The water turns without a sound,
And what was whole by dawn is ground.""",
    "couplet": """\
Il mulino gira e non si sa perché;
Ma chi lo ferma non sarà il re""",
    "settings": """\
forward north-hall.mill.example weight 4 max_fails 2 fail_timeout 40 seconds
forward south-hall.mill.example weight 1 max_fails 2 fail_timeout 20 seconds
idle_timeout 30""",
    "columns": """\
hall      hoppers   tons of grain in a day
north     4         91
south     2         38""",
}
WORDS = st.permutations(
    "the wheel of a mill turns with water and grinds corn slowly while its owner counts every sack that farmers bring "
    "from their fields before winter so nothing spoils in damp halls or under leaking roofs near this river".split()
)


@pytest.mark.parametrize("kind", LINES)
def test_each_line_is_a_sentence_of_its_own(kind: str):
    """Nothing joins two lines, and none is cut within a name; the stored text has them as they are written."""
    block = LINES[kind]
    text = f"It happened in May.\n\n{block}\n\nNothing more is known of it.\n"
    assert join_wrapped(text) == text
    found = [text[span.start : span.end] for span in split(text, markdown=False)]
    assert found == [
        "It happened in May.",
        *(line.strip() for line in block.split("\n")),
        "Nothing more is known of it.",
    ]


@given(WORDS, st.integers(45, 90))
def test_a_wrapped_paragraph_is_one(words: list[str], width: int):
    """However wide it is; its last word is none that may be the mark of an item, as `a.` is."""
    paragraph = textwrap.wrap(f"Thus {' '.join(words)} indeed.", width)
    assert not are_lines(paragraph)
    assert join_wrapped("\n".join(paragraph)) == " ".join(paragraph)


@pytest.mark.parametrize(
    "text",
    [
        "The mill in the north of Orlo, built\nby Ida Sarn in the year of the flood,\nwas sold in May.",
        "- grain that is dry\n  and clean\n- grain that is wet",
        "Ida Sarn wrote the whole of the report on the mills of\nOrlo.",
        "Der Bericht sagt, dass jeder Balken der Mühle vor dem ersten Schnee und vor dem\n"
        "Winter ersetzt werden muss. Die Arbeiten kosten viel und dauern wohl elf\nWochen. Die Stadt zahlt.",
        "Name:    Ida Sarn\nMill:    North Hall\nPhone:   555 0101",
    ],
)
def test_ragged_paragraphs_and_items_are_no_verse(text: str):
    """Lines of them begin with small letters, or with nouns of German, or are items, or fields of one record."""
    assert not are_lines(text.split("\n"))


@pytest.mark.parametrize(
    "name", ["java.util.ArrayList", "#!/usr/bin/env python", "Object.<anonymous>", "mill.GrainError"]
)
def test_names_of_code_are_not_cut(name: str):
    """A point without a space after it ends no sentence there."""
    text = f"See {name} for more. It is short."
    assert [text[span.start : span.end] for span in split(text)] == [f"See {name} for more.", "It is short."]


def test_a_rule_and_the_key_of_a_text_end_their_lines():
    """Documents of YAML begin after a rule, and a text after its key."""
    text = "mill: north\n---\nabout: |\n  The mill grinds.\n  It stops at night.\n"
    found = [text[span.start : span.end] for span in split(text, markdown=False)]
    assert found == ["mill: north", "---", "about: |", "The mill grinds.", "It stops at night."]


def test_a_message_and_its_translation_are_one():
    """One without the other says nothing."""
    text = 'msgid "The sack is full."\nmsgstr "Sekken er full."\n\nmsgid "Stop"\nmsgstr "Stopp"\n'
    found = [text[span.start : span.end] for span in split(text, markdown=False)]
    assert found == text.strip().split("\n\n")


def test_a_macro_of_a_manual_is_one_line():
    """The point at its beginning ends no sentence."""
    text = ".SH NAME\ngrind \\- grinds corn\n"
    assert [text[span.start : span.end] for span in split(text, markdown=False)] == text.strip().split("\n")
