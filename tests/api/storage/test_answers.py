"""Answers are remembered as they were given, for their time, by their tenant alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.storage import Answers, Database, Feedback, GivenAnswer, NotStored, forget_documents
from tests.api.storage.conftest import Clock

DAY_S = 86_400


def given(name: str = "a", *documents: str) -> GivenAnswer:
    asked = {"question": f"What is {name} 😀?"}
    events = ({"type": "response.created", "sequence_number": 0},)
    return GivenAnswer(
        name, "response", "default", 5, asked, {"answer": name}, {"id": name}, events, frozenset(documents)
    )


@pytest.fixture
def answers(database: Database) -> Answers:
    return Answers(database, "", days=2)


def test_an_answer_is_remembered_as_it_was_given(answers: Answers) -> None:
    """With the ids of the documents in it."""
    for each in (given("a", "doc-1", "doc-2"), given("b")):
        answers.save(each)
        assert answers.get(each.id) == each
    with pytest.raises(NotStored):
        answers.get("c")


def test_another_tenant_has_no_such_answer(database: Database, answers: Answers) -> None:
    """It can neither read nor delete it, nor say something of it."""
    answers.save(given())
    other = Answers(database, "other", days=2)
    for attempt in (other.get, other.delete, lambda answer: other.add_feedback(Feedback("f", answer, 1))):
        with pytest.raises(NotStored):
            attempt("a")
    assert answers.get("a") == given()


def test_who_sees_some_groups_alone_sees_the_answers_from_these(database: Database) -> None:
    """Who sees all documents sees all answers."""
    everything = Answers(database, "", days=2)
    sales = Answers(database, "", days=2, groups=frozenset({"sales"}))
    both = Answers(database, "", days=2, groups=frozenset({"sales", "legal"}))
    for name, answers in (("a", everything), ("s", sales), ("b", both)):
        answers.save(given(name))
    for answers, seen in ((everything, "asb"), (sales, "s"), (both, "sb")):
        assert [name for name in "asb" if _has(answers, name)] == sorted(seen, key="asb".index)


def _has(answers: Answers, name: str) -> bool:
    try:
        return answers.get(name) == given(name)
    except NotStored:
        return False


def test_an_answer_is_forgotten_when_its_time_has_come(answers: Answers, database: Database, clock: Clock) -> None:
    """At once for a reader, and for good with the next one that is saved."""
    answers.save(given("a", "doc-1"))
    answers.add_feedback(Feedback("f", "a", 1, {"rating": "up"}))
    clock.seconds += 2 * DAY_S
    with pytest.raises(NotStored):
        answers.get("a")
    answers.save(given("b"))
    assert answers.feedback("a") == []
    assert forget_documents(database, "default", ["doc-1"]) == 0


def test_feedback_stays_with_its_answer(answers: Answers) -> None:
    """In the order in which it was given; it goes when the answer goes."""
    answers.save(given())
    said = [Feedback("f1", "a", 1, {"rating": "down", "sentence": 0}), Feedback("f2", "a", 2, {"comment": "Ünklar"})]
    for each in said:
        answers.add_feedback(each)
    assert answers.feedback("a") == said
    answers.delete("a")
    assert answers.feedback("a") == []


def test_answers_with_words_of_a_document_go_with_it(answers: Answers, database: Database, tmp_path: Path) -> None:
    """Those of all tenants; the others stay, and those from another collection that has the document too."""
    other = Answers(database, "other", days=2)
    answers.save(given("a", "doc-1", "doc-2"))
    answers.save(given("b", "doc-3"))
    other.save(given("c", "doc-2"))
    assert forget_documents(database, "elsewhere", ["doc-2"]) == 0
    assert forget_documents(database, "default", ["doc-2"]) == 2
    for tenant, name in ((answers, "a"), (other, "c")):
        with pytest.raises(NotStored):
            tenant.get(name)
    assert answers.get("b") == given("b", "doc-3")
