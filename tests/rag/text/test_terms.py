"""Text to search terms, and terms to BM25 vectors."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.bm25 import Bm25Encoder
from rag.text.languages import _identifier, _model, detect_language, languages_asked
from rag.text.terms import terms
from rag.text.words import fold, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sampleInterval", {"sampl", "interv"}),
        ("sample_interval_s", {"sample_interval_s", "sampl", "interv"}),
        ("HTTPServer", {"http", "server"}),
        ("ERR-4107", {"err-4107", "err", "4107"}),
        ("v4.4.1", {"v4.4.1", "4.4.1"}),
        ("10 mA", {"10", "ma"}),
        ("3.5kW", {"3.5kw", "3.5"}),
        ("2,400 units", {"2400", "unit"}),
        ("Apple's sales", {"appl", "sale"}),
    ],
)
def test_identifiers_and_numbers_keep_their_parts(text: str, expected: set[str]) -> None:
    """A part finds the whole and the whole finds itself."""
    interval = {term.replace("interval", "interv") for term in terms(text, "en")}
    assert expected <= interval | set(terms(text, "en"))


def test_words_are_stemmed_in_their_language() -> None:
    """German plurals meet their singular, English ones theirs."""
    assert terms("Häuser", "de") == terms("Häusern", "de")
    assert terms("batteries", "en") == terms("battery", "en")


def test_chinese_is_cut_into_pairs() -> None:
    """There are no spaces to cut at."""
    assert terms("机器学习", "en") == ["机器", "器学", "学习"]


def test_long_texts_tell_their_language() -> None:
    """Short ones are taken to be in the default."""
    german = (
        "Die Batterie des Messgeräts muss alle achtzehn Monate gegen eine neue ausgetauscht werden, sonst fällt es aus."
    )
    assert detect_language(german, "en") == "de"
    assert detect_language("Batterie", "en") == "en"


def test_threads_that_begin_together_load_one_model() -> None:
    """It takes half a second, and ten at once would take five."""
    _identifier.cache_clear()
    _model.cache_clear()
    together = Barrier(4)
    text = "The battery of the meter must be replaced with a new one once in eighteen months."

    def tell(_: int) -> str:
        together.wait(10)
        return detect_language(text, "en")

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(tell, range(4))) == ["en"] * 4
    assert _model.cache_info().misses == 1


@given(st.text(max_size=300))
def test_any_text_gives_a_valid_vector(text: str) -> None:
    """Indices sorted, unique and 32 bits wide, weights positive, one each."""
    vector = Bm25Encoder().encode_document(text)
    assert list(vector.indices) == sorted(set(vector.indices))
    assert all(0 <= index < 2**32 for index in vector.indices)
    assert len(vector.values) == len(vector.indices)
    assert all(value > 0 for value in vector.values)


@given(st.lists(st.sampled_from(["river", "gauge", "modem", "ERR-4107"]), min_size=1, max_size=30))
def test_more_of_a_term_never_weighs_less_and_saturates(words: list[str]) -> None:
    """No term counts more than k1 + 1 times."""
    encoder = Bm25Encoder(k1=1.2, b=0.0)
    once = dict(zip(*_parts(encoder, " ".join(dict.fromkeys(words))), strict=True))
    often = dict(zip(*_parts(encoder, " ".join(words)), strict=True))
    assert all(once[index] <= weight < 2.2 for index, weight in often.items())


def _parts(encoder: Bm25Encoder, text: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
    vector = encoder.encode_document(text)
    return vector.indices, vector.values


def test_marks_of_footnotes_are_no_part_of_words_and_numbers():
    """A mark is a term of its own; the exponent of a unit and the index of a formula are not."""
    assert terms("fee¹ 25²", "en") == ["fee", "1", "25", "2"]
    assert {"m2", "h2o"} <= set(terms("m² H₂O", "en"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("संग्रहालय सोमवार को बंद है", "सोमवार"),
        ("พิพิธภัณฑ์ เปิด ทุกวัน", "เปิด"),
        ("يُفتَحُ المَتحَفُ", "المتحف"),
    ],
)
def test_vowel_signs_are_part_of_their_words(text: str, word: str) -> None:
    """Python does not count them as letters."""
    assert fold(word) in tokens(text)


def test_syllables_of_korean_and_japanese_stay_whole() -> None:
    """Folding takes accents off, not the parts of a syllable."""
    assert fold("박물관 ガイド") == "박물관 ガイド"
    assert fold("Škoda Élan") == "skoda elan"


def test_numbers_beside_chinese_are_terms_of_their_own() -> None:
    """`8号` has the number and the pair of characters."""
    assert {"8", "24.5"} <= set(terms("在8号教室，24.5公斤", "zh"))


def test_a_short_question_finds_the_stems_of_its_language() -> None:
    """Its text is too short to be stored in a language; English ones have only English stems."""
    stored = Bm25Encoder().encode_document("Die Gebühren der Bibliotheken werden am Jahresende erhoben. " * 3)
    asked = Bm25Encoder().encode_query("Gebühr der Bibliothek im nächsten Jahr?")
    assert len(set(stored.indices) & set(asked.indices)) >= 2
    assert languages_asked("What does the library charge?", "en") == ("en",)
