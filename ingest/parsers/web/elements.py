"""Iterates over the elements of a page, of which long pages have hundreds of thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bs4 import Tag


def each(root: Tag, wanted: Callable[[Tag], bool]) -> Iterator[Tag]:
    """The elements below `root` that are wanted, outer ones first. They may be removed while they are looked through:
    those that went with an outer one are not given."""
    found = [node for node in root.descendants if isinstance(node, Tag) and wanted(node)]
    return (tag for tag in found if not is_gone(tag))


def is_gone(tag: Tag) -> bool:
    """Whether an element was removed. `Tag.decomposed` searches all that is below it."""
    return "_decomposed" in vars(tag)


def role_of(tag: Tag) -> str:
    """The role that an element gives itself; empty without one."""
    return str(tag.attrs.get("role", ""))


def classes_of(tag: Tag) -> list[str]:
    """The names of an element's classes."""
    classes = tag.attrs.get("class", "")
    return [str(name) for name in classes] if isinstance(classes, list) else str(classes).split()
