"""What is installed beside the tests, by its metadata."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def brought_by(requirements: Iterable[Requirement]) -> set[str]:
    """The names that the requirements bring into an environment like this one, their own dependencies included."""
    todo = [(wanted, "") for wanted in requirements]
    seen: set[tuple[str, str]] = set()
    while todo:
        wanted, extra = todo.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        new = {(name, asked) for asked in ("", *wanted.extras)} - seen
        seen |= new
        todo += [(row, asked) for _, asked in new for row in _requirements_of(name)]
    return {name for name, _ in seen}


def _requirements_of(name: str) -> list[Requirement]:
    try:
        return [Requirement(row) for row in distribution(name).requires or ()]
    except PackageNotFoundError:
        return []
