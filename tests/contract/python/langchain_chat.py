"""LangChain's chat model over both APIs, and its embeddings: python langchain_chat.py http://127.0.0.1:8080."""

import sys

import openai
import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

TEXT = "The gate code is 4711 😀. It changes every month."
BASE = {"base_url": f"{sys.argv[1]}/v1", "api_key": "none", "max_retries": 0}


def model(*, responses: bool, name: str = "footnote") -> ChatOpenAI:
    return ChatOpenAI(model=name, use_responses_api=responses, **BASE)


for responses in (True, False):
    said = [SystemMessage("Be brief."), HumanMessage("What is the gate code?")]
    first = model(responses=responses).invoke(said)
    assert first.text == TEXT
    assert first.usage_metadata["total_tokens"] > 0
    said += [first, HumanMessage("And when does it change?")]
    pieces = [chunk.text for chunk in model(responses=responses).stream(said) if chunk.text]
    assert len(pieces) > 1
    assert "".join(pieces) == TEXT
    with pytest.raises(openai.NotFoundError) as error:
        model(responses=responses, name="footnote:nowhere").invoke(said)
    assert error.value.code == "collection_not_found"
vectors = OpenAIEmbeddings(model="footnote", check_embedding_ctx_length=False, **BASE)
assert len(vectors.embed_query("the gate")) == 64
model(responses=False).invoke(said)
