"""What the Open Responses specification asks of a response and of every event: python open_responses.py URL.

The cases are those of its compliance suite. Its published types know citations of web pages alone, so that citations
of files are left out before the rest is held against them.
"""

import json
import sys
from typing import Any, get_args

import httpx
import openresponses_types as spec

TEXT = "The gate code is 4711 😀. It changes every month."
EVENTS = {
    kind: model
    for name, model in vars(spec).items()
    if name.endswith("StreamingEvent")
    for kind in get_args(model.model_fields["type"].annotation) or list(model.model_fields["type"].annotation)
}
QUESTION = {"type": "message", "role": "user", "content": "What is the gate code?"}
CASES: dict[str, list[dict[str, Any]]] = {
    "basic": [QUESTION],
    "system prompt": [{"type": "message", "role": "system", "content": "You are a pirate."}, QUESTION],
    "multi-turn": [
        {"type": "message", "role": "user", "content": "My name is Alice."},
        {"type": "message", "role": "assistant", "content": "Hello Alice!"},
        QUESTION,
    ],
}
REFUSED: dict[str, dict[str, Any]] = {
    "tools.0": {"input": [QUESTION], "tools": [{"type": "function", "name": "f", "parameters": {}}]},
    "input.0.content.0": {"input": [{**QUESTION, "content": [{"type": "input_image", "image_url": "data:,x"}]}]},
}


def post(**body: Any) -> httpx.Response:
    return httpx.post(f"{sys.argv[1]}/v1/responses", json={"model": "footnote", **body}, timeout=60)


def without_files(told: Any) -> Any:
    if isinstance(told, list):
        return [without_files(each) for each in told if not _cites_file(each)]
    return {key: without_files(value) for key, value in told.items()} if isinstance(told, dict) else told


def _cites_file(told: Any) -> bool:
    return isinstance(told, dict) and told.get("type") == "file_citation"


for asked in CASES.values():
    plain = post(input=asked).json()
    spec.ResponseResource.model_validate(without_files(plain))
    assert plain["status"] == "completed"
    assert plain["output"][0]["content"][0]["text"] == TEXT
    lines = post(input=asked, stream=True).text.splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    for event in events:
        if not _cites_file(event.get("annotation")):
            EVENTS[str(event["type"])].model_validate(without_files(event))
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["status"] == "completed"
for param, body in REFUSED.items():
    refused = post(**body)
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == param
