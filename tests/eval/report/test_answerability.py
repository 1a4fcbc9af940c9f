"""Judging and fitting answerability: files are read, metrics are right, and the fit is the same every time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from eval.cli import app
from eval.fit.answerability import cross_validated, fit, fit_file, made_rows, rows_of, together, with_a_foreign_word
from eval.report.answerability import (
    AskedOfPassages,
    Measured,
    abstention,
    as_lines,
    aurc,
    load_questions,
    measure_all,
    passages_as_hits,
    report,
    risk_coverage,
    risks,
)
from rag.answers.answerability import VECTORS, load_answerability
from rag.errors import DatasetError
from rag.types import Hit
from tests.fakes.core import HashEmbedder, hit

ROW = {"id": "a", "question": "what is it", "answerable": 1, "passages": [{"title": "T", "text": "It is a test."}]}
TURNS = {
    "id": "b",
    "turns": [
        {"speaker": "user", "text": "First?"},
        {"speaker": "agent", "text": "Yes."},
        {"speaker": "user", "text": "And?"},
    ],
    "contexts": [{"title": "T", "text": "Words."}, {"text": "More."}],
    "answerable": ["PARTIAL"],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8"
    )
    return path


def test_both_formats_are_read(tmp_path: Path) -> None:
    """ClapNQ's rows, and MTRAG's, whose question is the last turn of the user; a title may be missing."""
    found = load_questions(write(tmp_path / "q.jsonl", ROW, TURNS))
    assert found == [
        AskedOfPassages("a", "what is it", True, (("T", "It is a test."),)),
        AskedOfPassages("b", "And?", True, (("T", "Words."), ("", "More."))),
    ]


@pytest.mark.parametrize(
    ("kind", "answerable"),
    [("ANSWERABLE", True), ("PARTIAL", True), ("UNDERSPECIFIED", False), ("UNANSWERABLE", False)],
)
def test_answered_in_part_counts_as_answerable(tmp_path: Path, kind: str, answerable: bool) -> None:
    """Underspecified does not: it should be asked back, not answered."""
    (found,) = load_questions(write(tmp_path / "q.jsonl", TURNS | {"answerable": [kind]}))
    assert found.answerable is answerable


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '{"id": "a"}',
        json.dumps(ROW | {"answerable": 2}),
        json.dumps(TURNS | {"turns": [{"speaker": "agent"}]}),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    """The error leads to the place."""
    with pytest.raises(DatasetError, match=r"q\.jsonl, line 2: "):
        load_questions(write(tmp_path / "q.jsonl", ROW, line))


def test_the_halves_part_the_file(tmp_path: Path) -> None:
    """Every question is in one half, by its id alone, and both halves occur."""
    path = write(tmp_path / "q.jsonl", *(ROW | {"id": str(number)} for number in range(40)))
    fitting, reporting = load_questions(path, "fitting"), load_questions(path, "reporting")
    assert fitting
    assert reporting
    assert sorted(each.id for each in fitting + reporting) == sorted(each.id for each in load_questions(path))


def test_passages_become_hits_with_cosines_best_first() -> None:
    """Long passages are cut; a question without passages has no hits."""
    asked = [
        AskedOfPassages(
            "a", "river gauge", True, (("", "Of lakes and hills. " * 60), ("", "The river gauge is here."))
        ),
        AskedOfPassages("b", "river", False, ()),
    ]
    first, second = passages_as_hits(asked, HashEmbedder())
    assert len(first) > 2
    assert first[0].chunk.text == "The river gauge is here."
    assert [hit.scores["dense"] for hit in first] == sorted((hit.score for hit in first), reverse=True)
    assert second == []


labelled = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


@given(labelled)
@settings(deadline=None)
def test_the_risk_of_answering_everything_is_the_share_of_unanswerable(rows: list[tuple[bool, int]]) -> None:
    """The curve ends there whatever the scores, and with equal scores it is flat."""
    labels, scores = [label for label, _ in rows], [float(score) for _, score in rows]
    share = labels.count(False) / len(labels)
    assert risks(labels, scores)[-1] == pytest.approx(share)
    assert risks(labels, [1.0] * len(labels)) == pytest.approx([share] * len(labels))
    assert aurc(labels, [float(label) for label in labels]) <= aurc(labels, scores) + 1e-9


def test_a_small_case_by_hand() -> None:
    """Four questions, one of them wrongly sure: every figure can be counted."""
    labels, scores = [True, False, True, False], [0.9, 0.8, 0.6, 0.1]
    assert risks(labels, scores) == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc(labels, scores) == pytest.approx(1 / 3)
    assert abstention(labels, scores, 0.7) == {"precision": 0.5, "recall": 0.5, "answerable_answered": 0.5}
    assert abstention(labels, scores, 0.0)["precision"] is None
    assert [point["risk"] for point in risk_coverage(labels, scores)][-1] == 0.5


def test_the_report_has_every_figure_and_its_floors() -> None:
    """AUROC, abstention, the curve and AURC, against `top score` and `always answer`."""
    measured = [Measured(label, p, t, 1.0) for label, p, t in ((True, 0.9, 0.2), (False, 0.1, 0.3), (True, 0.7, 0.4))]
    found = report(measured, 0.5)
    assert (found["n"], found["answerable"], found["auroc"]) == (3, 2, 1.0)
    assert found["abstention"] == {"precision": 1.0, "recall": 1.0, "answerable_answered": 1.0}
    assert found["baselines"]["top_score"]["auroc"] == 0.5
    assert found["baselines"]["always_answer"] == {"auroc": 0.5, "aurc": 0.3333, "precision": None, "recall": 0.0}
    assert len(found["risk_coverage"]) == 10
    assert json.loads(json.dumps(found)) == found
    assert "AUROC 1.000" in "\n".join(as_lines(found))


def test_one_label_cannot_be_judged() -> None:
    """All answerable says nothing."""
    with pytest.raises(DatasetError, match="both answerable and unanswerable"):
        report([Measured(True, 0.5, 0.5, 1.0)], 0.5)


def made(number: int) -> tuple[AskedOfPassages, list[Hit]]:
    """A question about a thing, with a passage about it or about something else."""
    answerable = number % 2 == 0
    text = f"Thing {number} is blue. It stands in hall {number}." if answerable else "The canteen is closed on Sundays."
    asked = AskedOfPassages(str(number), f"where does thing {number} stand", answerable, (("", text),))
    return asked, passages_as_hits([asked], HashEmbedder())[0]


@pytest.mark.slow
def test_the_fit_learns_and_is_the_same_every_time(tmp_path: Path) -> None:
    """The file that is written is the file that is read; what it was fitted on is in it."""
    asked, hits = zip(*(made(number) for number in range(60)), strict=True)
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    told = fit_file(asked, hits, first)
    assert "AUROC 1.000" in told
    fit_file(asked, hits, second)
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_text(encoding="utf-8"))["fitted_on"] == 60
    measured = measure_all(asked, hits, load_answerability(vectors=True, path=first))
    assert report(measured, 0.5)["auroc"] == 1.0


def test_one_label_cannot_be_fitted() -> None:
    """The error says what is lacking."""
    with pytest.raises(DatasetError, match="both answerable and unanswerable"):
        fit([[0.1], [0.2]], [True, True], [None, None], ["density"])


def test_cross_validation_judges_what_it_did_not_see() -> None:
    """Labels that hang on nothing are not learnt: a row of noise scores near a half."""
    noise: Sequence[Sequence[float]] = [[(number * 7919 % 101) / 101] for number in range(100)]
    assert 0.3 < cross_validated(noise, [number % 2 == 0 for number in range(100)], [None] * 100) < 0.7


def test_an_unanswerable_question_is_made_of_an_answerable_one() -> None:
    """The most telling word that the passage has, and the title has not, becomes one that stands nowhere."""
    found = hit("The Ouzel weighs 840 grams and is blue.")
    titled = Hit(replace(found.chunk, title="Ouzel"), found.scores)
    assert with_a_foreign_word("what does the ouzel weigh", titled) == ["ouzel", "\0"]
    assert with_a_foreign_word("who sells the ouzel abroad", titled) == ["sell", "\0", "abroad"]
    assert with_a_foreign_word("the ouzel", titled) is None
    assert with_a_foreign_word("where are red rivers", titled) is None


def test_made_rows_have_less_of_the_words_and_the_same_cosine() -> None:
    """One for each answerable question, none for the others."""
    asked, hits = zip(*(made(number) for number in range(4)), strict=True)
    real, changed = rows_of(asked, hits, VECTORS), made_rows(asked, hits, VECTORS)
    assert [row is None for row in changed] == [False, True, False, True]
    for row, other in zip(real, changed, strict=True):
        assert other is None or (other[0] < row[0] and other[1] < row[1] and other[2] == row[2])
    rows, labels = together(real, [True, False, True, False], changed)
    assert labels == [True, False, True, False, False, False]
    assert len(rows) == 6


@pytest.mark.slow
def test_the_command_prints_the_report(tmp_path: Path) -> None:
    """One JSON object with `--json`, words without; only the half that was asked for counts."""
    rows = [ROW | {"id": str(number), "answerable": number % 2} for number in range(20)]
    path = write(tmp_path / "q.jsonl", *rows)
    found = CliRunner().invoke(app, ["answerability", str(path), "--json", "--half", "fitting"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.output)["n"] == len(load_questions(path, "fitting"))
    told = CliRunner().invoke(app, ["answerability", str(path)])
    assert "20 questions, 10 of them answerable" in told.output
