"""Write docs/reference/settings.md from the settings themselves: `make docs`."""

from __future__ import annotations

from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from rag.settings import PREFIX, TOML, Settings

PAGE = Path(__file__).with_name("settings.md")
_HEAD = f"""# Settings

Every setting is read once, at start: from the command line where an option exists, then from the environment, then
from `{TOML}` in the current folder, then the default. In the file a setting is written without the prefix and in lower
case: `{PREFIX}TOP_K=5` in the environment is `top_k = 5` in the file. A wrong value stops the program with a
message that names it. A limit that is not set does not apply.
`footnote doctor` shows where each value came from.

<!-- Written by `make docs` from rag/settings.py; do not edit. -->

| Setting | Default | Values | What it does |
| --- | --- | --- | --- |
"""
_BOUNDS = {"Ge": ("ge", "≥"), "Gt": ("gt", ">"), "Le": ("le", "≤"), "Lt": ("lt", "<")}
_NAMES = {int: "integer", float: "number", bool: "true or false", str: "text", Path: "folder", SecretStr: "secret"}


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`{PREFIX}{name.upper()}`", _default(name, field), _values(field), field.description or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


_FOUND = {"data_dir": "the user's data folder", "embedding_threads": "the number of cores"}


def _default(name: str, field: FieldInfo) -> str:
    if field.default_factory is not None:
        return _FOUND[name]
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return "not set" if field.default is None else f"`{field.default}`"


def _values(field: FieldInfo) -> str:
    limits = {type(each).__name__: each for each in field.metadata}
    bounds = [
        f"{sign} {getattr(limits[kind], attribute):g}" for kind, (attribute, sign) in _BOUNDS.items() if kind in limits
    ]
    return " ".join([_kind(field.annotation), ", ".join(bounds)]).strip()


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in (Union, UnionType):
        return " or ".join(_kind(each) for each in get_args(annotation) if each is not NoneType)
    return _NAMES[annotation]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
