"""Tick boxes in words: `[x]` for one that is ticked, `[ ]` for one that is not."""

from __future__ import annotations

TICKED, NOT_TICKED = "[x]", "[ ]"

_EMPTY, _CHECKED, _CROSSED = "☐", "☑✅🗹", "☒🗵🗷"
_SURE = str.maketrans({_EMPTY: NOT_TICKED, **dict.fromkeys(_CHECKED, TICKED)})
_ALL = str.maketrans({_EMPTY: NOT_TICKED, **dict.fromkeys(_CHECKED + _CROSSED, TICKED)})


def plain_ticks(text: str) -> str:
    """A text with its drawn boxes in words. A crossed box is ticked where there are empty ones and no checked ones;
    elsewhere it may mean a no, and stays as it is."""
    crossed_is_ticked = _EMPTY in text and not any(sign in text for sign in _CHECKED)
    return text.translate(_ALL if crossed_is_ticked else _SURE)
