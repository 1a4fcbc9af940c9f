"""What questions in other languages than English ask for."""

import tomllib

import pytest

from rag.questions.native_questions import asks_in, native_question
from rag.text.languages import SPOKEN
from rag.text.lexicon import LEXICON_FILE, Lexicon, fold, is_foreign, lexicon, may_be_in

WRITTEN = tomllib.loads(LEXICON_FILE.read_text(encoding="utf-8"))


def words_of(language: str) -> Lexicon:
    found = lexicon(language)
    assert found is not None
    return found


@pytest.mark.parametrize("language", sorted(WRITTEN))
def test_each_language_says_what_it_asks_with(language: str) -> None:
    """Every phrase asks for the kind that it is listed under, unless a phrase of another kind begins with it."""
    words = words_of(language)
    assert language in SPOKEN
    for kind, phrases in WRITTEN[language]["asks"].items():
        for phrase in phrases.split("|"):
            assert asks_in(phrase, words)
            others = [
                each
                for other, listed in WRITTEN[language]["asks"].items()
                if other != kind
                for each in listed.split("|")
            ]
            if not any(fold(other) in fold(phrase) for other in others):
                assert native_question(f"{phrase}?", words).kind == kind, phrase


@pytest.mark.parametrize(
    ("language", "question", "kind", "words", "concepts"),
    [
        ("de", "Was kostet die Reparatur der Uhr?", "price", ("reparatur", "uhr"), ()),
        ("de", "Wie hoch ist der Preis der Karte?", "price", ("karte",), ()),
        ("de", "Ab wann öffnet der Markt?", "when", ("markt",), ("open",)),
        ("fr", "Combien de temps dure l'entretien ?", "duration", ("entretien",), ()),
        ("fr", "Combien pèse la caisse ?", "number", ("caisse",), ("weight",)),
        ("sv", "Var hålls mötet?", "where", ("motet",), ()),
        ("ar", "من أين تأتي القطع؟", "where", ("تاتي", "القطع"), ()),
        ("ja", "学生の入場料はいくらですか？", "price", ("入場料",), ("student",)),
        ("zh", "仓库的最高温度是多少？", "number", ("仓库", "温度"), ("max",)),
        ("ko", "수리는 얼마나 걸립니까?", "duration", ("수리는",), ()),
        ("es", "¿Se permiten bicicletas?", None, ("permiten", "bicicletas"), ()),
    ],
)
def test_a_question_has_a_kind_and_the_words_of_its_thing(
    language: str, question: str, kind: str | None, words: tuple[str, ...], concepts: tuple[str, ...]
) -> None:
    """The words that ask, and those of grammar, are none of its thing."""
    asked = native_question(question, words_of(language))
    assert (asked.kind, asked.words, asked.concepts) == (kind, words, concepts)


@pytest.mark.parametrize(
    ("language", "question", "designations"),
    [
        ("de", "Wie viel trägt Kran B?", {"B"}),
        ("de", "Wann schließt Tor 12?", {"12"}),
        ("fr", "À quel étage s'arrête l'ascenseur C ?", {"C"}),
        ("fr", "Où est le hall ?", set()),
        ("pt", "O que pesa a caixa?", set()),
        ("ru", "Где находится корпус Б?", {"Б"}),
        ("ru", "В каком году открыт музей?", set()),
        ("ja", "エレベーターDの積載量は何キロですか？", {"D"}),
        ("ko", "승강기 E의 적재량은 얼마입니까?", {"E"}),
    ],
)
def test_letters_and_numbers_tell_things_apart(language: str, question: str, designations: set[str]) -> None:
    """A word of grammar with a capital at the beginning is no such letter."""
    assert native_question(question, words_of(language)).designations == designations


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("Sind Hunde im Kursraum erlaubt?", True),
        ("¿Cuánto cuesta la entrada y quién la vende?", True),
        ("料金はいくらですか？", True),
        ("im not sure what u mean", False),
        ("wat is teh battary life", False),
        ("Who is in charge of the depot?", False),
        ("", False),
    ],
)
def test_chat_is_not_taken_for_another_language(question: str, foreign: bool) -> None:
    """Nor the other way round: rules of English would change the words of a question in another language."""
    assert is_foreign(question) is foreign


def test_a_short_question_may_be_in_the_language_of_its_documents() -> None:
    """Words of grammar tell it, where those of English do not outnumber them."""
    assert may_be_in("¿Se aceptan tarjetas?", words_of("es"))
    assert not may_be_in("Is it in the hall?", words_of("de"))
    assert not may_be_in("Bürgersteig", words_of("es"))
