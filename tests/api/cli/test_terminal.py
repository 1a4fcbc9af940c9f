"""The command line on any terminal: no argument, encoding, proxy or fault ends in a traceback."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from api.cli import commands as cli
from ingest.cli.terminal import json_line, readable
from tests.fakes.llm import unused_url

QUESTION = "How many days of readings does the Ouzel 4 logger store?"


class Terminal:
    """Runs command lines in this process on an output of some encoding."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
        self._monkeypatch = monkeypatch
        self._encoding = encoding

    def run(self, *arguments: str) -> tuple[int, bytes, bytes]:
        streams = {name: io.TextIOWrapper(io.BytesIO(), encoding=self._encoding) for name in ("stdout", "stderr")}
        with self._monkeypatch.context() as patch:
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            with pytest.raises(SystemExit) as exit_:
                cli.main(arguments)
        for stream in streams.values():
            stream.flush()
        out, err = (stream.buffer.getvalue() for stream in streams.values())  # type: ignore[attr-defined]
        return int(exit_.value.code or 0), out, err


@pytest.fixture
def latin1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    return Terminal(monkeypatch, "latin-1")


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, *, in_thread: bool = False) -> None:
    """Puts a command in place of all others that raises an error, or whose thread does."""

    def fail() -> None:
        if not in_thread:
            raise error
        thread = threading.Thread(target=fail_there)
        thread.start()
        thread.join()

    def fail_there() -> None:
        raise error

    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(fail)
    monkeypatch.setattr(cli, "app", app)


@pytest.mark.parametrize("in_thread", [False, True])
def test_an_error_that_nobody_expected_is_one_line_and_the_rest_is_in_a_log(
    latin1: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_thread: bool
) -> None:
    """Also when it ends a thread; the log is for its owner's eyes, and keeps the earlier entries."""
    for words in ("the first fault\nat length “quoted”", "the second fault"):
        failing(monkeypatch, ValueError(words), in_thread=in_thread)
        code, out, err = latin1.run()
        assert (code, out, err.count(b"\n")) == (0 if in_thread else 2, b"", 1)
        assert words.partition("\n")[0].encode() in err
        assert str(tmp_path / "log" / "errors.log").encode() in err
        assert b"Traceback" not in err
    log = (tmp_path / "log" / "errors.log").read_text(encoding="utf-8")
    assert log.count("Traceback") == 2
    assert log.index("at length “quoted”") < log.index("the second fault")
    assert stat.S_IMODE((tmp_path / "log" / "errors.log").parent.stat().st_mode) == 0o700


def test_a_log_that_cannot_be_written_and_wrong_settings_do_not_hide_the_error(
    latin1: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "log").write_text("in the way")
    failing(monkeypatch, RuntimeError("the first fault"))
    code, _, err = latin1.run()
    assert (code, err.count(b"\n")) == (2, 1)
    assert b"the first fault (and " in err
    monkeypatch.setenv("FOOTNOTE_TOP_K", "abc")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert b"the first fault" in latin1.run()[2]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "question"), [("ask", ""), ("ask", "\u200b\u00a0"), ("search", "  \n")])
def test_a_question_that_says_nothing_is_refused(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, command: str, question: str
) -> None:
    """Where nothing of it can be seen."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(own_data))
    code, out, err = Terminal(monkeypatch, "utf-8").run(command, question)
    assert (code, out, err) == (2, b"", b"footnote: the question is empty\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "as_json"), [({"PYTHONIOENCODING": "latin-1"}, True), ({"LC_ALL": "C", "PYTHONUTF8": "0"}, False)]
)
def test_a_terminal_without_the_characters_gets_question_marks(
    own_data: Path, locale: dict[str, str], as_json: bool
) -> None:
    """In text; JSON keeps every character, as an escape. Bytes that are no UTF-8 in a question are let be."""
    environment = {**os.environ, "FOOTNOTE_DATA_DIR": str(own_data), "PYTHONCOERCECLOCALE": "0", **locale}
    command = [
        sys.executable,
        "-c",
        "from api.cli.commands import main; main()",
        "ask",
        QUESTION.encode() + b" caf\xe9",
    ]
    ended = subprocess.run(
        [*command, *(["--json"] if as_json else [])], env=environment, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    if as_json:
        assert json.loads(ended.stdout)["sentences"]
    else:
        assert b"[1] ouzel-4-manual.pdf, page 2: ?The Ouzel 4" in ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://127.0.0.1:1"])
def test_a_server_on_this_machine_is_asked_without_a_proxy(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    """Whatever the environment says; one that does not answer there is named."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(own_data))
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("FOOTNOTE_LLM_URL", f"{unused_url()}/v1")
    monkeypatch.setenv("FOOTNOTE_LLM_RETRIES", "0")
    code, out, _ = Terminal(monkeypatch, "utf-8").run("ask", QUESTION)
    assert code == 0
    assert b"The language model did not answer" in out


@pytest.mark.slow
def test_names_that_begin_with_a_dash_follow_two_dashes(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of files and of questions."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-v.md").write_text("The ferry to Lunna leaves at 07:40 on Mondays.\n")
    terminal = Terminal(monkeypatch, "utf-8")
    assert terminal.run("ingest", "--json", "--", "-v.md")[0] == 0
    assert terminal.run("receipt", "--", "-v.md")[0] == 0
    assert b"07:40" in terminal.run("ask", "--", "-- when does the ferry to Lunna leave?")[1]
    assert terminal.run("collection", "delete-document", "--", "default", "-v.md")[0] == 0


def test_a_file_whose_name_is_no_utf8_is_named_in_one_line(latin1: Terminal, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    code, out, err = latin1.run("receipt", str(tmp_path / name))
    assert (code, out) == (2, b"")
    assert err == f"footnote receipt: {tmp_path}/caf\\xe9.md: the name is not valid UTF-8. Rename it\n".encode()


@given(st.text(st.characters(), max_size=20), st.sampled_from(["utf-8", "latin-1", "ascii"]))
def test_json_keeps_every_character_in_every_encoding(text: str, encoding: str) -> None:
    line = json_line({"text": text}, encoding)
    assert json.loads(line.encode(encoding)) == {"text": text}


@given(st.binary(max_size=20))
def test_an_argument_is_its_bytes_as_utf8(data: bytes) -> None:
    """What is UTF-8 comes out as it was typed, what is not can at least be written anywhere."""
    text = readable(os.fsdecode(data))
    assert text == data.decode("utf-8", "replace")
    assert readable(text) == text
