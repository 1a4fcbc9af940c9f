"""The nightly job: golden questions in, metrics and an exit code out."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from eval.data.golden import GoldenQuestion, GoldenQuote, load_golden
from eval.metrics.faithfulness import METRICS, Floors, Outcome, grade, is_faithful, score
from eval.report.nightly import guarantee_of, run_nightly, run_nightly_command
from rag.errors import CollectionNotFound, DatasetError, ModelUnavailable
from rag.events import Event, Finished, Heartbeat
from rag.types import Answer, Evidence, Page, Verdict
from rag.verification.certificate import Certificate, Guarantee, Versions
from rag.verification.drift import FEWEST
from tests import ROOT

PAGE = "The logger stores 400 days of readings. The battery lasts twelve months. It weighs 1,200 grams."


class OnePage:
    """A store with one collection and one page."""

    def __init__(self, chunks: int = 1) -> None:
        self._chunks = chunks

    def has_collection(self, collection: str) -> bool:
        return collection == "manuals"

    def count(self, collection: str) -> int:
        return self._chunks

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None:
        return Page(1, PAGE) if (document_id, sha256, number) == ("d", "v1", 1) else None


class Prepared:
    """Gives prepared answers; for a question without one the language model is down."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = {answer.question: answer for answer in answers}

    async def answer(self, question: str, *, collection: str) -> AsyncGenerator[Event, None]:
        await asyncio.sleep(0)
        yield Heartbeat()
        if question not in self._answers:
            raise ModelUnavailable("the model is down")
        yield Finished(self._answers[question])


def quote(words: str, **changed: object) -> Evidence:
    start = PAGE.index(words)
    return replace(Evidence("d", "manual.txt", "v1", 1, start, start + len(words), words), **changed)


def sentence(text: str, *quotes: Evidence, support: float = 0.9) -> Verdict:
    return Verdict(text, support, supported=True, evidence=quotes)


def answer(question: str, *sentences: Verdict) -> Answer:
    reason = None if sentences else "nothing found"
    return Answer(question, sentences, (), (), reason=reason, model={"answerer": "prepared"})


STORES = "The logger stores 400 days of readings."
LASTS = "The battery lasts twelve months."
DAYS = GoldenQuestion("g1", "How many days?", True, ("400 days",), (GoldenQuote("manual.txt", "stores 400  days"),))
BATTERY = GoldenQuestion("g2", "How long?", True, ("12 months",), (GoldenQuote("manual.txt", LASTS),))
MOON = GoldenQuestion("g3", "Who owns the moon?", False)
GOOD = answer(DAYS.question, sentence(STORES, quote(STORES)))
NO_ANSWER = answer(MOON.question)


def page_text(evidence: Evidence) -> str | None:
    page = OnePage().page("manuals", evidence.document_id, evidence.sha256, evidence.page)
    return page.text if page else None


def metrics_of(question: GoldenQuestion, given: Answer | None) -> dict[str, float | None]:
    return score([grade(Outcome(question, given, "failed"), page_text)])


def test_a_right_answer_scores_one_everywhere():
    found = metrics_of(DAYS, GOOD)
    assert {name: value for name, value in found.items() if name not in ("support", "abstention")} == {
        name: 1.0 for name in METRICS if name not in ("support", "abstention")
    }
    assert found["support"] == 0.9


def test_what_nothing_bears_on_has_no_value_and_breaks_no_floor():
    """No unanswerable question was asked: abstention is unknown, neither 0 nor 1."""
    found = metrics_of(DAYS, GOOD)
    assert found["abstention"] is None
    assert Floors().broken(found) == []


@pytest.mark.parametrize(
    "changed",
    [{"start": 1}, {"quote": "The logger stores 500 days of readings."}, {"sha256": "v2"}, {"page": 2}, {"quote": ""}],
)
def test_a_quote_must_be_the_stored_page_at_its_offsets(changed):
    """A quote whose words, offsets, version or page differ from the store makes its sentence unfaithful."""
    found = metrics_of(DAYS, answer(DAYS.question, sentence(STORES, quote(STORES, **changed))))
    assert (found["faithfulness"], found["quotes_exact"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "faithful"),
    [
        ("It stores 400 days of readings.", True),
        ("It stores 4000 days of readings.", False),
        ("It stores 40 days of readings.", False),
        ("1. It stores 400 days of readings.", True),
        ("The battery lasts 12 months.", True),
        ("It weighs 1200 grams and stores 400 days.", True),
        ("It weighs 1.2 grams.", False),
        ("It stores readings.", True),
    ],
)
def test_every_number_of_a_sentence_must_be_in_its_quotes(text, faithful):
    """Number words and thousands separators read alike; a list marker is no number; nothing is rounded."""
    assert is_faithful(sentence(text, quote(PAGE)), page_text) == faithful


def test_a_sentence_without_a_quote_is_not_faithful():
    assert not is_faithful(sentence("It stores readings."), page_text)


def test_grading_does_not_trust_the_verifier():
    """A sentence that the verifier was sure of counts by its quotes; the verifier's support is told apart."""
    found = metrics_of(DAYS, answer(DAYS.question, sentence("It stores 9 days.", quote(STORES), support=1.0)))
    assert (found["faithfulness"], found["support"]) == (0.0, 1.0)


def test_citation_precision_and_recall_compare_quotes_with_the_golden_ones():
    """One of two quotes is golden, and the one golden quote is covered; white space does not matter."""
    found = metrics_of(DAYS, answer(DAYS.question, sentence("400 days.", quote(STORES), quote(LASTS))))
    assert (found["citation_precision"], found["citation_recall"]) == (0.5, 1.0)


def test_a_quote_of_another_file_covers_nothing():
    found = metrics_of(DAYS, answer(DAYS.question, sentence(STORES, quote(STORES, filename="other.txt"))))
    assert (found["citation_precision"], found["citation_recall"]) == (0.0, 0.0)


def test_a_right_answer_contains_every_required_text():
    """Case and white space do not matter."""
    right = answer(DAYS.question, sentence("It is 400\n  DAYS.", quote(STORES)))
    assert metrics_of(DAYS, right)["correctness"] == 1.0
    assert metrics_of(replace(DAYS, must_include=("400 days", "readings")), right)["correctness"] == 0.0


def test_an_abstention_is_right_only_where_the_documents_do_not_answer():
    assert metrics_of(MOON, NO_ANSWER)["abstention"] == 1.0
    assert metrics_of(MOON, replace(GOOD, question=MOON.question))["abstention"] == 0.0
    silent = metrics_of(DAYS, answer(DAYS.question))
    assert (silent["answered"], silent["correctness"], silent["citation_recall"]) == (0.0, 0.0, 0.0)
    assert metrics_of(replace(DAYS, must_include=()), answer(DAYS.question))["correctness"] == 0.0


@pytest.mark.parametrize("question", [DAYS, MOON])
def test_a_failed_question_counts_as_zero_wherever_it_would_have_counted(question):
    found = metrics_of(question, None)
    elsewhere = {"abstention"} if question.answerable else {"answered", "correctness"}
    elsewhere |= set() if question.answerable else {"citation_precision", "citation_recall"}
    assert found == {name: None if name in elsewhere else 0.0 for name in METRICS}


def test_the_report_names_broken_floors_and_what_is_wrong_with_each_answer():
    wrong = answer(BATTERY.question, sentence("It lasts 13 months.", quote(LASTS)))
    report = run_nightly([DAYS, BATTERY, MOON], Prepared(GOOD, wrong), OnePage(), "manuals", Floors())
    told = report.as_json()
    assert told["questions"] == 3
    assert {"faithfulness", "abstention"} <= set(told["broken"])
    assert told["model"] == {"answerer": "prepared"}
    assert [(failure["id"], failure["what"]) for failure in told["failures"]] == [
        ("g2", "not faithful (numbers 13): It lasts 13 months."),
        ("g2", "the answer lacks '12 months': It lasts 13 months."),
        ("g3", "failed: the model is down"),
    ]
    assert list(told) == ["questions", "metrics", "floors", "broken", "failures", "model", "guarantee"]


def test_an_answer_given_without_the_language_model_is_told():
    """The service goes on without its language model; the night must not pass over that in silence."""
    degraded = replace(GOOD, model={"failure": "connection refused"})
    report = run_nightly([DAYS], Prepared(degraded), OnePage(), "manuals", Floors())
    assert report.failures == ((DAYS, "answered without the language model: connection refused"),)


def test_a_metric_at_its_floor_passes():
    floors = Floors(answered=0.5, correctness=0.5, citation_recall=0.5)
    report = run_nightly([DAYS, BATTERY], Prepared(GOOD, answer(BATTERY.question)), OnePage(), "manuals", floors)
    assert (report.metrics["answered"], report.broken) == (0.5, [])


def test_an_unknown_or_empty_collection_cannot_be_graded():
    with pytest.raises(CollectionNotFound, match="footnote ingest"):
        run_nightly([DAYS], Prepared(GOOD), OnePage(), "other", Floors())
    with pytest.raises(DatasetError, match="empty"):
        run_nightly([DAYS], Prepared(GOOD), OnePage(chunks=0), "manuals", Floors())


def test_the_command_exits_with_2_and_says_why_when_it_cannot_run(tmp_path, monkeypatch, capsys):
    """An unreadable golden file, a wrong setting: one line on stderr, nothing on stdout."""
    assert run_nightly_command(tmp_path / "none.jsonl", None, as_json=True) == 2
    golden = tmp_path / "golden.jsonl"
    golden.write_text('{"id": "a", "question": "Why?", "answerable": false}\n')
    monkeypatch.setenv("FOOTNOTE_TOP_K", "abc")
    assert run_nightly_command(golden, None, as_json=True) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "none.jsonl" in told.err
    assert "FOOTNOTE_TOP_K" in told.err


GOLDEN = {"id": "g1", "question": "How many?", "evidence": [{"filename": "a.txt", "quote": "Ten."}]}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        (json.dumps({**GOLDEN, "question": " "}), "'question'"),
        (json.dumps({**GOLDEN, "answerable": "yes"}), "'answerable'"),
        (json.dumps({**GOLDEN, "answerable": False}), "must not have"),
        (json.dumps({**GOLDEN, "evidence": []}), "at least one quote"),
        (json.dumps({**GOLDEN, "evidence": ["Ten."]}), "'evidence'"),
        (json.dumps({**GOLDEN, "must_include": [10]}), "'must_include'"),
    ],
)
def test_a_malformed_golden_file_names_its_line(tmp_path, line, says):
    path = tmp_path / "golden.jsonl"
    path.write_text(json.dumps(GOLDEN) + "\n\n" + line + "\n")
    with pytest.raises(DatasetError, match=r"golden\.jsonl, line 3") as raised:
        load_golden(path)
    assert says in str(raised.value)


def test_a_golden_file_needs_questions_with_ids_of_their_own(tmp_path):
    path = tmp_path / "golden.jsonl"
    path.write_text("\n")
    with pytest.raises(DatasetError, match="no question"):
        load_golden(path)
    path.write_text(2 * (json.dumps(GOLDEN) + "\n"))
    with pytest.raises(DatasetError, match="same id"):
        load_golden(path)


def test_the_shipped_golden_questions_can_be_loaded():
    questions = load_golden(ROOT / "examples/golden.jsonl")
    assert {question.answerable for question in questions} == {True, False}


def test_the_report_shows_the_certificate_and_the_drift():
    """Without a certificate there is nothing to show; with one, its state and what was verified during the run."""
    versions = Versions("none", "p", "v", "e", "r")
    certificate = Certificate(0.6, 0.05, 0.9, 0.04, 300, 150, 2, "ab" * 32, "2026-01-31", versions, (0.1, 0.5, 0.9))
    held = Guarantee(certificate, versions)
    for _ in range(FEWEST):
        held.watch(0.001)
    shown = guarantee_of(held)
    assert (shown["id"], shown["state"], shown["drift"]["live"]) == (certificate.id, "valid", FEWEST)
    void = guarantee_of(Guarantee(certificate, replace(versions, llm="other")))
    assert (void["state"], void["changed"], void["drift"]) == ("void", ["llm"], None)
    assert guarantee_of(Guarantee(None, versions)) is None
