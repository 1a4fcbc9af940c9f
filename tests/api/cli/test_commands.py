"""The command `footnote`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli import commands as cli
from api.cli.demo import bundled_examples, demo_questions
from rag.errors import DatasetError
from tests.fakes.llm import FakeLlm, serving, unused_url

pytestmark = pytest.mark.slow

QUESTION = "How many days of readings does the Ouzel 4 logger store?"
SENTENCE = "The Ouzel 4 logger stores 400 days of readings at a sample interval of 15 minutes."


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command line on the filled data folder."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(own_data))

    def _run(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as exit_:
            cli.main(arguments)
        captured = capsys.readouterr()
        return Result(int(exit_.value.code or 0), captured.out, captured.err)

    return _run


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a command line loads in a process of its own."""
    code = (
        "import sys\nfrom api.cli.commands import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "finally:\n    print('LOADED', *sys.modules)\n"
    )
    command: Sequence[str] = [sys.executable, "-c", code, *arguments]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
    return set(told.partition("LOADED")[2].split())


HEAVY = {"torch", "transformers", "sentence_transformers", "scipy", "qdrant_client", "fastapi", "openai", "llama_index"}


def test_the_help_imports_nothing_heavy() -> None:
    """`footnote --help` answers before any model, store or web library is loaded."""
    loaded = loaded_by("--help")
    assert "typer" in loaded
    assert not loaded & (HEAVY | {"qdrant_edge", "tokenizers"})


@pytest.mark.parametrize("command", [["ask", "When must the battery be replaced?"], ["search", "battery"]])
def test_a_question_loads_no_framework(own_data: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """Importing one takes longer than the answer."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(own_data))
    loaded = loaded_by(*command)
    assert "rag.models.embedding_light" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("options", [["--collection", "other"], ["--filter", "{}}"], ["--collection", "-"]])
def test_an_error_that_needs_no_model_loads_none(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """A collection that is not there, a malformed filter, a wrong name."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(own_data))
    loaded = loaded_by("ask", "When must the battery be replaced?", *options)
    assert "rag.settings" in loaded
    assert not loaded & (HEAVY | {"tokenizers", "safetensors"})


@pytest.mark.parametrize(
    "command", [["ask"], ["search"], ["ingest"], ["serve"], ["doctor"], ["demo"], ["eval"], ["collection"]]
)
def test_every_command_explains_itself(run: Run, command: list[str]) -> None:
    """`--help` of each command names the command."""
    result = run(*command, "--help")
    assert result.code == 0
    assert f"footnote {command[0]}" in result.out


def test_ask_as_json_is_one_object(run: Run) -> None:
    """Its shape is the one that scripts and REST clients rely on; every quote has its place."""
    result = run("ask", QUESTION, "--json")
    answer = result.json()
    assert result.code == 0
    assert set(answer) == {
        *("question", "answer", "abstained", "reason", "sentences"),
        *("withheld", "disagreements", "hits", "timings_ms", "model", "note"),
    }
    assert answer["abstained"] is False
    assert SENTENCE in answer["answer"]
    assert set(answer["sentences"][0]) == {
        *("text", "verified", "support", "evidence", "formulas"),
        *("cut", "repaired", "scaled", "drafted", "checked_as"),
    }
    quote = answer["sentences"][0]["evidence"][0]
    assert set(quote) == {"document_id", "filename", "sha256", "page", "start", "end", "quote"}
    assert set(answer["hits"][0]) == {"document_id", "filename", "page", "start", "end", "text", "scores"}


def test_ask_prints_sentences_and_their_footnotes(run: Run) -> None:
    """A number follows the sentence; below, the number names file, page and quote."""
    result = run("ask", QUESTION)
    assert f"{SENTENCE} [1]" in result.out
    assert f"[1] ouzel-4-manual.pdf, page 2: “{SENTENCE}”" in result.out


def test_an_abstention_shows_the_closest_passages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that the documents do not answer, why, and what is nearest; the exit code is 0."""
    monkeypatch.setenv("FOOTNOTE_RELEVANCE_THRESHOLD", "1")
    result = run("ask", "Who won the Boat Race in 1877?")
    assert result.code == 0
    assert "The documents do not answer this." in result.out
    assert len([line for line in result.out.splitlines() if ", page " in line]) == 3


def test_search_shows_scores(run: Run) -> None:
    """Hits with place and scores; as many as asked."""
    result = run("search", "ERR-4107", "-k", "2", "--json")
    hits = result.json()["hits"]
    assert len(hits) == 2
    assert {"score", "dense", "fused"} <= hits[0]["scores"].keys()
    assert "ouzel-4-manual.pdf, page" in run("search", "ERR-4107", "-k", "2").out


def test_a_filter_is_an_option(run: Run) -> None:
    """Only matching documents are searched; a filter that is no JSON object is refused."""
    only = '{"type": "eq", "key": "filename", "value": "price-list-2026.md"}'
    hits = run("search", "battery pack", "--filter", only, "--json").json()["hits"]
    assert {hit["filename"] for hit in hits} == {"price-list-2026.md"}
    for wrong in ("{", "[]", '{"type": "near"}'):
        assert run("search", "battery pack", "--filter", wrong).code == 2


def test_an_expected_error_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, own_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown collection and a wrong setting end with exit code 2 and a line that says what to do."""
    unknown = run("ask", QUESTION, "--collection", "nowhere")
    assert (unknown.code, unknown.out) == (2, "")
    assert unknown.err.count("\n") == 1
    assert "nowhere" in unknown.err
    assert "footnote ingest" in unknown.err
    monkeypatch.setenv("FOOTNOTE_TOP_K", "abc")
    wrong = run("ask", QUESTION)
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "FOOTNOTE_TOP_K='abc'" in wrong.err


def test_an_interrupt_exits_quietly(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C is exit code 130, without a traceback."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    interrupting = typer.Typer()
    interrupting.command()(interrupt)
    monkeypatch.setattr(cli, "app", interrupting)
    result = run()
    assert (result.code, result.err) == (130, "")


def test_ingest_fills_a_collection_that_ask_reads(run: Run, tmp_path: Path) -> None:
    """The commands work on one store, one after the other."""
    (tmp_path / "ferry.md").write_text("# Ferry\n\nThe ferry to Lunna leaves at 07:40 on Mondays.\n", encoding="utf-8")
    assert run("ingest", str(tmp_path / "ferry.md"), "--collection", "ferries", "--json").code == 0
    answer = run("ask", "When does the ferry to Lunna leave?", "--collection", "ferries", "--json").json()
    assert answer["answer"] == "The ferry to Lunna leaves at 07:40 on Mondays."


def test_doctor_finds_nothing_broken(run: Run) -> None:
    """What is not set is missing, not broken; settings tell where they come from."""
    result = run("doctor", "--json")
    report = result.json()
    states = {check["name"]: check["state"] for check in report["checks"]}
    assert result.code == 0
    assert report["ok"] is True
    assert states == {
        **dict.fromkeys(("python", "torch", "settings", "conflicts", "data", "database"), "ok"),
        **dict.fromkeys(("store", "embedding", "verifier", "reader"), "ok"),
        "llm": "missing",
    }
    facts = next(check for check in report["checks"] if check["name"] == "settings")["facts"]
    assert facts["data_dir"]["origin"] == "FOOTNOTE_DATA_DIR"
    assert facts["top_k"] == {"value": 8, "origin": "default"}


def test_doctor_names_what_is_broken_and_the_remedy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language model that is down is a problem, exit code 1; keys are never shown."""
    monkeypatch.setenv("FOOTNOTE_LLM_URL", f"{unused_url()}/v1")
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", "hush-hush")
    result = run("doctor")
    assert result.code == 1
    assert "problem llm" in result.out
    assert "unset FOOTNOTE_LLM_URL" in result.out
    assert "hush-hush" not in result.out


@pytest.mark.parametrize(
    ("reader", "likeliest", "state", "says"),
    [
        ("auto", [("yes", -0.1), ("no", -2.0)], "missing", "llm:scripted-7b, gives log-probabilities, not calibrated"),
        ("auto", [], "missing", "local: llm:scripted-7b gives no log-probabilities"),
        ("llm", [], "problem", "llm:scripted-7b gives no log-probabilities"),
        ("local", [], "ok", "local: none, the verifier decides alone"),
        ("hub:org/poet", [], "problem", "no adapter supports this model"),
    ],
)
def test_doctor_tells_who_reads(
    tmp_path: Path, reader: str, likeliest: list[tuple[str, float]], state: str, says: str
) -> None:
    """Which reader, which model, whether log-probabilities come, and whether it was calibrated."""
    from api.cli.doctor import _reader
    from rag.settings import load_settings

    with serving(FakeLlm(first_tokens=lambda _last: likeliest).app()) as url:
        check = _reader(load_settings(llm_url=f"{url}/v1", reader=reader, data_dir=tmp_path))
    assert (check.state, says in check.detail) == (state, True), check.detail
    assert (check.remedy is None) is (state == "ok")


def test_doctor_explains_a_wrong_setting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not fail at what it is there to find."""
    monkeypatch.setenv("FOOTNOTE_TOP_K", "abc")
    result = run("doctor")
    assert result.code == 1
    assert "FOOTNOTE_TOP_K='abc'" in result.out


def test_the_demo_says_when_its_documents_are_not_there(tmp_path: Path) -> None:
    """The message names the folder."""
    with pytest.raises(DatasetError, match=str(tmp_path / "examples")):
        demo_questions(tmp_path / "examples")


def test_the_demo_asks_four_questions() -> None:
    """They come with the documents."""
    assert len(demo_questions(bundled_examples())) == 4


def test_eval_retrieval_measures_a_small_dataset(run: Run, tmp_path: Path) -> None:
    """Every stage has its metrics, as JSON and as a table."""
    (tmp_path / "qrels").mkdir()
    corpus = [
        {"_id": "a", "title": "", "text": "Herons eat fish."},
        {"_id": "b", "title": "", "text": "Owls eat mice."},
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "What do owls eat?"}), encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\tb\t1\n", encoding="utf-8")
    result = run("eval", "retrieval", str(tmp_path), "--json")
    assert result.code == 0
    assert {"bm25", "dense", "fused", "reranked"} == result.json()["stages"].keys()
    assert "reranked" in run("eval", "retrieval", str(tmp_path)).out


def test_eval_of_a_dataset_that_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    """The missing file is named."""
    result = run("eval", "retrieval", str(tmp_path))
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "test.tsv" in result.err
