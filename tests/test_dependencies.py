"""The dependencies: locked to exact versions, and named in the notices where they are under copyleft."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests import ROOT
from tests.installed import brought_by

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UNLOCKED = "vllm"  # an extra that brings a torch of its own
LOCK = [
    line
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
_PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; .+)?")
_COPYLEFT = re.compile(r"\b[AL]?GPL|\bMPL|Mozilla|\bEUPL|\bEPL|\bCDDL")


def _declared() -> list[Requirement]:
    extras = [rows for name, rows in PROJECT["optional-dependencies"].items() if name != UNLOCKED]
    rows = chain(PROJECT["dependencies"], *extras)
    return [found for found in map(Requirement, rows) if found.name != PROJECT["name"]]


def _pins() -> dict[str, list[Version]]:
    """The versions pinned for each name; more than one where Pythons or systems differ."""
    pins: dict[str, list[Version]] = {}
    for pin in map(Requirement, LOCK):
        (exactly,) = pin.specifier
        pins.setdefault(canonicalize_name(pin.name), []).append(Version(exactly.version))
    return pins


def _licences_of(name: str) -> Iterator[str]:
    metadata = distribution(name).metadata
    for field in ("License-Expression", "License"):
        yield from (metadata[field] or "").splitlines()[:1]
    yield from (row for row in metadata.get_all("Classifier") or () if row.startswith("License"))


@pytest.mark.parametrize("dependency", _declared(), ids=str)
def test_a_dependency_is_locked_within_its_range(dependency: Requirement) -> None:
    """Otherwise run `make lock`; the extra vllm is not locked, for it chooses a torch of its own."""
    pinned = _pins().get(canonicalize_name(dependency.name), [])
    assert pinned, f"{dependency} is not in requirements.lock: run `make lock`"
    assert all(version in dependency.specifier for version in pinned)


def test_what_the_dependencies_bring_is_locked_too() -> None:
    assert brought_by(_declared()) <= _pins().keys()


def test_the_lock_holds_versions_alone() -> None:
    """No address of an index, no path, no build of one machine: `TORCH_INDEX` still chooses the build of torch."""
    assert [line for line in LOCK if not _PIN.fullmatch(line)] == []
    assert _pins()["torch"] == [Version("2.13.0")]


def test_the_notices_name_each_dependency_under_copyleft() -> None:
    """By the metadata of those that are installed."""
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    brought = brought_by(map(Requirement, PROJECT["dependencies"]))
    named = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^\| ([\w, -]+) \|", notices, re.MULTILINE))))
    copyleft = {name for name in brought if any(map(_COPYLEFT.search, _licences_of(name)))}
    assert {"pebble", "psycopg"} <= copyleft
    assert copyleft <= named
