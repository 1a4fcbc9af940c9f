"""The marks of chat templates that separate speakers, such as `<|im_start|>`. Pure."""

from __future__ import annotations

import re

_CHAT_MARK = re.compile(
    r"<[|｜][^|｜<>\n]{1,60}[|｜]>|</?s>|<(?:bos|eos|pad|unk)>|<(?:start|end)_of_(?:turn|role|text)>|"
    r"<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]",
    re.IGNORECASE,
)
_LOOK_ALIKES = str.maketrans("<>|｜[]", "‹›¦¦()")


def has_chat_marks(text: str) -> bool:
    """Whether a text has marks of chat templates."""
    return _CHAT_MARK.search(text) is not None


def without_chat_marks(text: str) -> str:
    """A text in which no server finds a mark of a chat template, such as `<|im_start|>`: its signs become look-alikes.

    Servers read such marks in the text of a message too, where they would let a document speak as the system. The marks
    of ChatML, Llama 2 and 3, Mistral, Gemma, Granite and DeepSeek are known.
    """
    return _CHAT_MARK.sub(lambda mark: mark[0].translate(_LOOK_ALIKES), text)
