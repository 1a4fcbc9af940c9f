"""The verifier: what it releases, what it never releases, and that its model is monotone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelCorrupt
from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import EvidencePool
from rag.models.llm import Message
from rag.models.logistic import Logistic
from rag.types import Chunk, Hit, Verdict, document_id_of, sha256_of
from rag.verification.checks.features import SIGNS, nearness
from rag.verification.model_file import load_model, load_modes
from rag.verification.readers import EVEN, IDENTITY, Calibration, ClaimInContext
from rag.verification.verifier import CheckedVerifier
from tests.fakes.core import HashEmbedder, hit
from tests.fakes.verifiers import shipped

PAGE = (
    "Harbour Rowing Club was founded in 1931 by Ingrid Solberg. The club owns 14 boats and rents two sheds. "
    "Members may not row after sunset. Juniors train on Mondays with a coach. "
    "The annual fee is $120 for adults and $60 for juniors."
)


def pool_of(text: str) -> EvidencePool:
    chunk = Chunk(document_id_of("club.txt"), sha256_of(text.encode()), "club.txt", 1, 0, len(text), text)
    return EvidencePool([Hit(chunk, {"score": 1.0})])


def verify(sentence: str, page: str = PAGE, *, threshold: float = 0.5, before: Sequence[str] = ()) -> Verdict:
    return shipped(EvidenceFinder(), "words", threshold=threshold).verify(sentence, pool_of(page), before=before)


@pytest.mark.parametrize(
    "sentence",
    [
        "The club was founded in 1931 by Ingrid Solberg.",
        "The club has fourteen boats and rents two sheds.",
        "Adults pay an annual fee of $120.",
        "Juniors train with a coach on Mondays.",
        "Members may not row after sunset.",
    ],
)
def test_what_the_page_says_is_supported_with_exact_quotes(sentence: str) -> None:
    """A faithful sentence is released, and its quotes are the page's own characters."""
    verdict = verify(sentence)
    assert verdict.supported, verdict
    assert verdict.why is None
    assert all(PAGE[each.start : each.end] == each.quote for each in verdict.evidence)


@pytest.mark.parametrize(
    ("sentence", "fault", "why"),
    [
        ("The club was founded in 1932 by Ingrid Solberg.", "date", "date not in the evidence: 1932"),
        ("The club owns fifteen boats and rents two sheds.", "number", "number not in the evidence: 15"),
        ("The annual fee is 120 euros for adults.", "unit", "unit not in the evidence: 120 euros ($120 is)"),
        ("The club was founded in 1931 by Astrid Solberg.", "name", "name not in the evidence: Astrid"),
        ("Juniors train on Tuesdays with a coach.", "name", "name not in the evidence: Tuesdays"),
        ("Members may row after sunset.", "negation", "one side negates what the other affirms"),
        ("Members may not row before sunset.", "contradicted", "the evidence says the opposite"),
        ("Penguins sleep standing upright.", "missing", "no evidence"),
    ],
)
def test_what_the_page_does_not_say_is_not_supported(sentence: str, fault: str, why: str) -> None:
    """One changed number, name or negation is enough, and the verdict says which."""
    verdict = verify(sentence)
    assert not verdict.supported, verdict
    assert (verdict.fault, verdict.why) == (fault, why)


def test_the_quote_that_says_otherwise_is_given() -> None:
    """A wrong number comes with the words that have the right one; a claim about nothing here comes with none."""
    told = verify("The club owns fifteen boats and rents two sheds.").contradiction
    assert told is not None
    assert told.quote == "The club owns 14 boats and rents two sheds."
    assert verify("Penguins sleep standing upright.").contradiction is None


def test_a_pronoun_is_read_as_what_stood_before_it() -> None:
    """`They` are the juniors of the sentence before, and the quote is theirs."""
    verdict = verify("They train on Mondays with a coach.", before=["Juniors pay $60."])
    assert verdict.supported, verdict
    assert verdict.text == "They train on Mondays with a coach."
    assert [each.quote for each in verdict.evidence] == ["Juniors train on Mondays with a coach."]


def test_names_and_units_may_stand_over_the_quote() -> None:
    """In a report, the company's name is in the title and `in millions` over the column; the number is in the row."""
    row = "Net sales | 90,146 | 83,360"
    place = {"title": "Apple Inc. quarterly report", "context": "(in millions) | 2022 | 2021"}
    chunk = Chunk(document_id_of("a"), sha256_of(row.encode()), "a.pdf", 3, 0, len(row), row, **place)
    pool = EvidencePool([Hit(chunk, {"score": 1.0})])
    support = EvidenceFinder().support("Apple's net sales were 90,146 million in 2022.", pool)
    assert support.missing_names == ()
    assert support.missing_numbers == ()
    assert EvidenceFinder().support("Apple's net sales were 83,361 million.", pool).missing_numbers


class Opinion:
    """A reader of one opinion, which remembers what it was asked."""

    name = "opinion"

    def __init__(self, probability: float, *, reads: bool = True, calibration: Calibration = IDENTITY) -> None:
        self._probability = probability
        self.reads = reads
        self.calibration = calibration
        self.asked: list[str] = []
        self.prompts: list[tuple[Message, ...]] = []

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        assert all(asked.window for asked in claims)
        self.asked += [asked.claim for asked in claims]
        self.prompts += [asked.prompt for asked in claims]
        return [self._probability] * len(claims)


def test_a_reader_can_keep_a_sentence_back_and_is_asked_only_where_it_matters() -> None:
    """It can never bring one out that was barred."""
    for opinion, released in ((0.9, True), (0.0, False)):
        reader = Opinion(opinion)
        verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader)
        assert verifier.verify("The club was founded in 1931 by Ingrid Solberg.", pool_of(PAGE)).supported is released
        assert not verifier.verify("The club was founded in 1932 by Ingrid Solberg.", pool_of(PAGE)).supported
        assert reader.asked == ["The club was founded in 1931 by Ingrid Solberg."]


def test_a_reader_can_bring_a_sentence_out_that_the_words_leave_in_doubt() -> None:
    """Not one that they speak against; about that it is not even asked."""
    doubtful, hopeless = "It was Ingrid Solberg who set the club up.", "Choirs sing in winter."
    for opinion, released in ((1.0, True), (0.5, False)):
        reader = Opinion(opinion)
        verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader, threshold=0.89)
        alone = CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=0.89)
        assert not alone.verify(doubtful, pool_of(PAGE)).supported
        assert verifier.verify(doubtful, pool_of(PAGE)).supported is released
        assert not verifier.verify(hopeless, pool_of(PAGE)).supported
        assert reader.asked == [doubtful]


@pytest.mark.parametrize(
    "sentence", ["Harbour Rowing Club was founded in 1931 by Ingrid Holt.", "Members may row after sunset."]
)
def test_names_and_negations_are_left_to_a_reader_that_reads(sentence: str) -> None:
    """They bar where no model has read the sentence beside its evidence: of what code says of them half is wrong."""
    for opinion, reads, released in ((0.99, True, True), (0.01, True, False), (0.5, False, False)):
        reader = Opinion(opinion, reads=reads)
        verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader)
        assert verifier.verify(sentence, pool_of(PAGE)).supported is released


def test_what_a_reader_is_not_asked_about_is_held_to_every_check() -> None:
    """At a threshold so low that words alone release it, too."""
    reader = Opinion(0.9)
    verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader, threshold=0.0)
    verdict = verifier.verify("Bertha Quist sings choral works in winter.", pool_of(PAGE))
    assert not reader.asked
    assert not verdict.supported


def test_a_calibrated_reader_brings_its_own_threshold_of_the_mode() -> None:
    """In a mode that it was not measured in, without a mode, and without an opinion, that of the words counts."""
    calibration = Calibration(thresholds={"strict": 0.7})
    sentence = "Ingrid Solberg set up the club in 1931."
    for mode, opinion, released in (
        ("strict", 0.51, True),
        ("strict", EVEN, False),
        ("balanced", 0.51, False),
        (None, 0.51, False),
    ):
        reader = Opinion(opinion, calibration=calibration)
        verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader, threshold=0.99, mode=mode)
        verdict = verifier.verify(sentence, pool_of(PAGE))
        assert 0.7 <= verdict.support < 0.99
        assert verdict.supported is released
    silent = Opinion(0.5, reads=False, calibration=calibration)
    verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=silent, threshold=0.99, mode="strict")
    assert not verifier.verify(sentence, pool_of(PAGE)).supported


@pytest.mark.parametrize("calibration", [IDENTITY, Calibration(rows=150, thresholds={"strict": 0.7})])
def test_a_reader_that_was_not_shown_to_reach_a_mode_can_only_withhold(calibration: Calibration) -> None:
    """Its yes releases nothing, and is not even asked for; its no counts."""
    doubtful, near = "Ingrid Solberg set up the club in 1931.", "The club was founded by Ingrid Solberg in 1931."
    for opinion, released in ((0.99, True), (0.01, False)):
        reader = Opinion(opinion, calibration=calibration)
        verifier = CheckedVerifier(
            EvidenceFinder(), load_model("words"), reader=reader, threshold=0.85, mode="balanced"
        )
        assert not verifier.verify(doubtful, pool_of(PAGE)).supported
        assert verifier.verify(near, pool_of(PAGE)).supported is released
        assert reader.asked == [near]


def test_checks_that_guess_stand_aside_only_for_a_reader_that_may_release() -> None:
    """A name that no passage has bars beside any other."""
    reader = Opinion(0.99, calibration=Calibration(rows=150, thresholds={"strict": 0.7}))
    for mode, released in (("strict", True), ("balanced", False)):
        verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader, threshold=0.7, mode=mode)
        verdict = verifier.verify("The club in Tromso was founded in 1931 by Ingrid Solberg.", pool_of(PAGE))
        assert verdict.supported is released


def test_a_reader_is_told_what_the_answer_was_drafted_from() -> None:
    """The pool's prompt goes with each claim; a pool of one document has none, for the prompt holds others."""
    reader, pool = Opinion(0.9), pool_of(PAGE)
    verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader)
    pool.prompt = (Message("system", "Rules."), Message("user", PAGE))
    verifier.verify("The club was founded in 1931 by Ingrid Solberg.", pool)
    assert reader.prompts == [pool.prompt]
    assert pool.of_document(pool.hits[0].chunk.document_id).prompt == ()


def test_strict_is_stricter_than_balanced() -> None:
    """It asks for a higher probability of support."""
    assert 0 < load_modes()["balanced"] < load_modes()["strict"] < 1


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_a_number_or_name_without_a_quote_is_never_released(threshold: float) -> None:
    """Not even when any probability would do."""
    for sentence in (
        "The club owns 15 boats and rents two sheds.",
        "Ingrid Hansen founded Harbour Rowing Club in 1931.",
    ):
        assert not verify(sentence, threshold=threshold).supported


def test_a_verbatim_sentence_is_certain() -> None:
    """White space apart, the page's own sentence has support 1 and is its own quote."""
    verdict = verify("Members may not row  after sunset.")
    assert (verdict.support, verdict.supported) == (1.0, True)
    assert [each.quote for each in verdict.evidence] == ["Members may not row after sunset."]


def test_a_heading_alone_is_no_evidence() -> None:
    """It names a matter and says nothing of it."""
    finder = EvidenceFinder(HashEmbedder())
    verdict = shipped(finder).verify("The Ouzel 4 is a logger.", finder.pool([hit("# The Ouzel 4 logger\n\nBuy now.")]))
    assert (verdict.supported, verdict.why) == (False, "no evidence")


@pytest.mark.parametrize("sentence", ["# The Ouzel 4 logger", "The Ouzel 4 logger"])
def test_a_heading_that_is_repeated_is_no_sentence_of_the_document(sentence: str) -> None:
    """Small models draft one where they have no answer."""
    finder = EvidenceFinder(HashEmbedder())
    verdict = shipped(finder).verify(sentence, finder.pool([hit("# The Ouzel 4 logger\n\nBuy now.")]))
    assert not verdict.supported


def test_the_word_that_nothing_is_near_to_is_measured() -> None:
    """The least near, beside one that a fifth of the words are less near than."""
    finder = EvidenceFinder(HashEmbedder())
    pool = finder.pool([hit("one two three four five six seven eight nine ten")])
    for sentence, least, fifth in (
        ("one two three four five", 1, 1),
        ("one two three four five six seven eight nine else", 0, 1),
        ("one two three or else", 0, 0),
    ):
        near = nearness(sentence, finder.support(sentence, pool), pool)
        assert (round(near["weakest_word"]), round(near["weak_words"])) == (least, fifth)


def test_an_empty_pool_supports_nothing() -> None:
    """No hits, no evidence."""
    assert verify("The club owns 14 boats.", "") == Verdict(
        "The club owns 14 boats.", 0.0, supported=False, why="no evidence", fault="missing"
    )


measures = st.fixed_dictionaries({name: st.floats(0, 3) for name in SIGNS})


@given(st.sampled_from(["vectors", "words"]), measures, st.sampled_from(sorted(SIGNS)), st.floats(0, 2))
def test_more_agreement_never_lowers_and_more_disagreement_never_raises(
    which: str, measured: dict[str, float], name: str, more: float
) -> None:
    """The shipped models are monotone in every feature, and give a probability."""
    model = load_model(which)
    before = model.probability(measured)
    after = model.probability({**measured, name: measured[name] + more})
    assert 0 <= before <= 1
    assert (after - before) * SIGNS[name] >= 0


def test_a_model_of_the_wrong_sign_is_refused() -> None:
    """A fit that learned that missing numbers are good is not a verifier."""
    with pytest.raises(ModelCorrupt, match="missing_numbers"):
        Logistic(("missing_numbers",), (0.5,), (0.0,), (1.0,), 0.0).signed(SIGNS)


def test_a_damaged_model_file_is_named(tmp_path: Path) -> None:
    """The error says which file, whatever is wrong with it."""
    for content in ("not json", json.dumps({"models": {}}), json.dumps([])):
        path = tmp_path / "model.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ModelCorrupt, match=r"model\.json"):
            load_model("words", path)


STATEMENT = """Statements of income (in millions)

| | 2022 | 2021 |
| --- | --- | --- |
| Net sales | $ 14,544 | $ 12,861 |
| Gross profit | 2,820 | 2,732 |
"""


@pytest.mark.parametrize(
    ("sentence", "formulas"),
    [
        ("In 2022, the company reported gross profit of $2,820 million.", ()),
        ("Net sales increased by 13.1% from 2021 to 2022.", ("($14,544 - $12,861) / $12,861",)),
    ],
)
def test_figures_of_a_table_are_decided_by_code(sentence: str, formulas: tuple[str, ...]) -> None:
    """Whoever reads; the header that says of which year they are is quoted too."""
    reader = Opinion(0.0)
    verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), reader=reader, threshold=0.95)
    verdict = verifier.verify(sentence, pool_of(STATEMENT))
    assert verdict.supported
    assert reader.asked == []
    assert verdict.formulas == formulas
    assert any("2022 | 2021" in quote.quote for quote in verdict.evidence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Gross profit increased by 13.1% from 2021 to 2022.",
        "Net sales decreased by 13.1% from 2021 to 2022.",
        "Net sales of tea increased by 13.1% from 2021 to 2022.",
    ],
)
def test_figures_that_a_table_does_not_give_are_not(sentence: str) -> None:
    """Neither those of another row, nor what they do not say."""
    assert (
        not CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=0.95)
        .verify(sentence, pool_of(STATEMENT))
        .supported
    )
