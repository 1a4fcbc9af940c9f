"""Write docs/reference/api.md from the service's OpenAPI document: `make docs`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.rest.app import create_app
from rag.settings import Settings

PAGE = Path(__file__).with_name("api.md")
_HEAD = """# API calls

Every call of the service, with its parameters and an example. [REST API](rest-api.md) explains the main ones; a running
service has the same as an OpenAPI document at `/openapi.json`. Fields without a default are required.

<!-- Written by `make docs` from the OpenAPI document; do not edit. -->

"""
LEFT_OUT = (
    "POST /v1/completions",
    "GET /v1/chat/completions",
    "POST /v1/responses/compact",
    "POST /v1/responses/input_tokens",
    "POST /v1/conversations",
    "POST /v1/batches",
    "POST /v1/assistants",
    "POST /v1/threads",
    "POST /v1/moderations",
    "POST /v1/images/generations",
    "POST /v1/videos",
    "POST /v1/audio/speech",
    "POST /v1/fine_tuning/jobs",
    "POST /v1/evals",
    "POST /v1/containers",
    "POST /v1/realtime/client_secrets",
    "DELETE /v1/models/{model}",
)
"""Calls of OpenAI's API that are not here."""
REFUSED: Mapping[str, tuple[str, ...]] = {
    "POST /v1/chat/completions": (
        "`n` over 1",
        "`logprobs`, `top_logprobs`",
        "`tools`, `functions`",
        "`response_format` and `modalities` other than text",
        "`audio`, `web_search_options`",
        "more than one of `vector_store_ids`",
        "images, sounds and files in the question",
    ),
    "POST /v1/responses": (
        "tools other than one `file_search` of one vector store",
        "its `ranking_options.score_threshold`",
        "`tool_choice` other than `auto`, `required` and `file_search`",
        "`background`, `conversation`, `prompt`",
        "`top_logprobs`, and `include` of log-probabilities",
        "`text.format` other than text",
        "`item_reference`",
        "images and files in the question",
    ),
    "POST /v1/responses/{response_id}/cancel": ("always, for nothing is made in the background",),
    "POST /v1/embeddings": ("`dimensions` other than the model's", "tokens that are not the model's"),
}
"""What calls that are here refuse."""
_LEFT_OUT_HEAD = """
## Left out

These calls of OpenAI's API are not supported. The response is 404, or 405 if their path has another call, in
the shape of every error:

"""
_REFUSED_HEAD = """
Supported calls refuse these parameters with status 400 and the field in `param`, instead of ignoring them:
"""
_HOST = "http://127.0.0.1:8080"
_IDS = {
    "answer_id": "chatcmpl-4f0c9b",
    "batch_id": "vsfb_4f0c9b",
    "collection": "default",
    "document_id": "4a09f47a-ea28-55c9-9098-75a5c85633c9",
    "file_id": "file-4f0c9b",
    "model": "footnote",
    "number": "1",
    "response_id": "resp_4f0c9b",
    "store_id": "default",
    "upload_id": "upload_4f0c9b",
}
"""What stands in the examples for ids in paths."""
_QUESTION = "How long is the warranty on the Ouzel 4 logger?"
BODIES: Mapping[str, Any] = {
    "ChatRequest": {"model": "footnote", "messages": [{"role": "user", "content": _QUESTION}]},
    "ResponsesRequest": {
        "model": "footnote",
        "input": _QUESTION,
        "tools": [{"type": "file_search", "vector_store_ids": ["default"]}],
    },
    "EmbeddingsRequest": {
        "model": "footnote",
        "input": ["How long is the warranty on the Ouzel 4 logger?", "18 months"],
    },
    "FeedbackRequest": {"rating": "down", "sentence": 0, "correction": "The warranty is 18 months."},
    "SearchRequest": {"query": "ERR-4107", "max_num_results": 3},
    "CreateStore": {"name": "Manuals", "file_ids": ["file-4f0c9b"]},
    "AttachFile": {"file_id": "file-4f0c9b", "attributes": {"year": 2025}},
    "CreateBatch": {"file_ids": ["file-4f0c9b", "file-81d2aa"]},
}
"""Bodies that say more than the fields that are needed."""


def page() -> str:
    """The whole page: an index, then a section for each call."""
    document = create_app(settings=Settings()).openapi()
    calls = [
        (f"{method.upper()} {path}", call)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    index = "".join(f"- [`{name}`](#{_anchor(name)})\n" for name, _ in calls)
    sections = "".join(_section(name, call, document) for name, call in calls)
    return _HEAD + index + "- [Left out](#left-out)\n" + sections + _left_out()


def _left_out() -> str:
    calls = "".join(f"- `{name}`\n" for name in LEFT_OUT)
    refused = "".join(f"\n`{name}`:\n\n" + "".join(f"- {what}\n" for what in said) for name, said in REFUSED.items())
    return f"{_LEFT_OUT_HEAD}{calls}{_REFUSED_HEAD}{refused}"


def _section(name: str, call: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    rows = "".join(_rows(call, document))
    table = f"\n| Field | In | Values | Default |\n| --- | --- | --- | --- |\n{rows}" if rows else ""
    told = " ".join(call.get("description", "").split())
    return f"\n## {name}\n\n{told}\n\n```sh\n{_example(name, call, document)}\n```\n{table}"


def _rows(call: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    for each in call.get("parameters", ()):
        if each["in"] != "header":
            yield _row(each["name"], each["in"], each["schema"], needed=each.get("required", False))
    for kind, body in call.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(body["schema"], document)
        place = "form" if kind.startswith("multipart") else "body"
        for name, field in schema.get("properties", {}).items():
            yield _row(name, place, field, needed=name in schema.get("required", ()))


def _row(name: str, place: str, field: Mapping[str, Any], *, needed: bool) -> str:
    default = "" if needed else f"`{json.dumps(field['default'])}`" if "default" in field else "none"
    cells = (f"`{name}`", place, _values(field), default)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _values(field: Mapping[str, Any]) -> str:
    """The type in a few words, with its bounds."""
    for either in ("anyOf", "oneOf"):
        if either in field:
            return " or ".join(dict.fromkeys(_values(each) for each in field[either] if each.get("type") != "null"))
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if "$ref" in field:
        return "object"
    if field.get("type") == "array":
        return f"list of {_values(field.get('items', {}))}"
    bounds = [f"{sign} {field[key]:g}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in field]
    return " ".join(["text" if field.get("type") == "string" else field.get("type", "any"), *bounds])


def _example(name: str, call: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    method, _, path = name.partition(" ")
    query = "&".join(f"{each['name']}={_value(each['schema'])}" for each in _needed_in_query(call))
    url = f"{_HOST}{path.format_map(_Placeholders())}{'?' if query else ''}{query}"
    options = [] if method == "GET" else [f"-X {method}"] if "requestBody" not in call else []
    for kind, body in call.get("requestBody", {}).get("content", {}).items():
        if kind.startswith("multipart"):
            fields = _resolved(body["schema"], document)
            options += [f"-F {key}={_form(field)}" for key, field in _needed(fields)]
        else:
            options += [f"-H 'content-type: {kind}'", f"-d '{json.dumps(_body(body['schema'], document))}'"]
    return " \\\n  ".join([f"curl {url}" if "&" not in url else f"curl '{url}'", *options])


class _Placeholders(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return _IDS.get(key, "ID")


def _needed_in_query(call: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in call.get("parameters", ()) if each["in"] == "query" and each.get("required")]


def _body(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    named = schema.get("$ref", "").rpartition("/")[2]
    return BODIES.get(named) or {key: _value(field) for key, field in _needed(_resolved(schema, document))}


def _needed(schema: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(key, field) for key, field in schema.get("properties", {}).items() if key in schema.get("required", ())]


def _form(field: Mapping[str, Any]) -> str:
    binary = field.get("format") == "binary" or "contentMediaType" in field
    return "@manual.pdf" if binary else str(_value(field))


def _value(field: Mapping[str, Any]) -> Any:
    """Something that fits a field."""
    if "enum" in field:
        return field["enum"][0]
    if field.get("pattern") == "^[0-9a-f]{64}$":
        return "9f" * 32
    kinds = {"integer": field.get("minimum", 1), "number": 1, "boolean": True, "array": ["ID"], "object": {}}
    return kinds.get(field.get("type", ""), "ID")


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema
    if "$ref" in schema:
        found = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _anchor(name: str) -> str:
    """As GitHub makes it of a heading."""
    return "".join(each for each in name.lower() if each.isalnum() or each in "-_ ").replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
