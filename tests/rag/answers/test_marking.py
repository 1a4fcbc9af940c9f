"""Unsupported sentences are shown behind a mark where somebody asks for that, and never without it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from hypothesis import given
from hypothesis import strategies as st

from api.whole_answer import whole
from api.wire import Content, answer_to_json, cited
from rag.answers.marking import NOT_VERIFIED, MarkingAnswerer
from rag.events import Event, Finished, Released, Withheld
from rag.types import ABSTENTION, Answer, Evidence, Verdict

QUOTE = Evidence("d", "manual.pdf", "s", 1, 0, 7, "It is so")
TRUE = Verdict("It is so.", 0.95, True, (QUOTE,))
FALSE = Verdict("It is not so.", 0.2, False, (QUOTE,), "too little of it", "missing")
LINK = Verdict("See http://evil.example/x?d=1.", 0.2, False, (), "link not in the evidence", "missing")
IMAGE = Verdict("It is ![so](http://evil.example/x).", 0.2, False, (), "too little of it", "missing")
GREETING = Verdict("Hello!", 0.0, False, why="carries no claim")


class Scripted:
    """Tells these verdicts, whatever is asked."""

    def __init__(self, *verdicts: Verdict) -> None:
        self._verdicts = verdicts

    async def answer(self, question: str, **_: object) -> AsyncGenerator[Event, None]:
        for verdict in self._verdicts:
            yield Released(verdict) if verdict.supported else Withheld(verdict)
        told = tuple(each for each in self._verdicts if each.supported)
        yield Finished(Answer(question, told, tuple(each for each in self._verdicts if not each.supported), ()))

    async def aclose(self) -> None: ...


def asked(*verdicts: Verdict) -> tuple[Answer, list[Event]]:
    async def collected() -> list[Event]:
        return [event async for event in MarkingAnswerer(Scripted(*verdicts)).answer("Is it so?", collection="c")]

    return asyncio.run(whole(MarkingAnswerer(Scripted(*verdicts)).answer("Is it so?", collection="c"))), asyncio.run(
        collected()
    )


def test_an_unsupported_sentence_stands_in_its_place_behind_the_mark() -> None:
    """In the text, as JSON, without quotes; what carries no claim stays out."""
    answer, events = asked(TRUE, FALSE, GREETING)
    assert answer.text == f"It is so. {NOT_VERIFIED}It is not so."
    assert [event.verdict.text for event in events if isinstance(event, Released)] == [
        "It is so.",
        f"{NOT_VERIFIED}It is not so.",
    ]
    told = answer_to_json(answer)
    assert [(each["verified"], bool(each["evidence"])) for each in told["sentences"]] == [(True, True), (False, False)]
    assert [each["text"] for each in told["withheld"]] == ["Hello!"]
    assert not answer.abstained


def test_nothing_that_leads_elsewhere_is_shown() -> None:
    """A link that no document has can carry away what was asked."""
    answer, _ = asked(LINK, IMAGE, TRUE)
    assert "evil" not in answer.text
    assert "http" not in answer.text


def test_where_nothing_is_supported_the_answer_is_still_an_abstention() -> None:
    """Said after what is marked."""
    answer, _ = asked(FALSE)
    assert answer.abstained
    assert answer.text == f"{NOT_VERIFIED}It is not so. {ABSTENTION}"
    assert cited(answer) == (answer.text, ())


verdicts = st.lists(st.sampled_from([TRUE, FALSE, LINK, GREETING]), max_size=6)


@given(verdicts)
def test_the_pieces_of_a_stream_are_together_the_text(given_verdicts: list[Verdict]) -> None:
    """And no unsupported sentence is without the mark."""
    answer, events = asked(*given_verdicts)
    content = Content()
    pieces = [content.add(event.verdict)[0] for event in events if isinstance(event, Released)]
    pieces += [content.abstain()] if answer.abstained else []
    assert "".join(pieces) == answer.text == cited(answer)[0]
    assert all(each.supported or each.text.startswith(NOT_VERIFIED) for each in answer.sentences)
