"""The distribution: what a wheel holds, and that it works without the checkout it was built from."""

import email
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import ROOT
from tests.installed import brought_by

ROOMS = ("rag", "ingest", "api", "eval")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _built(kind: str, into: Path, source: Path = ROOT) -> Path:
    _run(sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", into, cwd=source)
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A fresh environment as a plain install makes it: the wheel and what it depends on, without extras."""
    if find_spec("pip") is None:
        pytest.skip("needs pip in the running environment: python -m ensurepip")
    made = tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "venv", "--without-pip", made, cwd=made)
    python = made / "bin/python"
    install = ("install", "--quiet", "--no-index", "--no-deps", wheel)
    _run(sys.executable, "-m", "pip", "--python", python, *install, cwd=made)
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=made).strip())
    for name in brought_by(map(Requirement, PROJECT["project"]["dependencies"])):
        _link(name, site)
    return made


def _link(name: str, site: Path) -> None:
    """Links the top-level files and folders of an installed distribution into another environment."""
    try:
        found = distribution(name)
    except PackageNotFoundError:  # of another system
        return
    for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(found.locate_file(top))).resolve())


@pytest.mark.slow
def test_a_wheel_holds_the_rooms_the_examples_and_the_notices(wheel: Path) -> None:
    """Nothing else: no tests, no benchmarks, no second top-level package."""
    names = set(zipfile.ZipFile(wheel).namelist())
    info = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
    assert {name.partition("/")[0] for name in names} == {*ROOMS, info}
    corpus = {f"api/examples/corpus/{path.name}" for path in (ROOT / "examples/corpus").iterdir()}
    assert {*corpus, "api/examples/demo.json", "api/examples/golden.jsonl"} <= names
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/THIRD_PARTY_NOTICES.md"} <= names
    assert {"rag/verification/verifier_model.json", "rag/text/common_words.txt"} <= names


@pytest.mark.slow
def test_a_wheel_says_what_it_is(wheel: Path) -> None:
    """Under a name that is free, with the licence and every extra."""
    archive = zipfile.ZipFile(wheel)
    file = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(archive.read(file))
    assert metadata["Name"] == "footnote-rag"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert set(metadata.get_all("Provides-Extra") or ()) == set(PROJECT["project"]["optional-dependencies"])


@pytest.mark.slow
def test_a_wheel_built_from_the_sdist_is_the_same(tmp_path: Path, wheel: Path) -> None:
    with tarfile.open(_built("sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    rebuilt = _built("wheel", tmp_path / "wheel", source)
    assert (source / "THIRD_PARTY_NOTICES.md").is_file()
    assert rebuilt.read_bytes() == wheel.read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nothing_that_runs_needs_an_extra(environment: Path, tmp_path: Path) -> None:
    """Every module can be imported; what an extra brings is imported when it is used."""
    script = (
        "import importlib, pkgutil\n"
        f"for room in {ROOMS}:\n"
        "    for found in pkgutil.walk_packages(importlib.import_module(room).__path__, room + '.'):\n"
        "        if not found.name.endswith('__main__'):\n"
        "            importlib.import_module(found.name)\n"
        "for name in ('pytesseract', 'mapie', 's3fs', 'pytest'):\n"
        "    assert importlib.util.find_spec(name) is None, name\n"
    )
    _run(environment / "bin/python", "-c", script, cwd=tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_installed_wheel_runs_the_demo(environment: Path, tmp_path: Path) -> None:
    """From any folder, with the documents and the code of the wheel alone."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE_", "PYTHON"))}
    env["FOOTNOTE_DATA_DIR"] = str(tmp_path / "data")
    which = f"import {', '.join(ROOMS)}; print(*(room.__file__ for room in ({', '.join(ROOMS)})))"
    files = _run(environment / "bin/python", "-c", which, cwd=tmp_path, env=env).split()
    assert len(files) == len(ROOMS)
    assert all(Path(file).is_relative_to(environment) for file in files)
    told = " ".join(_run(environment / "bin/footnote", "demo", cwd=tmp_path, env=env).split())
    assert f"Reading {environment}" in told
    assert "24 months" in told
    assert "[1]" in told
    assert not (tmp_path / ".footnote").exists()
