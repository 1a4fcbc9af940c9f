"""What is told of the documents where no language model writes."""

import pytest

from rag.answers.extractive import ANOTHER_THING, NOT_ANSWERED, UNCLEAR, Extract, ExtractiveAnswerer
from rag.answers.relevance import Relevance
from rag.evidence.finder import EvidenceFinder
from rag.types import Hit
from tests.fakes.core import HashEmbedder, hit

COURSES = hit(
    "# Handbook\n\n## Training\n\nThe welding course is held in May.\nThe fire drill is held in September.\n"
    "The forklift course is held in November.\nThe language course is held in January.\n"
    "The safety briefing is held every month.\nThe data course is held in June.\n\n## Leave\n\nLeave is 25 days.",
    "staff.md",
)
STATEMENT = hit(
    "CONDENSED STATEMENTS (In millions, except per-share amounts)\n"
    "| | Three Months Ended June 25, 2022 | Three Months Ended June 26, 2021 |\n| --- | --- | --- |\n"
    "| Net sales: | | |\n| Products | $ 63,355 | $ 63,948 |\n| Earnings per share | $ 1.20 | $ 1.30 |",
    "report.pdf",
)


def extract(question: str, *hits: Hit, threshold: float = 0.35) -> Extract:
    pool = EvidenceFinder(HashEmbedder()).pool(list(hits))
    return ExtractiveAnswerer(threshold=threshold).answer([question], pool)


def told(question: str, *hits: Hit) -> list[str]:
    return [verdict.text for verdict in extract(question, *hits).verdicts]


def test_a_list_is_told_whole() -> None:
    """All sentences of the section that the question names, and none of another."""
    found = told("List all training courses.", COURSES)
    assert len(found) == 6
    assert not any("Leave" in each for each in found)


def test_a_cell_is_told_as_a_person_would() -> None:
    """What it is of, its section, its column, and the scale of its table; the footnote has the row as it stands."""
    found = extract("What were net sales of products in the three months ended June 25, 2022?", STATEMENT)
    assert found.verdicts[0].text == "Net sales: Products, Three Months Ended June 25, 2022: $63,355 million"
    row, header = found.verdicts[0].evidence
    assert row.quote.strip("| ").startswith("Products")
    assert "Three Months Ended June 25, 2022" in header.quote
    assert all(STATEMENT.chunk.text[each.start : each.end] == each.quote for each in (row, header))


def test_a_scale_is_not_given_to_what_it_excepts() -> None:
    """Earnings per share are no millions."""
    (text,) = told("What were earnings per share in the three months ended June 26, 2021?", STATEMENT)
    assert text.endswith("Three Months Ended June 26, 2021: $1.30")


def test_the_header_of_a_table_is_no_answer() -> None:
    """Neither is its rule; rows are."""
    table = hit("| Room | Season | Price |\n| --- | --- | --- |\n| Single | Winter | 60 |", "rooms.md")
    assert told("What is the price of a room by season?", table) == ["Single, Season: Winter; Price: 60"]
    assert told("What is the price of a single room in winter?", table) == ["Single, Season: Winter; Price: 60"]


def test_a_refusal_says_what_was_missing() -> None:
    """That the passages are about another thing, or which name stands nowhere in them."""
    lift = hit("The maximum load of lift A is 900 kg.", "lift.md")
    assert extract("What is the maximum load of lift B?", lift).reason == ANOTHER_THING
    leave = hit("Employees in Sarn have 25 days of leave a year.", "staff.md")
    reason = extract("How many days of leave do employees in Orlo have?", leave).reason or ""
    assert reason.startswith((ANOTHER_THING, NOT_ANSWERED))
    assert reason.endswith("none of them speaks of Orlo")


def test_a_question_in_chinese_is_answered_by_its_own_words() -> None:
    """Words that only ask do not count against a sentence that does not have them."""
    page = hit("仓库的备用钥匙在三号柜里。保修期为十八个月。每周一早上八点盘点。", "a.txt")
    pool = EvidenceFinder().pool([page])
    found = ExtractiveAnswerer(threshold=0.62).answer(["保修期是多久？"], pool)
    assert [verdict.text for verdict in found.verdicts] == ["保修期为十八个月。"]


def test_who_does_a_thing_is_found_by_what_is_done() -> None:
    """A founder is who founded; where a sentence has the noun, that is meant."""
    school = hit("# School\n\nDunmore school was founded by Clara Voss.", "school.md")
    assert told("Give me the founder of Dunmore school.", school) == ["Dunmore school was founded by Clara Voss."]


@pytest.mark.parametrize(("count", "note"), [(9, ""), (33, "3 more sentences answer as well")])
def test_a_total_that_no_sentence_tells_has_all_of_its_parts(count: int, note: str) -> None:
    """Nobody takes a few payments for all of them: where some are left out, a note says how many."""
    text = "\n".join(f"On day {day} the club paid {day}0 euros to Orlen Garage." for day in range(1, count + 1))
    found = extract("What is the total paid to Orlen Garage?", hit(text, "notes.txt"))
    assert len(found.verdicts) == min(count, 30)
    assert [each.partition(";")[0] for each in found.notes] == ([note] if note else [])


def test_an_extreme_among_more_sentences_than_are_told_says_so() -> None:
    """The largest may be among the others."""
    text = "\n".join(f"On day {day} the club paid {day}0 euros to Orlen Garage." for day in range(1, 10))
    (note,) = extract("What is the largest sum that the club paid to Orlen Garage?", hit(text, "notes.txt")).notes
    assert "more sentences answer as well" in note


def test_a_comment_answers_and_a_heading_does_not() -> None:
    """After `#` stands a heading in Markdown and a comment in all other texts; its mark is not told."""
    text = "# The night batch starts at 01:15.\n\nIt copies every ledger.\n"
    question = "When does the night batch start?"
    comment = hit(text, "batch.conf", markdown=False)
    (verdict,) = extract(question, comment).verdicts
    assert verdict.text == verdict.evidence[0].quote == "The night batch starts at 01:15."
    assert told(question, hit(text, "batch.md")) == []


def test_a_wrapped_comment_is_told_without_its_marks() -> None:
    """The footnote has the words as they stand."""
    text = "// A parcel is returned to its sender when nobody has fetched it from the\n// counter within nine days.\n"
    (verdict,) = extract("When is a parcel returned to its sender?", hit(text, "Parcel.java", markdown=False)).verdicts
    assert verdict.text.endswith("from the counter within nine days.")
    assert verdict.evidence[0].quote == text[3:-1]


FARM = hit(
    "Carts leave every 40 minutes. The anvil weighs 80 kg. The dairy belongs to Mara Tolk. The old barn is 30 m long. "
    "The deputy steward is Lio Sand. The silo is 12 metres high. The well was dug by hand.",
    "farm.txt",
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How often do carts leave?", "Carts leave every 40 minutes."),
        ("How heavy is the anvil?", "The anvil weighs 80 kg."),
        ("Who owns the dairy?", "The dairy belongs to Mara Tolk."),
        ("How tall is the silo?", "The silo is 12 metres high."),
    ],
)
def test_a_fact_said_in_other_words_than_it_is_asked_for(question: str, answer: str) -> None:
    """However high the threshold is: the sentence says all that is asked."""
    assert [each.text for each in extract(question, FARM, threshold=0.9).verdicts] == [answer]
    pool = EvidenceFinder(HashEmbedder()).pool([FARM])
    assert [each.text for each in ExtractiveAnswerer(threshold=0.9).certain([question], pool).verdicts] == [answer]


@pytest.mark.parametrize(
    "question",
    [
        "Who is the steward?",
        "How long is the new barn?",
        "How wide is the silo?",
        "Who dug the well?",
        "Where is the anvil?",
        "When do the tours leave?",
    ],
)
def test_a_sentence_about_the_thing_that_does_not_tell_the_fact_is_no_answer(question: str) -> None:
    """Nor is one about another thing of the kind."""
    assert told(question, FARM) == []


def test_a_person_who_is_not_named_is_not_guessed() -> None:
    """The question is refused, however well a sentence fits."""
    staff = hit("Lio Sand joined the mill in 2011. The mill was sold in 2019.", "staff.txt")
    assert extract("When did he join the mill?", staff).reason == UNCLEAR
    assert told("When did Lio Sand join the mill?", staff) == ["Lio Sand joined the mill in 2011."]


def test_a_record_answers_with_all_of_its_fields() -> None:
    """Whatever its last field is; another record that ends in a figure is no better for that."""
    text = "level: ERROR\nmsg: Pump 4 stopped\nplace: north hall\n\nlevel: INFO\nmsg: Pump 4 restarted\nattempt: 2"
    assert told("Which pump stopped?", hit(text, "pumps.json"))[0].startswith("level: ERROR msg: Pump 4 stopped")


def test_figures_of_a_record_are_no_row_of_their_own() -> None:
    """A number in two groups belongs to the record over it."""
    text = "Name: Ida Sarn\nPlace: 14 Harbour Street, Orlo\nPhone: 555 0101\n\nDear Sven, all is well in Orlo."
    (answer,) = told("What is the phone number of Ida Sarn?", hit(text, "ida.txt", markdown=False))
    assert answer.endswith("Phone: 555 0101")


def test_a_key_of_configuration_answers_with_its_value() -> None:
    """However short it is."""
    assert told("What is the number of replicas?", hit("# Mill\nreplicas: 3\n", "mill.yaml", markdown=False)) == [
        "replicas: 3"
    ]


BARNS = hit(
    "The east barn opens at 7:30, and the west barn closes at 18:00. "
    "The old mill weighs 9 tonnes; the new mill runs on gas.",
    "barns.txt",
)


@pytest.mark.parametrize(
    "question", ["When does the east barn close?", "When does the west barn open?", "How heavy is the new mill?"]
)
def test_what_a_sentence_says_of_another_thing_is_no_answer(question: str) -> None:
    """Though all words of the question are in it."""
    assert told(question, BARNS) == []


def test_each_clause_answers_for_its_thing() -> None:
    """With the whole sentence."""
    assert told("When does the west barn close?", BARNS)[0].startswith("The east barn opens at 7:30")
    assert told("How heavy is the old mill?", BARNS)[0].startswith("The old mill weighs 9 tonnes")


def test_a_diff_keeps_its_signs() -> None:
    """What was removed is told as removed."""
    text = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-upload_limit_mb = 100\n+upload_limit_mb = 250\n- upload_mb = 9\n"
    found = told("What is the upload limit in mb?", hit(text, "x.diff", markdown=False))
    assert all(each.startswith(("-", "+")) for each in found)


def test_a_call_of_a_stack_trace_is_no_answer() -> None:
    """It names a place in the code, and says nothing."""
    text = "at org.mill.Mill.grind(Mill.java:12)\nat org.mill.Hopper.of(Hopper.java:77)\n"
    assert told("What does the mill grind in the hopper?", hit(text, "mill.log", markdown=False)) == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [("How much do seniors pay?", "Seniors pay £7."), ("How many people were injured?", "Nobody was injured.")],
)
def test_a_sentence_of_three_words_answers(question: str, answer: str) -> None:
    """It is no fragment: it begins with a capital letter and ends with a full stop."""
    assert told(question, hit(f"The walk is held in the park. {answer} The bus leaves at noon.", "walk.txt")) == [
        answer
    ]


def test_what_happens_is_no_word_of_the_answer() -> None:
    """The sentence says all of the rest."""
    pool = EvidenceFinder(HashEmbedder()).pool([hit("When the belt slips, the drive stops with code E4.")])
    assert Relevance("What happens when the belt slips?", pool).says_all(0)


def test_a_pronoun_that_is_explained_is_clear() -> None:
    """A ship may be a `her`."""
    alder = hit("Captain Moe commands the Alder.")
    assert told("Who commands her (the Alder)?", alder) == ["Captain Moe commands the Alder."]


DEPTHS = """# Harbour depths

| Pier | High depth, m | Low depth, m |
| --- | --- | --- |
| North pier | 6.1 | 4.2 |
| South pier | | 3.9 |
| East pier | 5.8 | n/a |
"""


@pytest.mark.parametrize(
    "question", ["What is the high depth at the south pier?", "What is the low depth of East pier?"]
)
def test_an_empty_cell_is_not_answered_by_its_neighbour(question: str) -> None:
    """Nor by the cell of another row."""
    assert "pier" not in " ".join(told(question, hit(DEPTHS)))


def test_cells_beside_an_empty_one_are_told() -> None:
    """Of the same row and of others."""
    assert "3.9" in " ".join(told("What is the low depth at the south pier?", hit(DEPTHS)))
    assert "5.8" in " ".join(told("What is the high depth at the east pier?", hit(DEPTHS)))
