"""Sentences: exact offsets, blocks, and streams that do not depend on how they are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import SentenceStream, split

PIECES = ["a", "B", "1", ". ", ".", " ", "\n", '"', "(", ")", "|", "-", "*", "```", "\n\n", "1. ", "e.g. ", "U.S. "]
PIECES += ["am ", "4. ", "Mai ", "Nr. ", "ul. ", "г. "]
PIECES += [
    ":\n",
    "\\[",
    "$$",
    "\\]",
    "\\frac",
    "$ 5 6\n",
    " = $ 5\n",
    "Fee: $ 5\n",
    "| --- |\n",
    "# ",
    "😀",
    "\r\n",
    "\u2028",
    "\x0b",
    "Foo",
    "bar",
    "é",
    "。",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=50)


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in split(text, language)]


def streamed(pieces: list[str]) -> list[str]:
    stream = SentenceStream()
    return [sentence for piece in pieces for sentence in stream.feed(piece)] + stream.finish()


@given(TEXTS)
def test_spans_are_ordered_trimmed_and_hold_every_visible_character(text: str) -> None:
    """Spans never overlap, never begin or end in whitespace, and only whitespace lies between them."""
    reached = 0
    for span in split(text):
        assert reached <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert not text[reached : span.start].strip()
        reached = span.end
    assert not text[reached:].strip()


@given(TEXTS, st.lists(st.integers(0, 60), max_size=8))
def test_a_stream_gives_the_same_sentences_however_it_is_cut(text: str, cuts: list[int]) -> None:
    """Tokens of any size, even single characters, release exactly what the whole text would."""
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    assert streamed(pieces) == streamed([text]) == streamed(list(text))


@given(TEXTS)
def test_a_stream_loses_nothing(text: str) -> None:
    """Joined, what a stream released holds every visible character in order."""
    assert "".join("".join(streamed([text])).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He paid $3.5 million. Then he left.", ["He paid $3.5 million.", "Then he left."]),
        ("Some fruit, e.g. apples, is red. Yes.", ["Some fruit, e.g. apples, is red.", "Yes."]),
        ("The U.S. Army came. J. R. Smith left.", ["The U.S. Army came.", "J. R. Smith left."]),
        ("Version 2.1.3 is out. See ERR-4107. Go.", ["Version 2.1.3 is out.", "See ERR-4107.", "Go."]),
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("It works. (See below.) Next one.", ["It works.", "(See below.)", "Next one."]),
        ("**Bold.** Next one.", ["**Bold.**", "Next one."]),
        ("It is approx. five. At 3 p.m. Monday he left.", ["It is approx. five.", "At 3 p.m. Monday he left."]),
        ("Said so.[1] And so on.[2]", ["Said so.[1]", "And so on.[2]"]),
        ("Mamma Mia! is old. Who is Mia? She is.", ["Mamma Mia! is old.", "Who is Mia?", "She is."]),
        ("Where Art Thou? is a film. Is it? it is.", ["Where Art Thou? is a film.", "Is it?", "it is."]),
        ("今天天气好。明天也好。", ["今天天气好。", "明天也好。"]),
    ],
)
def test_full_stops_that_end_no_sentence(text: str, expected: list[str]) -> None:
    """Abbreviations, decimals, initials, versions and quotes do not cut a sentence."""
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The deputy is Ms. Ida Brook of the east office.",
        "Der Markt beginnt am 7. März 2025 um acht.",
        "Die Frist endet am 3. 5. 2021 um zwölf.",
        "Das Labor liegt im 2. Obergeschoss.",
        "Nach Abs. 3 gilt das bzw. es gilt u. a. für Kinder, vgl. S. 14 und Nr. 6.",
        "Kaiser Karl IV. baute die Brücke in der Bahnhofstr. 5.",
        "Sklep jest przy ul. Krótka 8, tj. ok. 2 km stąd, zob. str. 9.",
        "Dat mag bijv. op zondag, zie blz. 4, zegt dhr. Bakker.",
        "Mme. Leroy et MM. Petit arrivent vers 3 h. après, voir chap. 2.",
        "La Sra. Gil vive en la Avda. Central 9, en EE. UU. desde 1990.",
        "Il sig. Conti e la dott. Neri leggono pag. 7.",
        "A Dra. Reis e o Eng. Sousa moram na Av. Central 9.",
        "Festen er den 9. juni 2024 på 2. sal, f.eks. i salen.",
        "Schůze je 4. května 2024 ve 3. patře, viz č. 5.",
        "Az ülés 2024. június 9. napján lesz a 2. emeleten.",
        "Kokous pidetään 9. kesäkuuta 2024, katso esim. s. 5.",
        "Дом стоит на ул. Садовая 9, см. стр. 7, в г. Тверь.",
        "Kitap, bkz. s. 7, 19. yüzyılda yazıldı.",
        "डॉ. वर्मा यहाँ काम करते हैं।",
    ],
)
def test_abbreviations_and_ordinals_of_other_languages_cut_no_sentence(sentence: str) -> None:
    """Whatever language is set: documents of several languages stand side by side."""
    assert sentences(f"{sentence} {sentence}") == [sentence, sentence]


@pytest.mark.parametrize(
    "text",
    [
        "I am 12. Tom is 9.",
        "Die Tür ist Nr. 5. Die Wand ist neu.",
        "He came at 4. May was warm.",
        "Es waren 12. Die anderen gingen.",
        "Основан в 1990 г. Сейчас там музей.",
        "It is like that in the USA. Dr. Fox left.",
        "It was built by Kim et al. The roof is new.",
        "Sie kam um drei usw. Danach ging sie.",
    ],
)
def test_full_stops_that_end_a_sentence_after_a_number_or_an_abbreviation(text: str) -> None:
    """What may be an abbreviation or an ordinal elsewhere is none here."""
    assert len(sentences(text)) == 2


def test_a_sentence_goes_on_over_a_wrapped_line() -> None:
    """A single line break inside a paragraph is only a space."""
    assert sentences("The engine was\nrebuilt in May. It ran.") == ["The engine was\nrebuilt in May.", "It ran."]


def test_a_calculation_ends_with_its_line() -> None:
    """However long the line is, if it ends with its result, and the next one may begin a sentence."""
    worked = "Average inventory = (inventory of 2021 + inventory of 2022) / 2 = ($1,420 million + $1,610 million) / 2"
    days = "Days of inventory = 365 * $1,515 million / $11,724 million = 47.17 days"
    text = f"{worked} = $1,515 million\n{days}\nThat is more than in 2021."
    assert sentences(text) == [f"{worked} = $1,515 million", days, "That is more than in 2021."]
    assert streamed(list(text)) == sentences(text)
    assert sentences(f"{worked}\n= $1,515 million") == [f"{worked}\n= $1,515 million"]


def test_a_drafted_line_with_a_figure_is_a_sentence() -> None:
    """However it is set; in a document it may be a part of a record."""
    lines = [
        "**Inventory (FY2021):** $1,420 million",
        "**Inventory (FY2022):** $1,610 million",
        "Margin: 12%",
        "Ratio: 2",
    ]
    assert streamed(["\n".join(lines)]) == lines
    assert streamed(list("\n".join(lines))) == lines
    assert sentences("Deposit: $5\nFee: $7") == ["Deposit: $5\nFee: $7"]


def test_the_steps_of_a_drafted_equation_are_one_sentence() -> None:
    """On lines that begin with an equals sign or with its name again; what comes after its result is another one."""
    for steps in (
        "Total = A + B\n= $30 + $12\n= $42",
        "Ratio = A / B\nRatio = $30 / $12\nRatio = 2.5",
        "**Ratio** = A / B\n**Ratio** ≈ $30 / $12",
    ):
        assert streamed([steps]) == streamed(list(steps)) == [steps]
    for apart in ("Ratio = $30 / $12 = 2.5\nRatio = 2.5", "Ratio = A / B\nRatios = $30 / $12", "Ratio = A / B\nRatio"):
        assert streamed([apart]) == streamed(list(apart)) == apart.split("\n")
    assert sentences("Ratio = A / B\nRatio = $30 / $12") == ["Ratio = A / B", "Ratio = $30 / $12"]


def test_list_markers_stay_with_their_items() -> None:
    """Every item begins a sentence, numbered or not, also inside one line."""
    assert sentences("- one. More.\n- two\n1. three\n   more") == ["- one.", "More.", "- two", "1. three\n   more"]
    assert sentences("1. First step. 2. Second step.") == ["1. First step.", "2. Second step."]


def test_tables_headings_and_code_are_sentences_of_their_own() -> None:
    """A table row is one sentence, Markdown or plain; so is a heading, and a whole block of code."""
    text = "# Sales\nAll in.\n| a | b |\n|---|---|\n| 1 | 2 |\nNet sales $ 94,836 $ 90,753\nTotal 69 66\n"
    text += "```py\nx = 1. \nY\n```\n"
    text += "End"
    assert sentences(text) == [
        "# Sales",
        "All in.",
        "| a | b |\n|---|---|",
        "| 1 | 2 |",
        "Net sales $ 94,836 $ 90,753",
        "Total 69 66",
        "```py\nx = 1. \nY\n```",
        "End",
    ]


def test_initials_before_wide_spaces_are_safe() -> None:
    """Unicode line separators after an initial are ordinary whitespace."""
    assert sentences("By A.\u2028 Smith") == ["By A.\u2028 Smith"]


def test_a_sentence_is_released_when_the_next_one_has_begun() -> None:
    """Not before: `U.S.` could go on."""
    stream = SentenceStream()
    assert stream.feed("It is in the U.S.") == []
    assert stream.feed(" Army. ") == []
    assert stream.feed("Next") == []
    assert stream.feed(" ") == ["It is in the U.S. Army."]
    assert stream.finish() == ["Next"]


def test_a_blank_line_a_heading_line_and_a_closed_fence_release_at_once() -> None:
    """Nothing that follows could change them."""
    stream = SentenceStream()
    assert stream.feed("Done.\n\n") == ["Done."]
    assert stream.feed("# Head\n") == ["# Head"]
    assert stream.feed("```\na. B.\n\nc\n") == []
    assert stream.feed("```\n") == ["```\na. B.\n\nc\n```"]


def test_an_open_quote_holds_its_sentence() -> None:
    """The closing quote decides where the sentence ends."""
    stream = SentenceStream()
    assert stream.feed('He said "Go. Run." ') == []
    assert stream.feed("Then he left. ") == ['He said "Go. Run."']
    assert stream.finish() == ["Then he left."]


@pytest.mark.parametrize("mark", ["¹", "¹,²", "⁽¹⁾", "[1]", " [1]", "*"])
def test_the_mark_of_a_footnote_stays_with_its_sentence(mark: str):
    """A mark after a full stop does not hide the end of the sentence, nor begin the next one."""
    text = f"The fee is 25 euros.{mark} The card is free."
    assert [text[span.start : span.end] for span in split(text)] == [f"The fee is 25 euros.{mark}", "The card is free."]


@pytest.mark.parametrize("word", ["in May", "and the ore", "to me", "about art", "very ill"])
def test_words_that_look_like_abbreviations_end_sentences(word: str) -> None:
    """Where a word with a capital letter follows."""
    text = f"It was {word}. Anna stayed."
    assert [text[span.start : span.end] for span in split(text)] == [f"It was {word}.", "Anna stayed."]


def test_a_displayed_formula_is_a_sentence() -> None:
    """With its marks, over several lines, up to a blank line where nothing ends it."""
    formula = "\\[\n\\frac{1. A}{2} = 0.5\n\\]"
    assert sentences(f"We have:\n{formula}\nIt is low.") == ["We have:", formula, "It is low."]
    assert sentences("$$\na = 1. B\n$$\n\nIt is low.") == ["$$\na = 1. B\n$$", "It is low."]
    assert sentences("\\[ a = 1.\\frac\n\nIt is. So.") == ["\\[ a = 1.\\frac", "It is.", "So."]
    assert sentences("Done.\n\\[x] One. Two.\n$$ cheap. Good.") == ["Done.", "\\[x] One.", "Two.", "$$ cheap.", "Good."]
    led_in = "For the nine months that ended on the last Friday of October:\n\\[ \\frac{1}{2} = 0.5 \\]"
    assert sentences(f"It is so. {led_in}\n\nIt is low.") == ["It is so.", led_in, "It is low."]
    stream = SentenceStream()
    assert stream.feed("It is so.\n\\[\na. B\n") == ["It is so."]
    assert stream.feed("\\]\n\n") == ["\\[\na. B\n\\]"]


def test_a_number_that_closes_a_bracket_begins_no_item() -> None:
    """Calculations in brackets end so; a list number stands behind no open bracket."""
    text = "The mean was $71 million (($84 million in 2022 + $58 million in 2020) / 2) [2]. Sales rose."
    assert [text[each.start : each.end] for each in split(text)] == [text[: text.index(" Sales")], "Sales rose."]
