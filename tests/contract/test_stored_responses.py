"""Responses that are kept: gone on from, read again, deleted; and how they name the files they cite."""

from __future__ import annotations

import openai
import pytest

from api.storage import Attached, Files, NewFile, StoreFiles, open_database
from rag.types import document_id_of
from tests.contract.conftest import Serve, Served
from tests.contract.test_responses import QUESTION, RESULTS, TEXT, TOOL, create, refused

pytestmark = pytest.mark.slow


def test_output_of_before_may_be_sent_back(served: Served) -> None:
    """As a client does that keeps the conversation itself."""
    first = create(served, tools=[TOOL])
    create(served, [{"role": "user", "content": QUESTION}, *first.output, {"role": "user", "content": "And when?"}])
    history = served.answerer.asked[-1]["history"]
    assert [message.content for message in history] == [QUESTION, TEXT]


def test_a_response_goes_on_from_the_one_before(served: Served) -> None:
    """With the search too, as often as is wanted."""
    first = create(served, tools=[TOOL])
    second = create(served, "And when?", previous_response_id=first.id, tools=[TOOL], include=RESULTS)
    create(served, "Why?", previous_response_id=second.id)
    history = served.answerer.asked[-1]["history"]
    assert [message.content for message in history] == [QUESTION, TEXT, "And when?", TEXT]
    assert second.previous_response_id == first.id
    assert second.output[0].results


def test_an_unknown_response_is_404(served: Served) -> None:
    """Whether it is gone on from, read or deleted."""
    assert refused(served, 404, previous_response_id="resp_none")["param"] == "previous_response_id"
    for act in (served.client.responses.retrieve, served.client.responses.delete):
        with pytest.raises(openai.NotFoundError):
            act("resp_none")


def test_a_response_can_be_read_again(served: Served) -> None:
    """Whole, and its events from any place on."""
    events = list(create(served, tools=[TOOL], stream=True))
    final = events[-1].response
    assert served.client.responses.retrieve(final.id) == final
    again = list(served.client.responses.retrieve(final.id, stream=True, starting_after=6))
    assert [event.to_dict() for event in again] == [event.to_dict() for event in events[7:]]
    assert len(list(served.client.responses.retrieve(final.id, stream=True))) == len(events)


def test_what_a_response_was_asked_can_be_listed(served: Served) -> None:
    """The conversation before it too, newest first; walked one by one it is the whole list."""
    first = create(served, tools=[TOOL])
    second = create(served, [{"role": "system", "content": "Shout."}, {"role": "user", "content": "And when?"}])
    third = create(served, "Why 😀?", previous_response_id=first.id)
    listed = served.client.responses.input_items
    assert [item.content[0].text for item in listed.list(second.id)] == ["And when?"]
    items = list(listed.list(third.id))
    assert [(item.role, item.content[0].text) for item in items] == [
        ("user", "Why 😀?"),
        ("assistant", TEXT),
        ("user", QUESTION),
    ]
    assert items[1].content[0].type == "output_text"
    assert list(listed.list(third.id, limit=1)) == items
    assert list(listed.list(third.id, limit=2, order="asc")) == items[::-1]
    page = listed.list(third.id, limit=2).to_dict()
    assert (page["first_id"], page["last_id"], page["has_more"]) == (items[0].id, items[1].id, True)
    assert listed.list(third.id, after=items[2].id).data == []
    with pytest.raises(openai.BadRequestError):
        listed.list(third.id, after="msg_none")
    with pytest.raises(openai.NotFoundError):
        listed.list("resp_none")


def test_a_response_cannot_be_cancelled(served: Served) -> None:
    """It was made while the client waited: 400 says so; one that is not there is 404."""
    response = create(served)
    with pytest.raises(openai.BadRequestError, match="background"):
        served.client.responses.cancel(response.id)
    with pytest.raises(openai.NotFoundError):
        served.client.responses.cancel("resp_none")


def test_a_response_that_is_not_stored_cannot_be_read(served: Served, serve: Serve) -> None:
    """Because the client does not want it, because it was deleted, or because nothing is kept."""
    unstored = create(served, store=False)
    deleted = create(served)
    served.client.responses.delete(deleted.id)
    forgetful = serve(answers_days=0)
    for each, response in ((served, unstored), (served, deleted), (forgetful, create(forgetful))):
        with pytest.raises(openai.NotFoundError):
            each.client.responses.retrieve(response.id)
        assert refused(each, 404, previous_response_id=response.id)
    assert unstored.store is False


def test_an_uploaded_file_is_cited_by_its_own_id(serve: Serve) -> None:
    """By which the client can fetch it; any other document has the id of its source. Scores are probabilities."""
    served = serve()
    database = open_database(None, served.rag.settings.data_dir)
    file = NewFile("file-1", "gate.txt", "text/plain", "assistants", 3, "0" * 64)
    Files(database, "").add(file)
    served.client.vector_stores.retrieve("other")
    StoreFiles(database, "").attach("other", [Attached("file-1", document_id_of("gate.txt"), {"year": 2025})])
    database.close()
    cited = create(served, tools=[TOOL], include=RESULTS)
    assert {annotation.file_id for annotation in cited.output[1].content[0].annotations} == {"file-1"}
    (result,) = cited.output[0].results
    assert (result.file_id, result.attributes) == ("file-1", {"year": 2025})
    assert 0 <= result.score <= 1
    elsewhere = create(served).output[0].content[0].annotations
    assert {annotation.file_id for annotation in elsewhere} == {document_id_of("gate.txt")}
    assert served.client.files.retrieve("file-1").filename == "gate.txt"
    served.client.vector_stores.delete("other")
    assert refused(served, 404, tools=[TOOL])
