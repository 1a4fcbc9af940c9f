"""Models and embeddings as clients written for OpenAI rely on them."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import openai
import pytest

from api.rest.app import create_app
from tests.contract.conftest import Served, error_of
from tests.fakes.core import HashEmbedder
from tests.fakes.llm import serving

pytestmark = pytest.mark.slow


def test_models_are_footnote_one_a_collection_and_the_embedder(served: Served) -> None:
    """A client that lists models can choose a collection."""
    names = [model.id for model in served.client.models.list()]
    assert names == ["footnote", "footnote:default", "footnote:other", "hash"]


def test_every_listed_model_can_be_retrieved(served: Served) -> None:
    """And no other."""
    for model in served.client.models.list():
        assert served.client.models.retrieve(model.id) == model
    with pytest.raises(openai.NotFoundError) as caught:
        served.client.models.retrieve("gpt-4o")
    assert caught.value.code == "model_not_found"


def test_a_model_whose_id_has_a_slash_can_be_retrieved(served: Served) -> None:
    """As those of Hugging Face have; written as it is or escaped."""

    class Slashed(HashEmbedder):
        name = "org/hash-small"

    app = create_app(served.rag.__class__(**{**fields_of(served.rag), "embedder": Slashed()}))
    with serving(app) as url, openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        assert client.models.retrieve("org/hash-small").id == "org/hash-small"
        assert client.embeddings.create(model="org/hash-small", input="a").model == "org/hash-small"


def fields_of(rag: Any) -> dict[str, Any]:
    return {name: getattr(rag, name) for name in rag.__slots__}


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ("the gate", ["the gate"]),
        (["the gate", "code"], ["the gate", "code"]),
        ([0, 1], ["the gate"]),
        ([[0, 1], [2]], ["the gate", "code"]),
    ],
)
@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_texts_and_tokens_are_embedded(served: Served, given: Any, texts: list[str], encoding: Any) -> None:
    """In order, in either encoding, with the number of their tokens."""
    found = served.client.embeddings.create(model="hash", input=given, encoding_format=encoding)
    rows = [each.embedding for each in found.data]
    if encoding == "base64":
        rows = [np.frombuffer(base64.b64decode(row), dtype="<f4").tolist() for row in rows]  # type: ignore[arg-type]
    assert [each.index for each in found.data] == list(range(len(texts)))
    assert np.allclose(rows, HashEmbedder().embed_sentences(texts))
    assert found.usage.prompt_tokens == found.usage.total_tokens == sum(len(text.split()) for text in texts)


def test_the_clients_own_default_encoding_is_understood(served: Served) -> None:
    """It asks for base64 by itself and decodes it."""
    found = served.client.embeddings.create(model="footnote", input="the gate", dimensions=64)
    assert np.allclose(found.data[0].embedding, HashEmbedder().embed_query("the gate").dense)


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({"input": "a", "dimensions": 32}, "dimensions", "invalid_request"),
        ({"input": ""}, "input", "invalid_request"),
        ({"input": []}, "input", "invalid_request"),
        ({"input": ["a", ""]}, "input", "invalid_request"),
        ({"input": ["a", 5]}, "input", "invalid_request"),
        ({"input": ["a"] * 2049}, "input", "invalid_request"),
        ({"input": [0, 99_999]}, "input", "invalid_request"),
        ({"input": "word " * 300}, "input", "context_length_exceeded"),
        ({"input": "a", "encoding_format": "int8"}, "encoding_format", "invalid_request"),
    ],
)
def test_what_cannot_be_embedded_whole_is_refused(served: Served, body: dict[str, Any], param: str, code: str) -> None:
    """Nothing is cut off in silence, and no foreign tokens are taken for the model's own."""
    response = served.post("/v1/embeddings", {"model": "hash", **body})
    assert response.status_code == 400
    assert (error_of(response)["param"], error_of(response)["code"]) == (param, code)


def test_a_text_may_be_cut_off_where_that_is_asked_for(served: Served) -> None:
    """By a field of Footnote's own."""
    body = {"model": "hash", "input": "word " * 300, "truncate": True}
    assert served.post("/v1/embeddings", body).status_code == 200


def test_another_model_does_not_embed(served: Served) -> None:
    """404, with the name of the one that does."""
    response = served.post("/v1/embeddings", {"model": "text-embedding-3-small", "input": "a"})
    assert response.status_code == 404
    assert "'hash'" in error_of(response)["message"]
