"""The made documents of the benchmark of questions in the language of their documents."""

from collections import Counter

from benchmarks.questions.native_questions import NOT_ANSWERED, made_documents
from rag.text.lexicon import lexicon


def test_each_answer_is_in_its_document() -> None:
    """Nothing is asked for that could not be told, and each document has refusals or answers of its own."""
    documents = list(made_documents())
    assert len({(each.language, each.name) for each in documents}) == len(documents)
    for each in documents:
        assert lexicon(each.language) is not None
        assert each.questions
        for _, question, answer in each.questions:
            assert answer == NOT_ANSWERED or answer in each.text, question


def test_every_kind_of_question_is_asked_in_many_languages() -> None:
    """Else the figures would be of one language."""
    asked = {(kind, each.language) for each in made_documents() for kind, _, _ in each.questions}
    counts = Counter(kind for kind, _ in asked)
    assert min(counts[kind] for kind in ("price", "who", "where", "when", "number", "duration")) >= 12
