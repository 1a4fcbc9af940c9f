"""A bare FastAPI service, which says what it was sent: what Footnote's is held beside."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.get("/echo")
async def said() -> dict[str, Any]:
    """One object."""
    return {"object": "list", "data": [{"id": "echo", "object": "model", "created": 0, "owned_by": "echo"}]}


@app.post("/echo")
async def echo(body: dict[str, Any]) -> dict[str, Any]:
    """What was sent."""
    return body
