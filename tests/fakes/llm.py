"""A language model's server, small and real: OpenAI's API over HTTP, with an answer that is scripted."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

Behaviour = Literal["answers", "dies", "hangs", "fails"]
_PIECE = 7  # characters a chunk, so that words and sentences are cut
_CLOSE = [("connection", "close")]  # no connection outlives its request: clients need not be closed


@dataclass
class FakeLlm:
    """Streams `answer`; after `told` characters it may break the connection (`dies`) or go quiet (`hangs`).

    `fails` answers every request with status 500. A request for structured output gets `reply`. One for
    log-probabilities gets those of `first_tokens`, none where that is empty, and is kept in `read`. `asked` holds the
    bodies of the other requests; `usage` is told at the end of a stream, if asked for; `quiet` is set when it hangs,
    `stopped` when a client hung up before the end.
    """

    answer: str = ""
    behaviour: Behaviour = "answers"
    told: int = 0
    reply: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    first_tokens: Callable[[str], Sequence[tuple[str, float]]] = lambda _last: ()
    read: list[dict[str, Any]] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)
    quiet: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def says(
        self,
        answer: str,
        *,
        behaviour: Behaviour = "answers",
        told: str = "",
        reply: dict[str, Any] | None = None,
    ) -> None:
        """Set the script; `told` is the part that is sent before it dies or hangs."""
        self.answer, self.behaviour, self.told = answer, behaviour, len(told)
        self.reply = reply or {}
        self.asked.clear()
        self.quiet.clear()
        self.stopped.clear()

    def app(self) -> FastAPI:
        """The server."""
        app = FastAPI()

        @app.get("/v1/models")
        async def models() -> Response:
            if self.behaviour == "fails":
                return JSONResponse({"error": {"message": "out of memory"}}, 500)
            model = {"id": "scripted-7b", "object": "model", "created": 0, "owned_by": "test", "max_model_len": 8192}
            return JSONResponse({"object": "list", "data": [model]})

        @app.post("/v1/chat/completions")
        async def chat(request: Request) -> Response:
            body = await request.json()
            if body.get("logprobs") and self.behaviour != "fails":
                self.read.append(body)
                return JSONResponse(_read(self.first_tokens(body["messages"][-1]["content"])))
            self.asked.append(body)
            if self.behaviour == "fails":
                return JSONResponse({"error": {"message": "out of memory"}}, 500)
            if "response_format" in self.asked[-1]:
                return JSONResponse(_completion(json.dumps(self.reply)))
            usage = (body.get("stream_options") or {}).get("include_usage") and self.usage
            return StreamingResponse(self._stream(usage or None), media_type="text/event-stream")

        @app.post("/tokenize")
        async def tokenize(request: Request) -> Response:
            return JSONResponse({"count": len((await request.json())["prompt"].split())})

        return app

    async def _stream(self, usage: dict[str, int] | None) -> AsyncGenerator[str, None]:
        text = self.answer if self.behaviour == "answers" else self.answer[: self.told]
        try:
            for start in range(0, len(text), _PIECE):
                yield _chunk(text[start : start + _PIECE])
                await asyncio.sleep(0)
            if self.behaviour == "dies":
                raise ConnectionResetError
            while self.behaviour == "hangs":
                self.quiet.set()
                await asyncio.sleep(0.02)
            if usage:
                yield _data([], usage=usage)
            yield "data: [DONE]\n\n"
        except asyncio.CancelledError:
            self.stopped.set()
            raise


def _completion(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "scripted-7b", "choices": [choice]}


def _read(likeliest: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """A reply of one token with the log-probabilities of what it might have been."""
    told = [{"token": token, "logprob": value, "bytes": None} for token, value in likeliest]
    found = _completion(told[0]["token"] if told else "yes")
    found["choices"][0]["logprobs"] = {"content": [{**told[0], "top_logprobs": told}]} if told else None
    return found


def _chunk(text: str) -> str:
    return _data([{"index": 0, "delta": {"content": text}, "finish_reason": None}])


def _data(choices: list[Any], **more: Any) -> str:
    body = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted-7b", "choices": choices}
    return f"data: {json.dumps({**body, **more})}\n\n"


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The base URL of an app that is served, on a free port, until the end of the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", ws="none", timeout_graceful_shutdown=1, headers=_CLOSE
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def unused_url() -> str:
    """A URL at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
