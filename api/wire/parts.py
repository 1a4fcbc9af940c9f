"""The content of a message: a text, or a list of parts, of which only texts are supported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

_TEXT_OF = {"text": "text", "input_text": "text", "output_text": "text", "summary_text": "text", "refusal": "refusal"}
"""The kinds of parts that are read, and the field with their words."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message; `text` is None where it is nothing to read: an image, a sound, a file."""

    kind: str
    text: str | None


def parts_of(content: object) -> tuple[Part, ...]:
    """The parts of a message's content.

    Raises:
        ValueError: it is neither a text nor a list of parts that say of which type they are.
    """
    if content is None:
        return ()
    if isinstance(content, str):
        return (Part("text", content),)
    if not isinstance(content, list | tuple):
        raise ValueError("a text, or a list of parts such as {'type': 'text', 'text': '…'}, is needed")
    return tuple(part if isinstance(part, Part) else _part(part) for part in content)


def _part(raw: object) -> Part:
    if isinstance(raw, str):
        return Part("text", raw)
    kind = raw.get("type") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(kind, str):
        raise ValueError("every part is an object with its 'type', such as {'type': 'text', 'text': '…'}")
    if kind not in _TEXT_OF:
        return Part(kind, None)
    text = raw.get(_TEXT_OF[kind])
    if not isinstance(text, str):
        raise ValueError(f"a part of type {kind!r} needs a text under {_TEXT_OF[kind]!r}")
    return Part(kind, text)


def joined(parts: tuple[Part, ...]) -> str:
    """The words of a message."""
    return "\n".join(part.text for part in parts if part.text is not None)


Parts = Annotated[tuple[Part, ...], BeforeValidator(parts_of, json_schema_input_type=str | list[dict[str, Any]] | None)]
