"""From a question to an answer in which every sentence has its footnote."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.answers.answerer import ALL_WITHHELD, DECLINED, NO_HITS, NOT_ANSWERED, UNANSWERABLE, Answerer
from rag.answers.draft import Generator
from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.notes import OWN_WORDS
from rag.answers.passages import PassageRetriever
from rag.answers.preparation import NO_PREPARATION, Preparation
from rag.answers.repair import ModelRepairer
from rag.answers.review import Reviewer
from rag.events import Event, Finished, Heartbeat, Released
from rag.evidence.finder import EvidenceFinder, Support
from rag.evidence.pool import EvidencePool
from rag.models.llm import Message
from rag.questions.split import sub_questions
from rag.retrieval.context_windows import PageKey, page_key
from rag.types import Answer, Hit, Verdict
from tests.fakes.core import HashEmbedder, ListRetriever, ScriptedChat, hit
from tests.fakes.verifiers import shipped

MANUAL = hit(
    "The Ouzel 4 logger stores 400 days of readings. The battery pack must be replaced every 24 months. "
    "The logger draws 12 mA while it sends.",
    "manual.txt",
)
BULLETIN = hit("The battery pack must be replaced every 18 months. Order it from the depot in Sarn.", "bulletin.txt")
HITS = [MANUAL, BULLETIN]


def answerer(
    hits: Sequence[Hit],
    chat: ScriptedChat | None = None,
    threshold: float = 0.4,
    openings: Sequence[Hit] = (),
    pages: Mapping[PageKey, str] | None = None,
    *,
    reviewer: Reviewer | None = None,
    preparation: Preparation = NO_PREPARATION,
    heartbeat_s: float = 5.0,
    finder: EvidenceFinder | None = None,
) -> Answerer:
    finder = finder or EvidenceFinder(HashEmbedder())
    return Answerer(
        PassageRetriever(ListRetriever(hits, openings, pages), finder, top_k=8, parent_characters=200),  # type: ignore[arg-type]
        reviewer or Reviewer(shipped(finder)),
        ExtractiveAnswerer(threshold=threshold),
        Generator(chat, context_tokens=500, max_tokens=100) if chat else None,
        model={"llm": "scripted"},
        repairs=3,
        preparation=preparation,
        heartbeat_s=heartbeat_s,
    )


def events(to: Answerer, question: str, history: Sequence[Message] = ()) -> list[Event]:
    async def collect() -> list[Event]:
        return [event async for event in to.answer(question, collection="any", history=history)]

    return asyncio.run(collect())


def ask(to: Answerer, question: str) -> Answer:
    last = events(to, question)[-1]
    assert isinstance(last, Finished)
    return last.answer


def assert_every_quote_is_exact(answer: Answer) -> None:
    texts = {h.chunk.document_id: h.chunk.text for h in HITS}
    for verdict in answer.sentences:
        assert verdict.evidence
        for quote in verdict.evidence:
            assert texts[quote.document_id][quote.start : quote.end] == quote.quote


def test_without_a_model_the_documents_speak_for_themselves() -> None:
    """The sentence that answers, word for word."""
    answer = ask(answerer(HITS), "How many days of readings does the logger store?")
    assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
    assert not answer.abstained
    assert_every_quote_is_exact(answer)


def test_an_unrelated_question_is_not_answered() -> None:
    """With a reason, and the hits to look at."""
    answer = ask(answerer(HITS), "Who painted the ceiling of the chapel?")
    assert answer.abstained
    assert answer.reason == NOT_ANSWERED
    assert answer.hits == tuple(HITS)


def test_nothing_found_is_said() -> None:
    """An empty collection, or a filter that matches nothing."""
    assert ask(answerer([]), "Anything?").reason == NO_HITS


def test_documents_that_disagree_are_both_shown() -> None:
    """Without a model and with one that tells only one side."""
    for chat in (None, ScriptedChat("The battery pack must be replaced every 18 months.")):
        answer = ask(answerer(HITS, chat), "How often must the battery pack be replaced?")
        assert "24 months" in answer.text
        assert "18 months" in answer.text
        assert "bulletin.txt says “The battery pack must be replaced every 18 months”" in (answer.note or "")
        assert len(answer.disagreements[0].sides) == 2
        assert_every_quote_is_exact(answer)


def test_a_disagreement_is_dated_by_the_documents() -> None:
    """Their first pages say when they are from; the newest comes first."""
    cover = hit("Bulletin, issued 12 May 2025.", "bulletin.txt")
    answer = ask(answerer(HITS, openings=[cover]), "How often must the battery pack be replaced?")
    assert [side.date for side in answer.disagreements[0].sides] == ["2025-05-12", None]
    assert "bulletin.txt (12 May 2025) says" in (answer.note or "")


def test_a_question_of_two_parts_is_answered_in_both() -> None:
    """Each part finds its own sentence."""
    assert sub_questions("What does it draw, and where is the depot?") == ["What does it draw", "where is the depot?"]
    answer = ask(answerer(HITS), "How many days does the logger store, and where is the depot in Sarn?")
    assert "400 days" in answer.text
    assert "depot in Sarn" in answer.text


class Remembering:
    """A verifier that believes everything and remembers with which prompt it was asked."""

    def __init__(self) -> None:
        self.prompts: list[tuple[Message, ...]] = []

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        self.prompts.append(pool.prompt)
        return Verdict(sentence, 1.0, supported=True, evidence=pool.quotes([0]))


def test_sentences_are_verified_with_the_prompt_that_they_were_drafted_from() -> None:
    """Up to the word that the passages were read: the question and the conversation come after that."""
    chat, verifier = ScriptedChat("The logger keeps its readings. It is blue."), Remembering()
    to = answerer(HITS, chat, reviewer=Reviewer(verifier))
    events(to, "How long?", [Message("user", "Hello."), Message("assistant", "Yes?")])
    (sent,) = chat.sent
    assert len(verifier.prompts) == 2
    assert set(verifier.prompts) == {tuple(sent[:3])}
    assert [message.role for message in sent] == ["system", "user", "assistant", "user", "assistant", "user"]


def test_the_record_names_the_reader() -> None:
    """Nobody but the verifier, where none is asked beside it."""
    assert ask(answerer(HITS), "How many days of readings does the logger store?").model["reader"] == "local"


def test_generated_sentences_are_released_with_quotes_or_withheld() -> None:
    """A number that stands in no document is never shown."""
    chat = ScriptedChat(
        "The Ouzel 4 logger stores 400 days of readings. It weighs 700 grams. It draws 12 mA while it sends."
    )
    found = events(answerer(HITS, chat), "Tell me about the logger.")
    answer = found[-1].answer  # type: ignore[union-attr]
    assert "400 days" in answer.text
    assert "700" not in answer.text
    assert any("700" in verdict.text and "number" in (verdict.why or "") for verdict in answer.withheld)
    assert [e.verdict for e in found if isinstance(e, Released)] == list(answer.sentences)
    assert_every_quote_is_exact(answer)


def test_citation_marks_of_the_model_are_dropped() -> None:
    """Footnotes are ours."""
    chat = ScriptedChat("The Ouzel 4 logger stores 400 days of readings [1].")
    assert "[1]" not in ask(answerer(HITS, chat), "How long?").text


def test_a_model_that_declines_gives_an_abstention() -> None:
    """Whether it keeps to the agreed words or not."""
    for script in ("NO ANSWER", "The passages do not mention the price.", "I cannot answer this."):
        answer = ask(answerer(HITS, ScriptedChat(script)), "What does it cost?")
        assert answer.abstained
        assert answer.reason == DECLINED


def test_a_draft_without_support_gives_an_abstention() -> None:
    """All of it is recorded as withheld."""
    answer = ask(answerer(HITS, ScriptedChat("Napoleon was born in Corsica in 1769.")), "Who was Napoleon?")
    assert answer.abstained
    assert answer.reason == ALL_WITHHELD
    assert len(answer.withheld) == 1


def test_where_nothing_drafted_is_supported_the_documents_speak_for_themselves() -> None:
    """By the sentence that the draft was about; the draft stays in the record, and a note says what this is."""
    chat = ScriptedChat("The Ouzel 4 logger stores 900 days of readings.")
    answer = ask(answerer(HITS, chat), "How many days of readings does the logger store?")
    assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
    assert [verdict.text for verdict in answer.withheld] == ["The Ouzel 4 logger stores 900 days of readings."]
    assert OWN_WORDS in (answer.note or "")
    assert_every_quote_is_exact(answer)


def test_the_documents_own_words_must_answer_the_question() -> None:
    """A quote that the draft was near to is not enough."""
    chat = ScriptedChat("The Ouzel 4 logger stores 900 days of readings.")
    answer = ask(answerer(HITS, chat), "Who painted the ceiling of the chapel?")
    assert answer.abstained
    assert OWN_WORDS not in (answer.note or "")


def test_a_model_that_declines_is_not_contradicted_by_quotes() -> None:
    """Also where it drafted something that nothing supports before it gave up."""
    chat = ScriptedChat("The Ouzel 4 logger stores 900 days of readings. NO ANSWER")
    answer = ask(answerer(HITS, chat), "How many days of readings does the logger store?")
    assert answer.abstained
    assert answer.reason == DECLINED


def test_a_supported_sentence_needs_no_other_words() -> None:
    """What is withheld beside it is not told by quotes."""
    chat = ScriptedChat("The Ouzel 4 logger stores 400 days of readings. Divers praise its strap.")
    answer = ask(answerer([MANUAL], chat), "How many days of readings does the logger store?")
    assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
    assert len(answer.withheld) == 1


def test_a_model_that_is_down_gives_the_documents_own_sentences() -> None:
    """With a note, and the failure in the record."""
    answer = ask(answerer(HITS, ScriptedChat("", fails=True)), "How many days of readings does the logger store?")
    assert "400 days" in answer.text
    assert "did not answer" in (answer.note or "")
    assert answer.model["answerer"] == "extractive"
    assert "gone" in answer.model["failure"]


def test_a_model_that_dies_half_way_leaves_what_was_verified() -> None:
    """With a note."""
    chat = ScriptedChat("The Ouzel 4 logger stores 400 days of readings. And it", fails=True)
    answer = ask(answerer(HITS, chat), "How many days of readings does the logger store?")
    assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
    assert "stopped" in (answer.note or "")


def test_silence_is_filled_with_heartbeats() -> None:
    """So that a proxy does not close the connection."""
    to = answerer(HITS, ScriptedChat("The logger draws 12 mA.", pause_s=0.05), heartbeat_s=0.01)
    found = events(to, "What does it draw?")
    assert any(isinstance(event, Heartbeat) for event in found)


def test_a_client_that_leaves_stops_the_model() -> None:
    """The rest is never generated."""
    script = "The Ouzel 4 logger stores 400 days of readings. " * 200
    chat = ScriptedChat(script, pause_s=0.001)

    async def leave_early() -> None:
        stream = answerer(HITS, chat).answer("How long?", collection="any")
        async for event in stream:
            if isinstance(event, Released):
                break
        await stream.aclose()

    asyncio.run(leave_early())
    assert chat.stopped
    assert chat.told < len(script.split()) / 2


def test_the_prompt_is_packed_into_the_window() -> None:
    """Best hits first; what does not fit is left out, the best hit never."""
    hits = [hit("word " * 100 + f"number {n}.", f"{n}.txt", score=1 / (n + 1)) for n in range(8)]
    chat = ScriptedChat("NO ANSWER", window=600)
    ask(answerer(hits, chat), "Which word?")
    prompt = chat.sent[0][1].content
    assert "number 0." in prompt
    assert "number 7." not in prompt


def test_earlier_turns_stand_between_the_evidence_and_the_question() -> None:
    """The parts that stay the same come first, for the server's prefix cache."""
    chat = ScriptedChat("NO ANSWER")
    history = [Message("user", "What is it?"), Message("assistant", "A logger.")]
    events(answerer(HITS, chat), "How long does it store?", history)
    sent = [message.content for message in chat.sent[0]]
    assert sent.index("What is it?") > next(i for i, text in enumerate(sent) if text.startswith("Passages:"))
    assert sent[-1] == "Question: How long does it store?"


def test_a_name_may_stand_on_the_cover_of_the_document() -> None:
    """It is quoted from there beside the passage; without the cover the sentence is withheld."""
    report = hit("Total net sales were $81,797 million in the quarter.", "report.txt", start=5000)
    cover = hit("Tarnbeck Hydrometry\n\nQuarterly report", "report.txt")
    draft = "Total net sales of Tarnbeck were $81,797 million in the quarter."
    assert ask(answerer([report], ScriptedChat(draft)), "How much?").abstained
    answer = ask(answerer([report], ScriptedChat(draft), openings=[cover]), "How much?")
    assert answer.text == draft
    assert any("Tarnbeck" in quote.quote for quote in answer.sentences[0].evidence)
    assert answer.hits == (report,)


def test_a_sentence_cut_off_by_the_token_limit_is_not_shown() -> None:
    """A fragment may read as its own opposite."""
    chat = ScriptedChat("The logger draws 12 mA while it sends. The battery pack must", cut_off=True)
    answer = ask(answerer(HITS, chat), "What does it draw?")
    assert answer.text == "The logger draws 12 mA while it sends."
    assert answer.withheld == ()


def test_a_sentence_is_told_once() -> None:
    """However often the model says it."""
    chat = ScriptedChat("The logger draws 12 mA while it sends. " * 3)
    assert ask(answerer(HITS, chat), "What does it draw?").text == "The logger draws 12 mA while it sends."


PAGE = "The modem sends at noon. It draws 40 mA then. The logger sleeps at night."


def sleeping() -> Hit:
    """The last sentence of the page, as a hit."""
    text = "The logger sleeps at night."
    return hit(text, "power.txt", start=PAGE.index(text))


def test_a_model_reads_and_quotes_what_stands_around_the_hits() -> None:
    """The quote's offsets are those of the page; the hits are returned as they were found."""
    found = sleeping()
    chat = ScriptedChat("The modem sends at noon.")
    answer = ask(answerer([found], chat, pages={page_key(found.chunk): PAGE}), "When does the modem send?")
    assert PAGE in chat.sent[0][1].content
    assert answer.text == "The modem sends at noon."
    (quote,) = answer.sentences[0].evidence
    assert PAGE[quote.start : quote.end] == quote.quote == "The modem sends at noon."
    assert answer.hits == (found,)


def test_an_extractive_answer_keeps_to_the_hits() -> None:
    """Also when it stands in for a model that is down."""
    found = sleeping()
    pages = {page_key(found.chunk): PAGE}
    for chat in (None, ScriptedChat("", fails=True)):
        answer = ask(answerer([found], chat, threshold=0, pages=pages), "When does the modem send?")
        assert "noon" not in answer.text


def test_windows_keep_to_the_budget_of_tokens() -> None:
    """The best first; what does not fit is left out with all that stands around it."""
    page = " ".join(f"Sentence number {n} is here." for n in range(400))
    hits = []
    for rank, n in enumerate((10, 150, 300)):
        text = f"Sentence number {n} is here."
        hits.append(hit(text, "long.txt", start=page.index(text), score=1 / (rank + 1)))
    chat = ScriptedChat("NO ANSWER", window=375)
    ask(answerer(hits, chat, pages={page_key(hits[0].chunk): page}), "Which sentence?")
    prompt = chat.sent[0][1].content
    assert "number 10 " in prompt
    assert "number 9 " in prompt
    assert "number 300 " not in prompt


def repairing(chat: ScriptedChat) -> Reviewer:
    return Reviewer(shipped(FINDER), repairer=ModelRepairer(chat))


FINDER = EvidenceFinder(HashEmbedder())
WRONG = "The battery pack must be replaced every 36 months."


def test_a_repaired_sentence_keeps_its_place() -> None:
    """What comes after it waits, and is told right after it."""
    chat = ScriptedChat(
        f"{WRONG} The logger draws 12 mA while it sends.",
        replies=[{"sentence": "The battery pack must be replaced every 24 months."}],
        pause_s=0.001,
    )
    answer = ask(answerer([MANUAL], chat, reviewer=repairing(chat)), "Tell me about the logger.")
    assert answer.text == ("The battery pack must be replaced every 24 months. The logger draws 12 mA while it sends.")
    assert answer.sentences[0].drafted == WRONG
    assert answer.withheld == ()


def test_repairs_are_waited_for_with_heartbeats() -> None:
    """A rewriting takes as long as an answer on a slow machine."""
    chat = ScriptedChat(WRONG, replies=[{"sentence": ""}])
    chat.reply_pause_s = 0.05
    found = events(answerer([MANUAL], chat, reviewer=repairing(chat), heartbeat_s=0.01), "How often?")
    assert any(isinstance(event, Heartbeat) for event in found)
    assert found[-1].answer.withheld[0].changes == ("repaired",)  # type: ignore[union-attr]


def test_a_client_that_leaves_stops_a_repair() -> None:
    """Nothing is left running for nobody."""
    chat = ScriptedChat(WRONG, replies=[{"sentence": ""}])
    chat.reply_pause_s = 60

    async def leave() -> int:
        stream = answerer([MANUAL], chat, reviewer=repairing(chat), heartbeat_s=0.01).answer("How?", collection="any")
        async for _ in stream:
            if chat.completed:
                break
        await stream.aclose()
        return len(asyncio.all_tasks())

    assert asyncio.run(leave()) == 1
    assert chat.stopped


class WaitingVerifier:
    """Supports every sentence, but gives its first verdict only once the model has written everything."""

    def __init__(self, chat: ScriptedChat) -> None:
        self._chat = chat
        self.waited = True

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        self.waited = self.waited and self._chat.finished.wait(10)
        return Verdict(sentence, 1.0, supported=True, evidence=pool.quotes([0]))


def test_the_model_writes_on_while_a_sentence_is_verified() -> None:
    """A verdict that takes long holds up neither the event loop nor the reading of the model."""
    chat = ScriptedChat("One sentence is here. Another one is there. The third one is last.", pause_s=0.001)
    verifier = WaitingVerifier(chat)
    answer = ask(answerer(HITS, chat, reviewer=Reviewer(verifier)), "Which?")
    assert verifier.waited
    assert len(answer.sentences) == 3


class WatchedFinder(EvidenceFinder):
    """Counts its pools, and says when the evidence for a first claim was found."""

    def __init__(self) -> None:
        super().__init__(HashEmbedder())
        self.pools = 0
        self.ready = threading.Event()

    def pool(self, hits: Sequence[Hit]) -> EvidencePool:
        self.pools += 1
        return super().pool(hits)

    def support(self, claim: str, pool: EvidencePool) -> Support:
        found = super().support(claim, pool)
        self.ready.set()
        return found


def test_the_evidence_is_made_ready_while_the_model_reads_its_prompt() -> None:
    """One pool serves the whole answer, and its vectors and index are there before the first word is."""
    finder = WatchedFinder()
    chat = ScriptedChat("The logger draws 12 mA while it sends.", waits_for=finder.ready)
    to = answerer(HITS, chat, finder=finder)
    assert ask(to, "What does it draw?").text == "The logger draws 12 mA while it sends."
    assert finder.pools == 1


@dataclass(frozen=True)
class Asked:
    """A part of a question, or a reading of two."""

    question: str
    search: str = ""
    sub_questions: tuple[Any, ...] = ()
    note: str | None = None


class Parts:
    """Reads a question as several, and says so."""

    def __init__(self, *questions: str) -> None:
        self._questions = questions

    async def parse(self, question: str, history: Sequence[Message] = (), *, collection: str) -> Asked:
        parts = tuple(Asked(each, f"search for {each}") for each in self._questions)
        return Asked(question, sub_questions=parts, note=f"Read as {len(parts)} questions.")


def test_each_part_of_a_question_is_answered_or_abstained_from() -> None:
    """In order; the part without an answer is named, with its reason."""
    parts = Parts("How many days of readings does the logger store?", "Who painted the ceiling of the chapel?")
    answer = ask(answerer(HITS, preparation=Preparation(parser=parts)), "How many days, and who painted the ceiling?")
    assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
    assert f"Not answered: “Who painted the ceiling of the chapel?” ({NOT_ANSWERED})." in (answer.note or "")
    assert (answer.note or "").startswith("Read as 2 questions.")
    assert answer.hits == tuple(HITS)


def test_a_question_of_parts_without_any_answer_is_abstained_from() -> None:
    """With the last part's reason."""
    parts = Parts("Who painted the ceiling of the chapel?", "Who carved the altar of the chapel?")
    answer = ask(answerer(HITS, preparation=Preparation(parser=parts)), "Who painted it, and who carved it?")
    assert answer.abstained
    assert answer.reason == NOT_ANSWERED


class Doubtful:
    """Finds every question hardly answerable."""

    def probability(self, question: str, hits: Sequence[Hit], *, language: str = "en") -> float:
        return 0.2


def test_an_unanswerable_question_is_abstained_from_before_anything_is_drafted() -> None:
    """The model is not even asked; the probability is in the record."""
    chat = ScriptedChat("The logger draws 12 mA while it sends.")
    for least, told in ((0.3, False), (0.1, True)):
        preparation = Preparation(answerability=Doubtful(), least_answerability=least)
        answer = ask(answerer(HITS, chat, preparation=preparation), "What does it draw?")
        assert answer.abstained is not told
        assert answer.reason == (None if told else UNANSWERABLE)
        assert answer.model["answerability"] == 0.2
        assert bool(chat.sent) is told


@dataclass(frozen=True)
class Corrected:
    verdict: Verdict
    note: str = "The documents say otherwise."


class Corrects:
    """Takes every question for one that the first sentence of the hits denies."""

    def correction(self, question: str, pool: EvidencePool) -> Corrected:
        return Corrected(pool.own_words(0))


def test_a_false_assumption_is_corrected_instead_of_answered() -> None:
    """In the documents' own words; the model is stopped."""
    chat = ScriptedChat("The logger draws 12 mA while it sends. " * 100, pause_s=0.001)
    preparation = Preparation(assumptions=Corrects())
    for to in (answerer(HITS, chat, preparation=preparation), answerer(HITS, preparation=preparation)):
        answer = ask(to, "Why does the logger store 300 days of readings?")
        assert answer.text == "The Ouzel 4 logger stores 400 days of readings."
        assert answer.note == "The documents say otherwise."
    assert chat.told < 100


def test_a_passage_that_the_model_names_is_quoted_first() -> None:
    """Of two documents that say the same; the mark is a hint and never shown, and one that names nothing is no harm."""
    twins = [hit("The logger draws 12 mA.", name) for name in ("a.txt", "b.txt")]
    quoted = {
        mark: ask(answerer(twins, ScriptedChat(f"The logger draws 12 mA{mark}.")), "What does it draw?").sentences[0]
        for mark in ("", " [1]", " [2]", " [9]")
    }
    assert {mark: verdict.evidence[0].filename for mark, verdict in quoted.items()} == {
        "": "a.txt",
        " [1]": "a.txt",
        " [2]": "b.txt",
        " [9]": "a.txt",
    }
    assert {verdict.text for verdict in quoted.values()} == {"The logger draws 12 mA."}


def test_what_the_model_names_proves_nothing() -> None:
    """A sentence that the named passage does not support is withheld, or quoted from where it stands."""
    right = ask(answerer(HITS, ScriptedChat("The Ouzel 4 logger stores 400 days of readings [1].")), "How long?")
    assert right.sentences[0].evidence[0].filename == "manual.txt"
    assert ask(answerer(HITS, ScriptedChat("The depot is in Oslo [1].")), "Where is it?").text.find("Oslo") == -1
