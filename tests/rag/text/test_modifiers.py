"""Things of one kind are told apart by the words before the noun."""

import pytest

from rag.text import AskedThing, Kinds


def is_another(question: str, sentence: str, *others: str, before: str = "", place: str = "") -> bool:
    asked = AskedThing(question)
    return asked.is_another(sentence, before, place, Kinds.of((before, sentence, *others), asked.heads))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How long is the new pier?", "The old pier is 80 m long."),
        ("Where is the blue valve?", "The yellow valve is in the pit."),
        ("Who is the treasurer?", "The deputy treasurer is Mara Tolk."),
        ("Who is the editor?", "Lio Sand is the assistant editor."),
        ("When does the south gate close?", "The north gate closes at 6 pm."),
        ("How much is the large pot?", "The small pot is 4 euros."),
    ],
)
def test_the_other_one_is_another(question: str, sentence: str) -> None:
    """Where the words are opposites, or make another role."""
    assert is_another(question, sentence)
    assert not is_another(sentence, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How long is the new pier?", "The pier is 80 m long."),
        ("How long is the pier?", "The old pier is 80 m long."),
        ("What is the phone number of the mill?", "The telephone number of the mill is 555-0188."),
        ("Who is the head gardener?", "The gardener is Lio Sand."),
        ("How big is the guest room?", "The rooms of guests have 20 m²."),
    ],
)
def test_the_only_one_is_no_other(question: str, sentence: str) -> None:
    """A thing without the word is that thing, and so is one in other words."""
    assert not is_another(question, sentence)


def test_kinds_that_the_documents_tell_apart() -> None:
    """A pottery course is no weaving course where there are both, or where there are two others."""
    weaving = "The weaving course is in May."
    assert is_another("When is the pottery course?", weaving, "The pottery course has ten places.")
    assert is_another("When is the pottery course?", weaving, "The singing course has ten places.")
    assert not is_another("When is the pottery course?", weaving)


def test_a_noun_alone_is_the_one_spoken_of_before() -> None:
    """Or the one in the heading."""
    bare = "The pier is 80 m long."
    assert is_another("How long is the new pier?", bare, before="The old pier was built in 1901.")
    assert not is_another("How long is the new pier?", bare, before="The new pier was built in 2001.")
    assert not is_another("How long is the new pier?", "It is beside the old pier.", place="The new pier")
