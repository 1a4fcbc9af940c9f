"""The same contract with other clients: those of Node, frameworks of Python, and the official one in other versions.

They are fetched from their registries, so that only `make nightly` runs these.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.contract.conftest import Served
from tests.fakes.service import SENTENCES

pytestmark = pytest.mark.nightly

SCRIPTS = Path(__file__).with_name("node")
WITH_LIBRARIES = Path(__file__).with_name("python")
PACKAGES = {"openai.mjs": ["openai"], "open-responses.mjs": ["@ai-sdk/open-responses", "ai"]}
FRAMEWORKS = {
    "llama_index_chat.py": "llama-index-llms-openai-like",
    "langchain_chat.py": "langchain-openai",
    "pydantic_ai_chat.py": "pydantic-ai-slim[openai]",
}
SUITE = [
    f"tests/contract/test_{name}.py"
    for name in ("chat", "responses", "stored_responses", "models", "answers", "errors")
]


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=280, check=False
    )


@pytest.mark.parametrize("script", PACKAGES)
def test_clients_of_node_understand_the_service(served: Served, tmp_path: Path, script: str) -> None:
    """Chat, Responses, models and embeddings, plain and streamed; a script stops at the first that is not so."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm and node are not installed: put Node 20 or newer on the path")
    installed = run(npm, "install", "--no-audit", "--no-fund", *PACKAGES[script], folder=tmp_path)
    if installed.returncode:
        pytest.skip(f"npm cannot install {PACKAGES[script]}: {installed.stderr.strip()[-200:]}")
    shutil.copy(SCRIPTS / script, tmp_path)
    told = run(node, script, served.url, folder=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr


def run_with(library: str, script: str, url: str, folder: Path) -> None:
    """Runs a script against the service at this URL, with a library that is installed for it alone."""
    target = folder / "library"
    installed = run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), library, folder=folder)
    if installed.returncode:
        pytest.skip(f"pip cannot install {library}: {installed.stderr.strip()[-200:]}")
    told = run(sys.executable, str(WITH_LIBRARIES / script), url, folder=folder, PYTHONPATH=str(target))
    assert told.returncode == 0, told.stdout + told.stderr


def test_responses_are_what_the_open_specification_says(served: Served, tmp_path: Path) -> None:
    """Each whole and each event of a stream, by the types that others made of the specification."""
    run_with("openresponses-types", "open_responses.py", served.url, tmp_path)


@pytest.mark.parametrize("script", FRAMEWORKS)
def test_frameworks_of_python_hold_a_conversation(served: Served, tmp_path: Path, script: str) -> None:
    """Plain, streamed and refused, each with what was said before; a script stops at the first that is not so."""
    run_with(FRAMEWORKS[script], script, served.url, tmp_path)
    last = served.answerer.asked[-1]
    assert last["question"] == "And when does it change?"
    assert [message.content for message in last["history"]] == ["What is the gate code?", " ".join(SENTENCES)]


@pytest.mark.parametrize("major", [2, 3])
def test_the_other_versions_of_pythons_client_do(tmp_path: Path, major: int) -> None:
    """The whole contract of chat, Responses, models, answers and errors passes with the newest of each."""
    target = tmp_path / "client"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), f"openai=={major}.*"]
    installed = run(*pip, folder=tmp_path)
    if installed.returncode:
        pytest.skip(f"pip cannot install openai {major}: {installed.stderr.strip()[-200:]}")
    path = os.pathsep.join([str(target), str(ROOT)])
    told = run(sys.executable, "-m", "pytest", "-q", *SUITE, folder=ROOT, PYTHONPATH=path)
    assert told.returncode == 0, told.stdout[-3000:]
