"""Questions in another language than the documents'."""

import asyncio
from collections.abc import Sequence

import pytest

from rag.answers.answerer import FOREIGN, UNANSWERABLE, Answerer
from rag.answers.draft import Generator
from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.notes import OWN_LANGUAGE, OWN_WORDS
from rag.answers.passages import PassageRetriever, Scope
from rag.answers.preparation import AsAsked, Preparation
from rag.answers.review import Reviewer
from rag.answers.translation import ModelTranslator
from rag.events import Finished
from rag.evidence.finder import EvidenceFinder
from rag.questions.assumptions import AssumptionChecker
from rag.text.languages import languages_of, spoken_language
from rag.types import Answer, Hit
from tests.fakes.core import HashEmbedder, ListRetriever, ScriptedChat, hit
from tests.fakes.verifiers import shipped

ENGLISH = hit(
    "The Ouzel 4 logger stores 400 days of readings. The battery pack must be replaced every 24 months. "
    "The depot in Sarn sells the battery pack.",
    "manual.txt",
)
GERMAN = hit("Die Stadt Sarn liegt am Fluss und hat eine alte Brücke aus Stein.", "stadt.txt")
QUESTION = "Wie viele Tage speichert der Logger die Messwerte?"
RENDERED = "How many days does the Ouzel 4 logger store readings?"
DRAFT = "Der Ouzel 4 Logger speichert 400 Tage lang Messwerte."
STORED = "The Ouzel 4 logger stores 400 days of readings."


class Asked(ListRetriever):
    """Has German hits for what is asked in German, English ones for what is asked in English."""

    def __init__(self, german: Sequence[Hit] = (ENGLISH,)) -> None:
        super().__init__([ENGLISH])
        self._german = list(german)

    def search(self, question: str, *, collection: str, k: int, **_: object) -> list[Hit]:
        found = super().search(question, collection=collection, k=k)
        return self._german if spoken_language(question, "en") == "de" else found


class EnglishWords:
    """Tells a question to be answerable when it shares a word with the hits."""

    def probability(self, question: str, hits: Sequence[Hit], *, language: str = "en") -> float:
        return float(any(word in each.chunk.text.split() for each in hits for word in question.split()))


def ask(
    chat: ScriptedChat | None, question: str = QUESTION, retriever: Asked | None = None
) -> tuple[Answer, list[str], ScriptedChat | None]:
    finder, retriever = EvidenceFinder(HashEmbedder()), retriever or Asked()
    verifier = shipped(finder)
    translator = ModelTranslator(chat) if chat else None
    answerer = Answerer(
        PassageRetriever(retriever, finder, top_k=8, translator=translator),  # type: ignore[arg-type]
        Reviewer(verifier, translator=translator),
        ExtractiveAnswerer(threshold=0.5),
        Generator(chat, context_tokens=500, max_tokens=100) if chat else None,
        model={},
        preparation=Preparation(
            answerability=EnglishWords(),
            least_answerability=0.5,
            assumptions=AssumptionChecker(finder, verifier),
        ),
    )

    async def collect() -> Answer:
        found = [event async for event in answerer.answer(question, collection="any")]
        assert isinstance(found[-1], Finished)
        return found[-1].answer

    return asyncio.run(collect()), retriever.asked, chat


def scripted(*translations: str, draft: str = DRAFT) -> ScriptedChat:
    return ScriptedChat(draft, replies=[{"translation": each} for each in translations])


def test_it_is_searched_by_its_translation_and_answered_in_its_own_language() -> None:
    """The reader sees what was searched for; the quote is in the documents' language."""
    answer, asked, chat = ask(scripted(RENDERED, STORED))
    assert asked == [QUESTION, RENDERED]
    assert answer.note is not None
    assert f"Searched for “{RENDERED}”." in answer.note
    assert chat is not None
    assert chat.sent[0][-1].content == f"Question: {QUESTION}"
    (told,) = answer.sentences
    assert (told.text, told.checked_as, told.evidence[0].quote) == (DRAFT, STORED, STORED)


def test_what_cannot_be_verified_in_its_language_is_told_in_the_documents_words() -> None:
    """The draft is withheld, and a note says why the answer is in another language."""
    answer, _, _ = ask(scripted(RENDERED, "Moths that a painter fed for 400 days adored the Ouzel 4 logger."))
    assert answer.text == STORED
    assert OWN_LANGUAGE in (answer.note or "")
    assert OWN_WORDS not in (answer.note or "")
    assert [each.text for each in answer.withheld] == [DRAFT]


def test_an_answer_in_the_documents_language_is_verified_as_it_is() -> None:
    """Small models answer in the language of the passages, whatever they are told."""
    answer, _, chat = ask(scripted(RENDERED, draft=STORED))
    assert answer.text == STORED
    assert chat is not None
    assert len(chat.completed) == 1  # the question alone was translated


@pytest.mark.parametrize("translations", [(), ("",)], ids=["the model fails", "it gives nothing"])
def test_a_question_that_cannot_be_translated_is_still_put_to_the_model(translations: tuple[str, ...]) -> None:
    """Whether the hits answer it cannot be told by words of two languages, so nothing is refused for them."""
    answer, asked, _ = ask(scripted(*translations, draft=STORED))
    assert asked == [QUESTION]
    assert answer.text == STORED


def test_a_translation_that_the_hits_do_not_answer_is_refused() -> None:
    """As the question would be in their language."""
    answer, _, chat = ask(scripted("Who painted this ceiling?"))
    assert answer.reason == UNANSWERABLE
    assert chat is not None
    assert chat.sent == []


def test_without_a_language_model_the_reason_is_said() -> None:
    """An extractive answer needs words in common."""
    answer, asked, _ = ask(None)
    assert asked == [QUESTION]
    assert answer.reason == FOREIGN


def test_a_question_in_the_language_of_its_hits_is_not_translated() -> None:
    """Whatever language that is, and whatever the default."""
    for question, retriever in ((RENDERED, Asked()), ("Wo liegt die Stadt Sarn?", Asked([GERMAN]))):
        answer, asked, chat = ask(scripted(draft="NO ANSWER"), question, retriever)
        assert asked == [question]
        assert chat is not None
        assert chat.completed == []
        assert "Searched for" not in (answer.note or "")


def test_a_false_assumption_is_not_read_out_of_a_translation() -> None:
    """The translator may have put it in."""
    answer, _, _ = ask(scripted("Why does the Ouzel 4 logger store 500 days of readings?", STORED))
    assert answer.text == DRAFT
    assert (answer.note or "").count("500 days") == 1  # in what was searched for


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie lange gilt die Garantie?", "de"),
        ("Qui a écrit ce livre ?", "fr"),
        ("¿Cuánto cuesta el sensor?", "es"),
        ("Kolik stojí senzor?", "cs"),
        ("传感器多少钱？", "zh"),
        ("センサーの価格はいくらですか？", "ja"),
        ("what does it cost", "en"),
        ("wat is teh battary life", "en"),
        ("ERR-4107", "en"),
        ("ok", "en"),
        ("", "en"),
    ],
)
def test_short_questions_tell_their_language(text: str, language: str) -> None:
    """What tells nothing is in the default."""
    assert spoken_language(text, "en") == language


@pytest.mark.parametrize(
    ("question", "text", "language", "is_read"),
    [
        (
            "Hvor står aviserne?",
            "Aviserne står på første sal ved siden af læsesalen, og bøgerne i kælderen.",
            "da",
            True,
        ),
        (
            "Hvad koster lånekortet?",
            "Lånekortet koster 50 kroner. Avisene står i annen etasje ved siden av kjøkkenet.",
            "en",
            False,
        ),
        (
            "Vem leder museet?",
            "Karin Lund leder museet sedan 2014, och butiken säljer böcker och mat på söndagar.",
            "sv",
            True,
        ),
        (
            "¿Se aceptan mascotas?",
            "Se aceptan mascotas de menos de 10 kilos en las habitaciones del hotel.",
            "es",
            True,
        ),
        (
            "¿Cuánto cuesta la entrada?",
            "L'entrée coûte six euros et la visite dure trente minutes tous les jours.",
            "en",
            False,
        ),
    ],
)
def test_what_a_short_question_asks_with_tells_its_language(
    question: str, text: str, language: str, is_read: bool
) -> None:
    """It may look like a neighbour of the language of the hits, or like English."""
    finder = EvidenceFinder(HashEmbedder())
    passages = PassageRetriever(ListRetriever([hit(text, "a.txt")]), finder, top_k=8)  # type: ignore[arg-type]
    found = asyncio.run(passages.retrieve(AsAsked(question), Scope("any")))
    assert (found.language, found.read is not None) == (language, is_read)


def test_the_languages_of_hits_come_most_frequent_first() -> None:
    """What is too short to tell counts as the default."""
    assert languages_of([GERMAN, ENGLISH, GERMAN], "en") == ("de", "en")
    assert languages_of([hit("4107", "a.txt")], "fr") == ("fr",)
    assert languages_of([], "en") == ()
