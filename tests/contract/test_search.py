"""`/v1/vector_stores/{id}/search`, and citations, as the official client sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import openai
import pytest

from tests.fakes.library import Served, found, served_library, store_with, upload
from tests.integration.postgres import MISSING, postgres_binaries, running_postgres


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service on either database."""
    with ExitStack() as parts:
        folder, database_url = tmp_path_factory.mktemp("search"), None
        if request.param == "postgres":
            if postgres_binaries() is None:
                pytest.skip(MISSING)
            database_url = parts.enter_context(running_postgres(folder))
        yield parts.enter_context(served_library(folder, database_url=database_url))


def test_search_takes_one_query_or_several(served: Served):
    """Results are told best first with the file they are of; a passage found twice is told once."""
    store, files = store_with(served, "The gate code is 4711.", "The door is blue.")
    page = served.client.vector_stores.search(store, query="gate code").to_dict()
    assert (page["object"], page["search_query"], page["has_more"], page["next_page"]) == (
        "vector_store.search_results.page",
        ["gate code"],
        False,
        None,
    )
    assert page["data"][0]["file_id"] == files[0]
    assert page["data"][0]["filename"] == "0.txt"
    assert page["data"][0]["content"] == [{"type": "text", "text": "The gate code is 4711."}]
    scores = [row["score"] for row in page["data"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    several = found(served, store, ["gate code", "blue door", "gate code"])
    assert sorted(result.file_id for result in several) == sorted(files)
    assert len(found(served, store, "gate", max_num_results=1)) == 1
    for wrong in (0, 51):
        with pytest.raises(openai.BadRequestError):
            found(served, store, "gate", max_num_results=wrong)


def test_citations_name_the_uploaded_file(served: Served):
    """The id that a client retrieves, in the text and among the results of the search, streamed or not."""
    store, [file_id] = store_with(served, "The gate code is 4711.")
    asked: Any = {
        "model": "footnote",
        "input": "What is the gate code?",
        "tools": [{"type": "file_search", "vector_store_ids": [store]}],
        "include": ["file_search_call.results"],
    }
    response = served.client.responses.create(**asked)
    with served.client.responses.stream(**asked) as stream:
        streamed = stream.get_final_response()
    for each in (response, streamed):
        search, message = each.output
        assert [result.file_id for result in search.results] == [file_id]
        assert [citation.file_id for citation in message.content[0].annotations] == [file_id]
    assert served.client.files.retrieve(file_id).filename == "0.txt"


def test_no_result_is_below_the_threshold(served: Served):
    """The threshold is of the told score, between 0 and 1."""
    store, _ = store_with(served, "The gate code is 4711.", "The door is blue.", "Nothing of the kind.")
    every = found(served, store, "gate code", ranking_options={"score_threshold": 0.0, "ranker": "auto"})
    middle = every[0].score
    kept = found(served, store, "gate code", ranking_options={"score_threshold": middle})
    assert [each.score for each in kept] == [each.score for each in every if each.score >= middle]
    assert found(served, store, "gate code", ranking_options={"score_threshold": 1.0}) == []
    for wrong in ({"score_threshold": 1.5}, {"ranker": "magic"}):
        with pytest.raises(openai.BadRequestError):
            found(served, store, "gate", ranking_options=wrong)


@pytest.mark.parametrize("name", ["score_threshold", "threshold", "ranker", "hybrid_search"])
def test_a_ranking_option_in_the_wrong_place_is_refused(served: Served, name: str):
    """Left out in silence, it would change what is found; other fields that Footnote does not know are ignored."""
    store, _ = store_with(served, "The gate code is 4711.")
    with pytest.raises(openai.BadRequestError, match="ranking_options") as caught:
        found(served, store, "gate", extra_body={name: 0.9})
    assert caught.value.param == name
    assert found(served, store, "gate", extra_body={"colour": "red"})


@pytest.mark.parametrize("name", ["threshold", "min_score"])
def test_an_unknown_ranking_option_is_refused(served: Served, name: str):
    """By its name."""
    store, _ = store_with(served, "The gate code is 4711.")
    with pytest.raises(openai.BadRequestError, match="no such field") as caught:
        found(served, store, "gate", ranking_options={name: 0.9})
    assert caught.value.param == f"ranking_options.{name}"


def test_words_and_meaning_are_weighed_as_asked(served: Served):
    """With all the weight on one arm of the search, the other does not order the results."""
    store, files = store_with(served, "gate gate gate", "The gate code is 4711.", "A door without any code.")
    order = {
        name: [each.file_id for each in found(served, store, "gate", ranking_options={"hybrid_search": weights})]
        for name, weights in {
            "words": {"embedding_weight": 0, "text_weight": 2},
            "meaning": {"embedding_weight": 0.5, "text_weight": 0},
            "both": {"embedding_weight": 1, "text_weight": 1},
        }.items()
    }
    ranked = served.rag.retriever.rank("gate", collection=store)
    ids = {chunk.id: files[int(chunk.filename[0])] for chunk in served.rag.store.chunks(store, list(ranked.final))}
    for name, scores in (("words", ranked.bm25), ("meaning", ranked.dense), ("both", ranked.final)):
        assert order[name] == [ids[key] for key in sorted(ids, key=lambda key: (-scores.get(key, 0.0), key))]
    for wrong in ({"embedding_weight": 0, "text_weight": 0}, {"embedding_weight": -1, "text_weight": 1}, {"a": 1}):
        with pytest.raises(openai.BadRequestError, match="hybrid_search"):
            found(served, store, "gate", ranking_options={"hybrid_search": wrong})


def test_search_filters_by_attributes(served: Served):
    """Nested, of numbers, texts and booleans; where a file lacks the key it does not match; bad operators are 400."""
    store, _ = store_with(served)
    told = {"a": {"year": 2024, "lang": "en"}, "b": {"year": 2025, "lang": "de", "draft": True}, "c": {}}
    for name, attributes in told.items():
        served.client.vector_stores.files.create_and_poll(
            upload(served, f"{name}.txt", f"Gate {name} opens."), vector_store_id=store, attributes=attributes
        )

    def names(filters: dict[str, Any]) -> str:
        return "".join(sorted(result.filename[0] for result in found(served, store, "gate", filters=filters)))

    late = {"type": "gte", "key": "year", "value": 2025}
    english = {"type": "eq", "key": "lang", "value": "en"}
    assert names(late) == "b"
    assert names({"type": "or", "filters": [late, english]}) == "ab"
    assert names({"type": "and", "filters": [english, {"type": "or", "filters": [late, english]}]}) == "a"
    assert names({"type": "eq", "key": "draft", "value": True}) == "b"
    assert names({"type": "eq", "key": "year", "value": "2024"}) == ""
    assert names({"type": "eq", "key": "nowhere", "value": 1}) == ""
    assert names({"type": "in", "key": "lang", "value": ["en", "de"]}) == "ab"
    for wrong in (
        {"type": "like", "key": "lang", "value": "e"},
        {"type": "gt", "key": "year", "value": "2024"},
        {"type": "and", "filters": []},
        {"key": "year"},
    ):
        with pytest.raises(openai.BadRequestError):
            found(served, store, "gate", filters=wrong)


def test_changed_attributes_are_those_that_searches_filter_by(served: Served):
    """The old ones are gone, also after the file was taken out and put in again."""
    store, [file_id] = store_with(served, "The gate code is 4711.")
    files = served.client.vector_stores.files
    new, old = ({"type": "eq", "key": key, "value": True} for key in ("new", "old"))
    files.update(file_id, vector_store_id=store, attributes={"old": True})
    assert len(found(served, store, "gate", filters=old)) == 1
    changed = files.update(file_id, vector_store_id=store, attributes={"new": True})
    assert changed.attributes == files.retrieve(file_id, vector_store_id=store).attributes == {"new": True}
    assert found(served, store, "gate", filters=old) == []
    [result] = found(served, store, "gate", filters=new)
    assert result.attributes == {"new": True}


def test_a_failed_search_is_an_error_and_never_an_empty_list(served: Served):
    """Here the collection of a store is gone, which nobody asked for."""
    store, _ = store_with(served, "The gate code is 4711.")
    served.rag.store.drop_collection(store)
    with pytest.raises(openai.NotFoundError, match="collection"):
        found(served, store, "gate")
    served.rag.store.create_collection(store, served.rag.spec)
