"""Markdown files: the text as it is, front matter as metadata and words, marks that change the meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.registry import default_registry
from ingest.parsers.text.markup import without_markup


def parse(text: str, name: str = "a.md") -> ParsedFile:
    return default_registry().parse(text.encode(), name)


def test_markdown_is_kept_as_it_is():
    """Marks of headings, emphasis and links stay; only carriage returns are taken out."""
    text = "# Setup\n\n*Plug* it [in](http://x.example/a_b).\n\n| a | b |\n| --- | --- |\n| ~5 | 10^6 |\n"
    assert parse(text.replace("\n", "\r\n")).pages[0].text == text
    assert parse("# Setup #\n\nText").title == "Setup"
    assert parse("Text --- only", "my_notes.md").title == "my notes"


def test_front_matter_is_metadata_and_words():
    """Lists, folded texts and nested values can be filtered by, and quoted; the title is the document's."""
    matter = (
        "---\ntitle: 'The: guide'\nowner: Platform team\ntags:\n  - ops\n  - db\nsummary: >\n  Restart needs\n"
        "  two people.\nauthor: {name: Ida, known: true}\nsince: 2019\n---\n"
    )
    parsed = parse(matter + "# Setup\n\nPlug it in.\n")
    assert parsed.title == "The: guide"
    assert parsed.metadata == {
        "owner": "Platform team", "tags": ("ops", "db"), "summary": "Restart needs two people.", "author.name": "Ida",
        "author.known": True, "since": 2019,
    }  # fmt: skip
    assert parsed.pages[0].text == (
        "- owner: Platform team\n- tags: ops, db\n- summary: Restart needs two people.\n- author.name: Ida\n"
        "- author.known: true\n- since: 2019\n\n# Setup\n\nPlug it in.\n"
    )


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.10", "1.10"), ("1.5", 1.5), ("007", "007"), ("2026-02-03", "2026-02-03"), ("'12'", "12"), ("12", 12),
        ("12345678901234567890", "12345678901234567890"), ("1e6", "1e6"), ("no", "no"), ("12:30", "12:30"),
        ("true", True),
    ],
)  # fmt: skip
def test_values_of_front_matter_are_as_they_are_written(written: str, value: object):
    """A version, a code and a date are not turned into numbers; what is a number can be compared as one."""
    parsed = parse(f"---\nv: {written}\n---\nText")
    assert parsed.metadata == {"v": value}
    assert parsed.pages[0].text == f"- v: {written.strip(chr(39))}\n\nText"


def test_front_matter_may_be_toml():
    """Between lines of plus signs."""
    parsed = parse('+++\ntitle = "Guide"\nversion = 1.10\ntags = ["a", "b"]\n+++\nText')
    assert parsed.title == "Guide"
    assert parsed.metadata == {"version": "1.10", "tags": ("a", "b")}


@pytest.mark.parametrize("matter", ["a: [unclosed", "a: b: c", "\t- x", "&a [*a, *b]"])
def test_front_matter_that_cannot_be_read_stays_and_is_told(matter: str):
    """Nothing is lost."""
    parsed = parse(f"---\n{matter}\n---\nText")
    assert matter in parsed.pages[0].text
    assert "front matter that cannot be read" in parsed.receipt.notes[0]


@pytest.mark.parametrize(
    "matter",
    [
        '{"owner": "Ida", "tags": ["a", "b"], "v": 1.10, "none": null}\n',
        '{\n  "owner": "Ida",\n  "tags": ["a", "b"],\n  "v": 1.10\n}\n\n',
        ';;;\n{"owner": "Ida", "tags": ["a", "b"], "v": 1.10}\n;;;\n',
        ';;;\n"owner": "Ida",\n"tags": ["a", "b"],\n"v": 1.10\n;;;\n',
        '---json\n{"owner": "Ida", "tags": ["a", "b"], "v": 1.10}\n---\n',
        '---toml\nowner = "Ida"\ntags = ["a", "b"]\nv = 1.10\n---\n',
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.mdx", "a.txt", "a.rst", "a.adoc", "a.qmd", "a.Rmd", "a.html"])
def test_front_matter_is_read_in_each_of_its_forms(matter: str, name: str):
    """JSON in braces or between rules, above each kind of text that people put it over."""
    parsed = parse(f"{matter}<p>Text</p>", name)
    assert parsed.metadata == {"owner": "Ida", "tags": ("a", "b"), "v": "1.10"}
    assert parsed.pages[0].text.startswith("- owner: Ida\n- tags: a, b\n- v: 1.10\n\n")
    assert parsed.pages[0].text.count("Ida") == 1


@pytest.mark.parametrize("text", ["{{< figure >}}\nWords.", '{"a"} is a set.', "{% raw %}\nWords.", '{"a": 1} is it.'])
def test_braces_alone_are_no_front_matter(text: str):
    """They may begin a text."""
    parsed = parse(text)
    assert parsed.pages[0].text == text
    assert parsed.metadata == {}


def test_an_entry_with_a_mistake_does_not_cost_the_others():
    """A text with a colon is a text; what cannot be read stays in the text, and the receipt says why."""
    parsed = parse(
        "---\ntitle: Pumps: a guide\nowner: Ida\ntags:\n  - a\n  - b\nplace: [Orlo, Sarn\n---\nText\n", "a.md"
    )
    assert parsed.title == "Pumps: a guide"
    assert parsed.metadata == {"owner": "Ida", "tags": ("a", "b")}
    assert parsed.pages[0].text == "- owner: Ida\n- tags: a, b\n\nplace: [Orlo, Sarn\nText\n"
    (note,) = parsed.receipt.notes
    assert note.startswith("front matter that cannot be read as YAML (")


def test_front_matter_without_end_is_bounded():
    """Anchors that repeat each other do not fill the memory."""
    lines = ["a0: &a0 [x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
    parsed = parse("---\n" + "\n".join(lines) + "\n---\nText")
    assert "only the first 1000 values" in parsed.receipt.notes[0]


@pytest.mark.parametrize("text", ["---\n\nWords.\n\n---\n\nMore.", "---\nWords alone.\n---\nMore.", "Words.\n---\n"])
def test_rules_are_no_front_matter(text: str):
    """Lines of dashes may also set parts of a text apart."""
    parsed = parse(text)
    assert "Words" in parsed.pages[0].text
    assert parsed.metadata == {}


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Costs ~~30~~ 45 euros", "Costs 45 euros"),
        ("Costs <del>30</del> <ins>45</ins> euros", "Costs <ins>45</ins> euros"),
        ("~~The old port.~~\n\nThe new one.", "\nThe new one."),
        ("- ~~gone~~\n    - ~~gone too~~\n- kept", "- kept"),
        ("A copy costs 25<sup>1</sup> euros", "A copy costs 25¹ euros"),
        ("10<sup>6</sup> of H<sub>2</sub>O", "10⁶ of H₂O"),
        ("x^2^ and H~2~O", "x² and H₂O"),
        (r"It has $3 \times 10^{6}$ cells, \(10^{-3}\) g", "It has 3 × 10⁶ cells, 10⁻³ g"),
        (r"$\frac{a + 1}{2}$ and $E = mc^2$ and $v_0$", "(a + 1)/2 and E = mc² and v₀"),
        (r"$\int_0^1 \sqrt{x}$", r"$\int_0^1 \sqrt{x}$"),
        ("between $5 and $6_000", "between $5 and $6_000"),
        ("`a ~~b~~` and ``x^2^``", "`a ~~b~~` and ``x^2^``"),
        ("```\n~~a~~ x^2^\n```", "```\n~~a~~ x^2^\n```"),
        ("    ~~code~~", "    ~~code~~"),
        ("about ~5 km and ~/home and 25[^1] euros", "about ~5 km and ~/home and 25[^1] euros"),
    ],
)
def test_marks_that_change_the_meaning_are_written_out(markdown: str, text: str):
    """Struck text goes, raised and lowered characters are such; code and what is not known stays."""
    assert without_markup(markdown)[0] == text


def test_comments_are_not_shown_and_entities_are_their_characters():
    """Comments are quoted in the receipt; in code both are what they are."""
    parsed = parse(
        "<!-- old: 55 -->\nIt costs 25&euro; &ndash; A&amp;B &#233; &nosuch;.\n\n```\n<!-- x --> &euro;\n```\n"
    )
    assert parsed.pages[0].text == "It costs 25€ – A&B é &nosuch;.\n\n```\n<!-- x --> &euro;\n```\n"
    assert parsed.receipt.skipped == ("1 comment(s) that are not shown: “old: 55”",)


def test_struck_text_is_told():
    """With its first words."""
    assert parse("The port is ~~6060~~ 7070.").receipt.skipped == ("1 struck passage(s): “6060”",)


@given(st.text(st.sampled_from("ab 1~^$\\_<>sup/del`\n-{}"), max_size=80))
def test_any_marks_are_read(text: str):
    """Whatever stands in a file, in time; without struck passages no letter is lost."""
    written, left_out = without_markup(text)
    if not left_out and "sup" not in text and "$" not in text and "\\" not in text:
        assert written.count("b") + written.count("ᵇ") == text.count("b")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("The <b>lock</b> is <span style='color: red'>shut</span>.", "The lock is shut."),
        ("<div align=center>\nThe lock opens at six.\n</div>\n", "\nThe lock opens at six.\n\n"),
        ("It rains.<br>\nIt snows.<BR/>It hails.", "It rains.\nIt snows.\nIt hails."),
        ("| a | b |\n| --- | --- |\n| x<br>y | z |", "| a | b |\n| --- | --- |\n| x y | z |"),
        ("<details><summary>Tolls</summary>\n\nA boat pays 9 euros.", "Tolls\n\nA boat pays 9 euros."),
        ("`<b>` and 3 <b and 5> 4, List<String>, <pier@example.org>", None),
        ("```\n<b>code</b>\n```", None),
    ],
)
def test_tags_that_set_how_words_look_go(markdown: str, text: str | None):
    """They are no words; code, comparisons, types and addresses are none of them."""
    assert without_markup(markdown)[0] == (markdown if text is None else text)
